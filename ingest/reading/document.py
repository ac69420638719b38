"""What every reader gives: one document as canonical text with blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "table"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table at its root position, with how many rows and columns it covers.

    `start`/`end` are offsets of its text, without space around it, into the document's canonical text; an empty cell
    has `start == end`.
    """

    row: int
    column: int
    start: int
    end: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a table; `start`/`end` are offsets into the document's canonical text.

    A table's `cells` are its root cells, row by row. In the canonical text the cells of a row are separated by a tab
    and every row ends with a line feed; a merged cell's text stands once, at its root, and its own line breaks stay
    line feeds. Every position is covered by exactly one cell. `page` is counted from 1 and is where the block begins.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    cells: tuple[Cell, ...] = ()

    def grid(self) -> dict[tuple[int, int], Cell]:
        """Every position of the table and the cell that covers it."""
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }


@dataclass(frozen=True, slots=True)
class Document:
    """One document in the form that extraction works on, whatever the format was.

    `text` is the canonical text: line ends are `\\n`, invisible and word-processor marks are gone, unusual spaces are
    plain ones. All offsets of a record point into it. `remarks` are codes of what the reader had to
    put up with (`damaged_characters`, `ocr`, `layout_lost`, `pages_without_text`). `doubtful` are the spans of the text
    that a reader of pictures could hardly make out.
    """

    sha256: str
    file_name: str
    media_type: str
    text: str
    blocks: tuple[Block, ...]
    page_count: int | None = None
    remarks: tuple[str, ...] = ()
    doubtful: tuple[tuple[int, int], ...] = ()
