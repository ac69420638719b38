"""What an input is, and what can come of it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.errors import FundPerfError, UnreachableError
from ingest.manifest import Manifest
from ingest.records import DocumentRecord

MAX_BYTES = 16 * 1024 * 1024
"""Size above which an input is quarantined unread, in bytes."""

Extract = Callable[[bytes, str, Manifest | None], DocumentRecord]
"""Bytes, file name and manifest → record."""


@dataclass(frozen=True, slots=True)
class Input:
    """One document file, one file of an archive, or one line of a file of records.

    `name` is relative to the path that was given, with `/` on every system; a file of an archive is called
    `archive.zip/inner/report.docx`. `member` says where it stands in the archive `path` (`archives.Member.positions`),
    `offset` and `byte_count` where a line lies in its file; `byte_count` of a document is its size when it was found,
    None when that is not known. `refusal` is what kept us, while looking, from ever reading it.
    """

    name: str
    path: Path
    kind: Literal["document", "record"] = "document"
    byte_count: int | None = None
    line: int | None = None
    offset: int = 0
    member: tuple[int, ...] = ()
    refusal: FundPerfError | None = None

    @property
    def file_name(self) -> str:
        """The name of the file itself, without folders."""
        return self.name.rpartition("/")[2] if self.member else printable(self.path.name)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An input that gave no record, and why."""

    input_name: str
    file_name: str
    document_sha256: str | None
    code: str
    message_zh: str
    message_en: str

    def message(self, lang: str = "en") -> str:
        """The reason in the user's language (`zh` or `en`)."""
        return self.message_zh if lang == "zh" else self.message_en


Outcome = DocumentRecord | Quarantined


@dataclass(frozen=True, slots=True)
class Recalled:
    """An input that was not read, because it is known which record it gives and that this one is loaded."""

    file_name: str
    document_sha256: str
    record_id: str


def printable(name: Path | str) -> str:
    """A name as text: file names need not be text on every system; what is not is shown as escapes."""
    return str(name).encode("utf-8", "backslashreplace").decode("utf-8")


_REASONS = {
    errno.ENOENT: ("文件已不存在", "the file is no longer there"),
    errno.EACCES: ("没有读取权限", "there is no permission to read it"),
    errno.EPERM: ("没有读取权限", "there is no permission to read it"),
    errno.ELOOP: ("链接形成循环", "the link leads back to itself"),
}


def unreachable(name: str, number: int | None) -> UnreachableError:
    """The error for an input that the system does not let us open, from its errno."""
    reason = os.strerror(number) if number is not None else "?"
    zh, en = _REASONS.get(number or 0, (reason, reason))
    return UnreachableError(
        "unreachable",
        zh=f"{name}：无法打开（{zh}）。请检查文件和权限后重新导入。",
        en=f"{name}: it cannot be opened ({en}). Check the file and its permissions, then load it again.",
    )
