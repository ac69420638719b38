"""Which reader reads which bytes. The bytes decide, never the file's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.errors import DocumentError
from ingest.reading.compound import SIGNATURE as COMPOUND
from ingest.reading.compound import CompoundFile
from ingest.reading.doc import STREAM as WORD_STREAM
from ingest.reading.doc import read_doc
from ingest.reading.document import Document
from ingest.reading.docx import read_docx
from ingest.reading.failures import damaged_file, password_protected, unsupported_format
from ingest.reading.html import read_html, read_web_archive
from ingest.reading.images import is_bitmap, read_image
from ingest.reading.ofd import read_ofd
from ingest.reading.packages import part_names
from ingest.reading.page_numbers import without_page_numbers
from ingest.reading.pdf import read_pdf
from ingest.reading.spreadsheets import read_xls, read_xlsx
from ingest.reading.text import read_text
from ingest.zip_files import SIGNATURES as ZIP

Reader = Callable[[bytes, str], Document]

_UNPACK = ("请先解压，再导入其中的文件。", "Unpack it and ingest the files in it.")
_SAVE_AS = ("请另存为 docx、xlsx 或 pdf 后再导入。", "Save it as docx, xlsx or pdf and ingest that.")
# The places where a PDF may begin: some servers and mail programs put bytes before it.
_PDF_HEAD = 1024
_TEXT_HEAD = 4096
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!\[[^>]*>\s*)*"
    r"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|span|style|script|center|font|h[1-6]|[ou]l|section)\b",
    re.IGNORECASE | re.DOTALL,
)
_MHTML = re.compile(r"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. Without a reader it is named and refused; `next_step` says in both languages what to do then."""

    name: str
    reader: Reader | None = None
    next_step: tuple[str, str] = _SAVE_AS


_SIGNATURES: tuple[tuple[tuple[bytes, ...], Format], ...] = (
    ((b"\xff\xd8\xff",), Format("JPEG", read_image)),
    ((b"\x89PNG\r\n\x1a\n",), Format("PNG", read_image)),
    ((b"GIF87a", b"GIF89a"), Format("GIF", read_image)),
    ((b"II*\x00", b"MM\x00*"), Format("TIFF", read_image)),
    ((b"{\\rtf",), Format("RTF")),
    ((b"Rar!\x1a\x07",), Format("RAR", next_step=_UNPACK)),
    ((b"7z\xbc\xaf\x27\x1c",), Format("7-Zip", next_step=_UNPACK)),
    ((b"\x1f\x8b",), Format("gzip", next_step=_UNPACK)),
    ((b"BZh",), Format("bzip2", next_step=_UNPACK)),
    ((b"\xfd7zXZ\x00",), Format("xz", next_step=_UNPACK)),
)
_PLAIN_ZIP = Format("ZIP", next_step=_UNPACK)
# What marks a package, from the most telling part on.
_PACKAGES: tuple[tuple[str, Format], ...] = (
    ("ofd.xml", Format("OFD", read_ofd)),
    ("xl/workbook.xml", Format("Excel", read_xlsx)),
    ("xl/workbook.bin", Format("Excel (xlsb)")),
    ("ppt/presentation.xml", Format("PowerPoint")),
    ("word/document.xml", Format("Word", read_docx)),
    ("content.xml", Format("OpenDocument")),
    ("[content_types].xml", Format("Word", read_docx)),
)
_STREAMS: tuple[tuple[str, Format], ...] = (
    (WORD_STREAM, Format("Word 97", read_doc)),
    ("Workbook", Format("Excel 97", read_xls)),
    ("Book", Format("Excel 95", read_xls)),
    ("PowerPoint Document", Format("PowerPoint 97")),
)
_PDF = Format("PDF", read_pdf)
_BMP = Format("BMP", read_image)
_HTML_PAGE = Format("HTML", read_html)
_WEB_ARCHIVE = Format("MHTML", read_web_archive)
_OFFICE_XML = Format("Office 2003 XML")
_UNKNOWN_OFFICE = Format("Office 97")
_PLAIN_TEXT = Format("plain text", read_text)


def find_format(data: bytes, file_name: str) -> Format:
    """The format that the bytes are in; plain text when nothing else claims them.

    Raises:
        DocumentError: `password_protected` or `damaged_file`, where only the container can still be told.
    """
    for signatures, candidate in _SIGNATURES:
        if data.startswith(signatures):
            return candidate
    if data.startswith(ZIP):
        return _format_of_package(data)
    if data.startswith(COMPOUND):
        return _format_of_compound(data, file_name)
    if b"%PDF-" in data[:_PDF_HEAD]:
        return _PDF
    if is_bitmap(data):
        return _BMP
    return _format_of_text(data)


def read_as(found: Format, data: bytes, file_name: str) -> Document:
    """Read the bytes with the reader of their format.

    Raises:
        DocumentError: `unsupported_format`, there is no reader for it; and whatever the reader raises.
    """
    if found.reader is None:
        zh, en = found.next_step
        raise unsupported_format(file_name, found.name, zh=zh, en=en)
    try:
        return without_page_numbers(found.reader(data, file_name))
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        # Libraries fail in ways of their own on bytes that nobody has seen before; the caller only knows ours.
        raise damaged_file(file_name, found.name) from error


def _format_of_package(data: bytes) -> Format:
    names = part_names(data)
    for part, candidate in _PACKAGES:
        if part in names and (part != "content.xml" or "mimetype" in names):
            return candidate
    if not names:
        # The directory at the end is lost: the names still stand before each part.
        head = data.lower()
        for part, candidate in _PACKAGES:
            if part != "content.xml" and part.encode() in head:
                return candidate
    return _PLAIN_ZIP


def _format_of_compound(data: bytes, file_name: str) -> Format:
    names = CompoundFile(data, file_name).names
    if "EncryptedPackage" in names:
        raise password_protected(file_name, "Office")
    return next((candidate for stream, candidate in _STREAMS if stream in names), _UNKNOWN_OFFICE)


def _format_of_text(data: bytes) -> Format:
    head = _head(data)
    if _MHTML.match(head):
        return _WEB_ARCHIVE
    if head.lstrip().startswith("<?xml") and re.search(r"<\?mso-application|<pkg:package|<w:wordDocument", head):
        return _OFFICE_XML
    return _HTML_PAGE if _HTML.match(head) else _PLAIN_TEXT


def _head(data: bytes) -> str:
    """The beginning as far as markup is concerned, which is written in ASCII in every encoding."""
    head = data[:_TEXT_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:4]:
        head = head.replace(b"\x00", b"").lstrip(b"\xff\xfe")
    return head.decode("latin-1").lstrip("\xef\xbb\xbf")
