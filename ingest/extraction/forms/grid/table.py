"""A true table as forms are read from it: rows of cells, their texts, and the pieces that they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ingest.characters import fold
from ingest.extraction.forms.rows import Piece
from ingest.extraction.source import ReportSource
from ingest.reading.document import Block, Cell

_METHOD = "form_grid"
_CONFIDENCE = 0.99
_FIGURE = re.compile(r"\s*[-+]?\d[\d,]*(?:\.\d+)?\s*(?:万元|亿元|元|万|%|分)?\s*")


class GridTable:
    """A table of a document; `number` counts its tables."""

    def __init__(self, source: ReportSource, block: Block, number: int) -> None:
        self.source = source
        self.lexicon = source.lexicon
        self.block = block
        self._number = number
        self._by_place = block.grid()

    def rows(self) -> Iterator[list[Cell]]:
        """The rows from above, the cells of each from the left; a merged cell stands in its first row only."""
        cells = sorted(self.block.cells, key=lambda cell: (cell.row, cell.column))
        for _, row in groupby(cells, key=lambda cell: cell.row):
            yield list(row)

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that covers a position."""
        return self._by_place.get((row, column))

    def below(self, cell: Cell) -> Cell | None:
        """The cell below the first column of a cell."""
        return self.at(cell.row + cell.row_span, cell.column)

    def spread(self, cells: Sequence[Cell], roles: Mapping[int, str]) -> dict[int, str]:
        """The roles of all columns that headings cover; `roles` has those where a heading begins."""
        return {
            column: roles[cell.column]
            for cell in cells
            if cell.column in roles
            for column in range(cell.column, cell.column + cell.column_span)
        }

    def text(self, cell: Cell | None) -> str:
        """What a cell says; nothing where there is none."""
        return self.source.text[cell.start : cell.end] if cell is not None else ""

    def is_figure(self, cell: Cell) -> bool:
        """Whether a cell holds a number and nothing else."""
        return _FIGURE.fullmatch(fold(self.text(cell))) is not None

    def figure(self, cell: Cell | None) -> Piece | None:
        """The piece of a cell that holds a number and nothing else."""
        return self.piece(cell) if cell is not None and self.is_figure(cell) else None

    def piece(self, cell: Cell, start: int = 0, end: int | None = None) -> Piece:
        """A cell, or a part of its text, as a piece."""
        finish = cell.end if end is None else cell.start + end
        return Piece(cell.start + start, finish, _METHOD, _CONFIDENCE, self._number, cell.row, cell.column)

    def value(self, cell: Cell | None) -> Piece | None:
        """The cell's piece; None for an empty cell and for a sign that means empty."""
        text = self.text(cell)
        if cell is None or not text.strip() or self.lexicon.canonical("empty_value", text) is not None:
            return None
        return self.piece(cell)
