"""Plain text → Document: encoding, word-processor marks, spaces, lines; tab-separated rows become a table."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter

from ingest.errors import DocumentError
from ingest.reading.building import DocumentBuilder, Table, TableCell
from ingest.reading.canonical import CONTROL, canonicalise
from ingest.reading.document import Block, Document
from ingest.reading.encoding import decode
from ingest.reading.failures import empty_document

_LARGEST_SHARE_OF_CONTROL = 0.001
# A spreadsheet saved as text has a tab in nearly every line; a report pasted from Word only in the lines of its form.
_SMALLEST_SHARE_OF_ROWS = 0.8
_FEWEST_ROWS = 3


def decode_text(data: bytes, file_name: str) -> tuple[str, bool]:
    """The text of bytes in any Chinese encoding, and whether some of it was damaged.

    Raises:
        DocumentError: `not_text`.
    """
    decoded = decode(data)
    if decoded is None or len(CONTROL.findall(decoded[0])) > len(decoded[0]) * _LARGEST_SHARE_OF_CONTROL:
        raise DocumentError(
            "not_text",
            zh=f"{file_name}：内容不是文本（UTF-8、GB18030、UTF-16、Big5 均不符）。请重新导出该文件。",
            en=f"{file_name}: the content is not text (not UTF-8, GB18030, UTF-16 or Big5). Export the file again.",
            file_name=file_name,
        )
    return decoded


def read_text(data: bytes, file_name: str) -> Document:
    """Read a plain text file; its lines stay as they are, empty ones too.

    Raises:
        DocumentError: `not_text` or `empty_document`.
    """
    text, damaged = decode_text(data, file_name)
    remarks = ("damaged_characters",) if damaged else ()
    if _is_spreadsheet(text):
        return _read_rows(text, data, file_name, remarks)
    canonical = canonicalise(text)
    if not canonical.strip():
        raise empty_document(file_name)
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        file_name=file_name,
        media_type="text/plain",
        text=canonical,
        blocks=tuple(_paragraphs(canonical)),
        remarks=remarks,
    )


def _is_spreadsheet(text: str) -> bool:
    """Rows of one width; where rows differ, cells have vanished and their columns cannot be told by counting."""
    lines = [line for line in text.splitlines() if line.strip()]
    widths = Counter(line.count("\t") for line in lines if "\t" in line.strip(" \r\n"))
    of_one_width = max(widths.values(), default=0)
    return of_one_width >= _FEWEST_ROWS and of_one_width >= len(lines) * _SMALLEST_SHARE_OF_ROWS


def _read_rows(text: str, data: bytes, file_name: str, remarks: tuple[str, ...]) -> Document:
    builder = DocumentBuilder(data, file_name, "text/tab-separated-values")
    for remark in remarks:
        builder.add_remark(remark)
    table = Table()
    for row, fields in enumerate(csv.reader(text.splitlines(keepends=True), dialect="excel-tab")):
        table.cells.extend(TableCell(row, column, (field,)) for column, field in enumerate(fields))
    builder.add_table(table)
    return builder.build()


def _paragraphs(text: str) -> list[Block]:
    blocks = []
    for match in re.finditer(r"[^\n]+", text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped)
            blocks.append(Block("paragraph", start, start + len(stripped)))
    return blocks
