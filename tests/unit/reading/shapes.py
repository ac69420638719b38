"""Documents as short values that a test can write down."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from ingest.reading.document import Block, Cell, Document

Shape = list[str | list[list[str]]]


def shape_of(document: Document) -> Shape:
    """Paragraphs as text, tables as rows of root cells; a merged cell is written `text (rows x columns)`."""
    return [
        text_of(document, block) if block.kind == "paragraph" else rows_of(document, block) for block in document.blocks
    ]


def text_of(document: Document, part: Block | Cell) -> str:
    """The characters of a block or a cell."""
    return document.text[part.start : part.end]


def rows_of(document: Document, block: Block) -> list[list[str]]:
    """The rows of one table."""
    rows: dict[int, list[str]] = {}
    for cell in block.cells:
        text = text_of(document, cell)
        is_merged = (cell.row_span, cell.column_span) != (1, 1)
        rows.setdefault(cell.row, []).append(f"{text} ({cell.row_span}x{cell.column_span})" if is_merged else text)
    return list(rows.values())


def assert_sound(document: Document) -> None:
    """What holds for every document: offsets point to stripped text, and tables are covered without gaps."""
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        end = block.end
        if block.kind == "paragraph":
            text = text_of(document, block)
            assert text == text.strip() != ""
            assert "\n" not in text
            continue
        covered: dict[tuple[int, int], int] = {}
        for index, cell in enumerate(block.cells):
            assert block.start <= cell.start <= cell.end <= block.end
            assert text_of(document, cell).strip() == text_of(document, cell)
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    assert (row, column) not in covered
                    covered[row, column] = index
        height = max(row for row, _ in covered) + 1
        width = max(column for _, column in covered) + 1
        assert len(covered) == height * width
        assert block.grid().keys() == covered.keys()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP package of parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (OLE2) with these streams, each padded beyond the size of small ones."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    directory = -(-(len(streams) + 1) * 128 // sector)
    fat, bodies, entries = [0xFFFFFFFD], b"", b""

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        fields = struct.pack("<HBBIII16sIQQIQ", len(raw), kind, 1, free, free, free, b"", 0, 0, 0, start, size)
        return raw.ljust(64, b"\0") + fields

    fat += [*range(2, directory + 1), end]
    entries += entry("Root Entry", 5, end, 0)
    for name, body in streams.items():
        padded = body.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % sector)
        start, count = len(fat), len(padded) // sector
        fat += [*range(start + 1, start + count), end]
        entries += entry(name, 2, start, len(padded))
        bodies += padded
    assert len(fat) <= sector // 4
    table = struct.pack(f"<{sector // 4}I", *fat, *[free] * (sector // 4 - len(fat)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, end, 0, end, 0, 0)
    header = header.ljust(76, b"\0") + b"\xff" * (109 * 4 - 4)
    return header.ljust(sector, b"\xff") + table + entries.ljust(directory * sector, b"\0") + bodies
