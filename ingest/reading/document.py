"""What every reader gives: one document as canonical text with blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "table"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A position of a table. A merged position has the text of its root once: elsewhere `root` points to it."""

    row: int
    column: int
    start: int
    end: int
    root: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a table; `start`/`end` are offsets into the document's canonical text."""

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One document in the form that extraction works on, whatever the format was.

    `text` is the canonical text: line ends are `\\n`, invisible and word-processor marks are gone, unusual spaces are
    plain ones. All offsets of a record point into it. `remarks` are codes of what the reader had to
    put up with (`damaged_characters`).
    """

    sha256: str
    file_name: str
    media_type: str
    text: str
    blocks: tuple[Block, ...]
    page_count: int | None = None
    remarks: tuple[str, ...] = ()

    def block_text(self, block: Block) -> str:
        """The characters of one block."""
        return self.text[block.start : block.end]
