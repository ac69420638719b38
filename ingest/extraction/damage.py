"""Warnings on files that did not arrive whole: lost characters, and a text that stops in the middle."""

from __future__ import annotations

import re

from ingest.extraction.parts.finding import ReportPart
from ingest.extraction.source import ReportSource
from ingest.records import ReportWarning

_SHORTEST_PROSE = 16
_SHOWN = 12
_INSIDE_PROSE = re.compile("[，,、。；;]")
_CLOSING = re.compile(r"[。.！!？?；;：:…）)》”\"」』]$")


def warn_of_damage(part: ReportPart) -> list[ReportWarning]:
    """A character that the reader could not restore, in the prose of the report if there is one."""
    if "damaged_characters" not in part.whole.remarks:
        return []
    start = next((place for text in (part.prose.text, part.whole.text) if (place := text.find("\ufffd")) >= 0), 0)
    return [
        ReportWarning(
            code="damaged_characters",
            message="文中有无法还原的字符，文件可能被截断或损坏",
            evidence=part.whole.place(start, start + 1, "reading", 1.0),
        )
    ]


def warn_of_sudden_end(source: ReportSource) -> list[ReportWarning]:
    """The last line is prose and stops without a full stop: the file was probably cut."""
    last = source.outline.passages[-1] if source.outline.passages else None
    text = last.text.rstrip() if last else ""
    if last is None or len(text) < _SHORTEST_PROSE or not _INSIDE_PROSE.search(text) or _CLOSING.search(text):
        return []
    return [
        ReportWarning(
            code="text_ends_in_the_middle",
            message=f"全文在「{text[-_SHOWN:]}」处中断，文件可能不完整",
            evidence=source.place(last.start + len(text) - _SHOWN, last.start + len(text), "reading", 0.7),
        )
    ]
