"""One input → its outcome."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

from ingest.archives import ArchiveReader
from ingest.defects import defects_named
from ingest.errors import FundPerfError, UnreachableError
from ingest.inputs.model import MAX_BYTES, Extract, Input, Outcome, Quarantined, printable, unreachable
from ingest.manifest import Manifest, ManifestReader
from ingest.record_files import not_one_a_line, read_line, too_large
from ingest.records import DocumentRecord


class InputReader:
    """Reads one input after the other; manifests and archives that several of them share are opened once."""

    def __init__(self, *, extract: Extract | None = None, max_bytes: int = MAX_BYTES) -> None:
        """Prepare to read.

        Args:
            extract: how bytes become a record; the project's own reading and extraction when not given.
            max_bytes: larger inputs are quarantined unread.
        """
        self._extract = extract or read_and_extract
        self._max_bytes = max_bytes
        self._manifests = ManifestReader()
        self._archives = ArchiveReader()

    def read(self, entry: Input) -> Outcome:
        """Read one input. Whatever is in it, this never raises, except when the memory does not suffice.

        Raises:
            MemoryError: what to do about it is the business of the process.
        """
        sha256: str | None = None
        try:
            with defects_named(entry.name, but=(OSError, MemoryError)):
                if entry.refusal is not None:
                    raise entry.refusal
                if entry.kind == "record":
                    return self._read_record(entry)
                data = self._read_bytes(entry)
                sha256 = hashlib.sha256(data).hexdigest()
                return self._extract(data, entry.file_name, self._manifests.find(entry.path))
        except FundPerfError as error:
            return quarantine(entry, error, sha256)
        except OSError as error:
            return quarantine(entry, unreachable(entry.name, error.errno), sha256)

    def digest(self, entry: Input) -> str | None:
        """The SHA-256 of a document that cannot be asked for it any more; None where there is none."""
        if entry.kind == "record" or entry.refusal is not None:
            return None
        try:
            return hashlib.sha256(self._read_bytes(entry)).hexdigest()
        except (FundPerfError, OSError):
            return None

    def _read_record(self, entry: Input) -> DocumentRecord:
        if entry.line is None:
            raise not_one_a_line(entry.name)
        return read_line(
            entry.path, entry.name, offset=entry.offset, byte_count=entry.byte_count or 0, max_bytes=self._max_bytes
        )

    def _read_bytes(self, entry: Input) -> bytes:
        # Opening a pipe or a device could wait for ever.
        if not stat.S_ISREG(entry.path.stat().st_mode):
            raise UnreachableError(
                "not_a_file",
                zh=f"{entry.name}：不是普通文件。请从导入目录中移走。",
                en=f"{entry.name}: this is not a regular file. Take it out of the folder.",
            )
        if entry.member:
            return self._archives.read(entry.path, entry.member, entry.name, self._max_bytes)
        with entry.path.open("rb") as handle:
            size = os.fstat(handle.fileno()).st_size
            data = b"" if size > self._max_bytes else handle.read(self._max_bytes + 1)
        if max(size, len(data)) > self._max_bytes:
            raise too_large(entry.name, max(size, len(data)), self._max_bytes)
        return data


def read_and_extract(
    data: bytes, file_name: str, manifest: Manifest | None, lexicon: Path | None = None
) -> DocumentRecord:
    """The project's own reading and extraction.

    Args:
        data: the bytes of a document.
        file_name: the name that messages use.
        manifest: what somebody states about the document.
        lexicon: a folder with a user's own lines of the lexicon.

    Raises:
        FundPerfError: the document cannot be read, or is no self-evaluation.
    """
    from ingest.extraction import extract_document
    from ingest.lexicon import load_lexicon
    from ingest.reading import read_document

    return extract_document(read_document(data, file_name), manifest, load_lexicon(lexicon))


def quarantine(entry: Input, error: FundPerfError, sha256: str | None = None) -> Quarantined:
    """The outcome of an input that cannot be used.

    Args:
        entry: the input.
        error: why; its facts `file_name` and `sha256` stand in for what is not known otherwise.
        sha256: of the document's bytes.
    """
    file_name, stated_sha256 = error.facts.get("file_name"), error.facts.get("sha256")
    if sha256 is None and isinstance(stated_sha256, str) and re.fullmatch(r"[0-9a-f]{64}", stated_sha256):
        sha256 = stated_sha256
    return Quarantined(
        input_name=entry.name,
        file_name=printable(file_name) if isinstance(file_name, str) else entry.file_name,
        document_sha256=sha256,
        code=error.code,
        message_zh=_naming(entry, error.zh, "："),
        message_en=_naming(entry, error.en, ": "),
    )


def _naming(entry: Input, message: str, colon: str) -> str:
    """The message with the whole name of the input.

    Readers know the file's name only; what concerns a manifest names that, and not yet the document.
    """
    text = printable(message)
    if entry.name in text:
        return text
    if text.startswith(entry.file_name):
        return entry.name + text.removeprefix(entry.file_name)
    return f"{entry.name}{colon}{text}"
