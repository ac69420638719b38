"""What lies in people's folders without being a document: files of systems and programs, and half a download."""

from __future__ import annotations

import re

_SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "__macosx"})
_SHORTCUTS = (".lnk", ".url", ".webloc")
# ~$x.docx marks a document that is open, .~lock.x# does so in another program; ~WRL0001.tmp is what editing leaves.
_LEFT_BY_PROGRAMS = re.compile(r"~\$.*|\.~lock\..*#|~.*\.tmp", re.IGNORECASE | re.DOTALL)
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp")


def is_litter(name: str) -> bool:
    """Whether a file or folder of this name holds nothing of its own, so that leaving it aside loses nothing."""
    folded = name.casefold()
    return folded in _SYSTEM_FILES or folded.endswith(_SHORTCUTS) or _LEFT_BY_PROGRAMS.fullmatch(name) is not None


def is_hidden(name: str) -> bool:
    """Whether the system hides a file or folder of this name from people."""
    return name.startswith(".")


def is_unfinished_download(name: str) -> bool:
    """Whether a browser gives such a name to a file that it has not received completely."""
    return name.casefold().endswith(_UNFINISHED)
