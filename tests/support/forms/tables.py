"""A form as a table before it becomes a file: rows of cells with spans, placed the way HTML places them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell and how many columns and rows it covers. A line feed in `text` is a line break inside the cell."""

    text: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell at its root position."""

    row: int
    column: int
    cell: FormCell


@dataclass(slots=True)
class FormTable:
    """Rows of a form; every row must fill the table's width together with what hangs into it from above."""

    width: int
    rows: list[list[FormCell]] = field(default_factory=list)

    def add(self, *cells: FormCell | str) -> None:
        """Add a row; a text is a cell of one column and one row."""
        self.rows.append([FormCell(cell) if isinstance(cell, str) else cell for cell in cells])

    def placed(self) -> Iterator[PlacedCell]:
        """Every cell with its root position, row by row.

        Raises:
            ValueError: a row is wider or narrower than the table.
        """
        widths: Counter[int] = Counter()
        for place in placed(self.rows):
            for row in range(place.row, place.row + place.cell.down):
                widths[row] += place.cell.across
            yield place
        for number, cells in enumerate(self.rows):
            if widths[number] != self.width:
                raise ValueError(f"row {number} does not fill {self.width} columns: {[cell.text for cell in cells]}")


def placed(rows: Sequence[Sequence[FormCell]]) -> Iterator[PlacedCell]:
    """The cells of rows at their root positions; what hangs into a row from above is left out of it, as in HTML."""
    covered: set[tuple[int, int]] = set()
    for number, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (number, column) in covered:
                column += 1
            yield PlacedCell(number, column, cell)
            below, beside = range(number, number + cell.down), range(column, column + cell.across)
            covered.update(product(below, beside))
            column += cell.across
