"""A table that page breaks have cut, put together again while the pages are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ingest.reading.building import Table, TableCell
from ingest.reading.grids import bounds_of, nearest
from ingest.reading.layout import RuledTable, join_lines

_SAME_BOUND = 4.0
_SAME_EDGE = 8.0
_HEADER_ROWS = 3


class OpenTable:
    """A table that may go on on the next page. Each page is added in time proportional to its own cells."""

    def __init__(self, table: RuledTable, page: int) -> None:
        self.page = page
        self._xs = table.xs
        self._cells = list(table.cells)
        self._head = _row_texts(cell for cell in table.cells if cell.row < _HEADER_ROWS)
        self._height = _height(self._cells)
        self._last_page = page
        self._ending = [cell for cell in self._cells if cell.row + cell.row_span == self._height]

    def table(self) -> Table:
        """The whole table."""
        return Table(self._cells)

    def takes(self, below: RuledTable, page: int) -> bool:
        """Whether a table at the top of `page` is the rest of this one, and not the next form of the same kind."""
        has_same_edges = abs(self._xs[0] - below.xs[0]) <= _SAME_EDGE and abs(self._xs[-1] - below.xs[-1]) <= _SAME_EDGE
        return page > self._last_page and has_same_edges and not self._begins_anew(below)

    def add(self, below: RuledTable, page: int) -> None:
        """Add the rest; a header that is printed again is left out."""
        xs = bounds_of([*self._xs, *below.xs], _SAME_BOUND)
        if len(xs) != len(self._xs):
            self._cells = _on_bounds(self._cells, self._xs, xs)
            self._ending = [cell for cell in self._cells if cell.row + cell.row_span == self._height]
        self._xs = xs
        lower = self._without_header(_on_bounds(below.cells, below.xs, xs))
        mended = self._mend([replace(cell, row=cell.row + self._height) for cell in lower])
        self._cells.extend(mended)
        self._height = max(self._height, _height(mended), _height(self._ending))
        self._ending = [cell for cell in (*self._ending, *mended) if cell.row + cell.row_span == self._height]
        self._last_page = page

    def _begins_anew(self, below: RuledTable) -> bool:
        """The labels of the first rows again, with other values beside them."""
        again = _row_texts(cell for cell in below.cells if cell.row < _HEADER_ROWS)
        return any(
            first[0] and first[0] == other[0] and len(first) == len(other) and first != other
            for row, other in again.items()
            if (first := self._head.get(row))
        )

    def _without_header(self, lower: list[TableCell]) -> list[TableCell]:
        again = _row_texts(cell for cell in lower if cell.row < _HEADER_ROWS)
        repeated = 0
        while any(again.get(repeated, ())) and again[repeated] == self._head.get(repeated):
            repeated += 1
        return [replace(cell, row=cell.row - repeated) for cell in lower if cell.row >= repeated]

    def _mend(self, lower: list[TableCell]) -> list[TableCell]:
        """Put cells together that the page break has cut: an empty one below a merged one continues it."""
        ending = {(cell.column, cell.column_span): cell for cell in self._ending}
        is_cut_row = _is_cut_row(ending, [cell for cell in lower if cell.row == self._height])
        mended: list[TableCell] = []
        for cell in lower:
            above = ending.get((cell.column, cell.column_span)) if cell.row == self._height else None
            is_merged = above is not None and (above.row_span > 1 or cell.row_span > 1)
            if above is not None and is_cut_row:
                above.content = [join_lines(_text(above), _text(cell))]
            elif above is not None and is_merged and not (cell.content and above.content):
                above.content = above.content or cell.content
                above.row_span += cell.row_span
            else:
                mended.append(cell)
        return [replace(cell, row=cell.row - 1) for cell in mended] if is_cut_row else mended


def _is_cut_row(ending: dict[tuple[int, int], TableCell], beginning: list[TableCell]) -> bool:
    """Whether the first row of a page is the rest of the last row before it: its label is empty, prose goes on."""
    if not beginning or any(cell.row_span > 1 for cell in beginning):
        return False
    above = [ending.get((cell.column, cell.column_span)) for cell in beginning]
    if any(cell is None or cell.row_span > 1 for cell in above) or beginning[0].content:
        return False
    goes_on = [(cell, upper) for cell, upper in zip(beginning, above, strict=True) if cell.content]
    has_label = above[0] is not None and bool(above[0].content)
    return has_label and bool(goes_on) and all(upper is not None and upper.content for _, upper in goes_on)


def _on_bounds(cells: list[TableCell], old: list[float], new: list[float]) -> list[TableCell]:
    """The cells with their columns counted on other bounds."""
    places = [nearest(at, new) for at in old]
    return [
        replace(
            cell,
            column=places[cell.column],
            column_span=max(1, places[cell.column + cell.column_span] - places[cell.column]),
        )
        for cell in cells
    ]


def _row_texts(cells: Iterable[TableCell]) -> dict[int, list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(_text(cell))
    return rows


def _text(cell: TableCell) -> str:
    return "".join(map(str, cell.content))


def _height(cells: list[TableCell]) -> int:
    return max((cell.row + cell.row_span for cell in cells), default=0)
