"""The indicator rows of a form below their headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.extraction.forms import labels
from ingest.extraction.forms.grid.money import MoneyReader
from ingest.extraction.forms.grid.table import GridTable
from ingest.extraction.forms.nested_sums import sums_in_cell
from ingest.extraction.forms.rows import IndicatorRow, Piece, with_execution
from ingest.reading.document import Cell

_VALUES = ("nature", "target", "adjusted_target", "measure", "actual", "weight", "score", "deviation_reason")


class IndicatorReader:
    """Collects the indicators of one form; the money that stands among them goes to `money`."""

    def __init__(self, table: GridTable, money: MoneyReader) -> None:
        self._table = table
        self._money = money
        self._level1: str | None = None
        self._level2: str | None = None
        self.columns: dict[int, str] = {}
        self.rows: list[IndicatorRow] = []

    def read_heading(self, cells: Sequence[Cell], roles: Mapping[int, str], *, is_lower: bool) -> bool:
        """Take a row of headings with the roles of its columns; False while the lower row of the heading is missing.

        年度指标值 above 指标性质, 指标值, 度量单位: the lower row refines the upper one.
        """
        # What a checklist records is what was reached.
        named = {column: "actual" if role == "record" else role for column, role in roles.items()}
        fresh = self._table.spread(cells, named)
        self.columns = self.columns | fresh if is_lower else fresh
        self._level1 = self._level2 = None
        heights = {cell.row_span for cell in cells}
        below = [self._table.below(cell) for cell in cells if cell.row_span == 1]
        below_roles = {labels.column_role(self._table.text(cell), self._table.lexicon) for cell in below if cell}
        has_lower = bool(below_roles) and None not in below_roles
        return not (has_lower and (len(heights) > 1 or len(below_roles) > 1))

    def read_row(self, row: Sequence[Cell]) -> bool:
        """Take a row; False for a heading or a text over the whole width."""
        at: dict[str, Cell] = {}
        for column, role in sorted(self.columns.items()):
            cell = self._table.at(row[0].row, column)
            if cell is not None:
                at.setdefault(role, cell)
        name = at.get("name") or at.get("level2")
        if name is not None and all(at[role] is name for role in _VALUES if role in at):
            return False
        self._take_levels(at)
        if name is None or not self._table.text(name).strip():
            return True
        values = {
            role: value
            for role in _VALUES
            if at.get(role) is not name and (value := self._table.value(at.get(role))) is not None
        }
        if self._names_execution(at):
            self._money.rows = with_execution(
                self._money.rows, values.get("actual"), values.get("weight"), values.get("score")
            )
        elif not self._read_nested_sums(at.get("actual")):
            self.rows.append(self._indicator(name, values))
        return True

    def _indicator(self, name: Cell, values: Mapping[str, Piece]) -> IndicatorRow:
        # 调整指标值 is the goal in force where it is filled.
        goal = "adjusted_target" if "adjusted_target" in values else "target"
        return IndicatorRow(
            self._table.piece(name, labels.without_item_mark(self._table.text(name))),
            self._level1,
            self._level2,
            tuple(values[role] for role in ("nature", goal, "measure") if role in values),
            values.get("actual"),
            values.get("weight"),
            values.get("score"),
            values.get("deviation_reason"),
        )

    def _take_levels(self, at: Mapping[str, Cell]) -> None:
        """Levels go on downward; a new level 1 leaves the old level 2 behind."""
        first, second = self._table.text(at.get("level1")).strip(), self._table.text(at.get("level2")).strip()
        if first and labels.level_text(first) != self._level1:
            self._level1, self._level2 = labels.level_text(first), None
        if second and at.get("level2") is not at.get("level1"):
            self._level2 = labels.level_text(second)

    def _names_execution(self, at: Mapping[str, Cell]) -> bool:
        return any(
            role in at and labels.is_execution(self._table.text(at[role]), self._table.lexicon)
            for role in ("name", "level2", "level1")
        )

    def _read_nested_sums(self, cell: Cell | None) -> bool:
        """A checklist records the money among its indicators, the sums of all sources in one cell."""
        if cell is None:
            return False
        sums = sums_in_cell(self._table.text(cell), self._table.lexicon)
        self._money.add_sums({key: self._table.piece(cell, *span) for key, span in sums.items()})
        return bool(sums)
