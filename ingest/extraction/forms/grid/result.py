"""The sum of points and the grade of a form."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.extraction.forms import labels
from ingest.extraction.forms.grid.table import GridTable
from ingest.extraction.forms.rows import Piece
from ingest.extraction.grade_scales import grade_scale_at
from ingest.reading.document import Cell


class ResultReader:
    """Collects total and grade; `read` takes the rows in order."""

    def __init__(self, table: GridTable) -> None:
        self._table = table
        self.total: Piece | None = None
        self.grade: Piece | None = None

    def read(self, cells: list[Cell], columns: Mapping[int, str], *, is_below_indicators: bool) -> bool:
        """Take a row with 总分 or 自评等级 in it; False for any other row, and where the number stands elsewhere.

        `columns` are those of the indicators: 总分 | 100 | 96 stands below their points and scores.
        """
        table = self._table
        for place, cell in enumerate(cells):
            following = cells[place + 1 :]
            if labels.is_grade(table.text(cell), table.lexicon) and following:
                self.grade = self._grade(following)
                return True
            if labels.is_total(table.text(cell), table.lexicon):
                numbers = [other for other in following if table.is_figure(other)]
                self._take_total(numbers or self._figure_below(cell), columns)
                for other in following:
                    if table.lexicon.canonical("grade", table.text(other)) is not None:
                        self.grade = table.piece(other)
                return is_below_indicators or bool(numbers)
        return False

    def _grade(self, cells: list[Cell]) -> Piece | None:
        """The first cell, or what is ticked of the scale that it, or all of them together, hold."""
        table = self._table
        first = cells[0]
        scale = grade_scale_at(table.source.text, first.start, cells[-1].end, table.lexicon)
        if scale is None:
            return table.value(first)
        if scale.ticked is None:
            return None
        start, end = scale.ticked
        cell = next(cell for cell in cells if cell.start <= start < cell.end)
        return table.piece(cell, start - cell.start, end - cell.start)

    def _figure_below(self, label: Cell) -> list[Cell]:
        """A total that stands below its label, not beside it."""
        below = self._table.below(label)
        return [below] if below is not None and self._table.is_figure(below) else []

    def _take_total(self, numbers: list[Cell], columns: Mapping[int, str]) -> None:
        by_role = {columns.get(cell.column): cell for cell in numbers}
        if "score" in by_role:
            self.total = self._table.piece(by_role["score"])
        elif len(numbers) == 2 or (len(numbers) == 1 and "weight" not in by_role):
            self.total = self._table.piece(numbers[-1])
