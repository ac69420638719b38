"""Which reader reads which bytes. The bytes decide, never the file's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest.reading.document import Document
from ingest.reading.text import read_text

Reader = Callable[[bytes, str], Document]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format that announces itself by its first bytes. Without a reader it is named and refused."""

    name: str
    signatures: tuple[bytes, ...]
    reader: Reader | None = None


FORMATS: tuple[Format, ...] = (
    Format("JPEG image", (b"\xff\xd8\xff",)),
    Format("PNG image", (b"\x89PNG\r\n\x1a\n",)),
    Format("GIF image", (b"GIF87a", b"GIF89a")),
    Format("TIFF image", (b"II*\x00", b"MM\x00*")),
    Format("BMP image", (b"BM\x00", b"BM6", b"BM8")),
    Format("PDF", (b"%PDF-",)),
    Format("ZIP package (docx, xlsx, ofd, zip)", (b"PK\x03\x04", b"PK\x05\x06")),
    Format("Office 97 file (doc, xls, wps)", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    Format("RTF", (b"{\\rtf",)),
    Format("RAR archive", (b"Rar!\x1a\x07",)),
    Format("7-Zip archive", (b"7z\xbc\xaf\x27\x1c",)),
    Format("gzip archive", (b"\x1f\x8b",)),
)
PLAIN_TEXT = Format("plain text", (), read_text)


def find_format(data: bytes) -> Format:
    """The format that the first bytes name; plain text when none does."""
    for candidate in FORMATS:
        if data.startswith(candidate.signatures):
            return candidate
    return PLAIN_TEXT
