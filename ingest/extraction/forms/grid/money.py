"""The money block of a form: sums below their stage and beside their source, or beside labels of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, zip_longest

from ingest.extraction.forms import labels
from ingest.extraction.forms.grid.table import GridTable
from ingest.extraction.forms.rows import FundingRow, Piece
from ingest.reading.document import Cell
from ingest.records import Source, Stage


class MoneyReader:
    """Collects the money rows of one form; each `read_…` takes a row and says whether it was one of its kind."""

    def __init__(self, table: GridTable) -> None:
        self._table = table
        self._columns: dict[int, str] = {}
        self._stages_of_pairs: dict[int, Stage] = {}
        self._execution_points: Piece | None = None
        self._unit: str | None = None
        self.rows: list[FundingRow] = []

    @property
    def has_heading(self) -> bool:
        """Whether a heading with stages has been read."""
        return bool(self._columns)

    # ---- headings

    def read_heading(self, cells: Sequence[Cell], roles: Mapping[int, str]) -> bool:
        """Take a row of headings with the roles of its columns; False for labels that stand beside their sums."""
        if not _heads_columns(cells, roles):
            return False
        self._columns = self._table.spread(cells, roles)
        self._stages_of_pairs = {}
        for cell in cells:
            points = labels.points_in_heading(self._table.text(cell))
            # `得分(20分*执行率)` or `预算执行情况（20分）`.
            if points is not None and roles.get(cell.column) in ("score", "rate", None):
                self._execution_points = self._table.piece(cell, *points)
        return True

    def note_unit(self, cells: Sequence[Cell]) -> None:
        """Take the unit of money from a heading (项目资金（万元）) or from cells of its own (金额单位 | 元)."""
        if self._unit is None:
            self._unit = labels.declared_unit("|".join(self._table.text(cell) for cell in cells))

    def unit(self) -> str | None:
        """The unit that the form, or the lines between the table before and this one, declare."""
        return self._unit or self._unit_above()

    def _unit_above(self) -> str | None:
        source, begin = self._table.source, self._table.block.start
        floor = max((table.end for table in source.tables if table.end <= begin), default=0)
        for line in reversed(source.paragraphs):
            if line.end <= begin and line.start >= floor:
                unit = labels.declared_unit(source.text[line.start : line.end])
                if unit is not None:
                    return unit
        return None

    # ---- rows

    def read_row(self, cells: Sequence[Cell]) -> bool:
        """Sums below the heading, beside the label of their source."""
        sources = ((cell, self._source(cell)) for cell in cells)
        label, source = next((entry for entry in sources if entry[1] is not None), (None, None))
        if label is None or source is None:
            return False
        amounts: dict[Stage, Piece] = {}
        points: dict[str, Piece] = {}
        for cell in cells:
            role = self._columns.get(cell.column) if cell is not label else None
            value = self._table.value(cell)
            if role is None or value is None:
                continue
            if role == "amount":
                amounts["planned"] = value
            elif labels.is_stage(role):
                amounts[role] = value
            else:
                points.setdefault(role, value)
        if source != "total" or any(row.source == "total" for row in self.rows):
            points = {}
        weight = points.get("weight") or (self._execution_points if "score" in points else None)
        self.rows.append(FundingRow(source, amounts, points.get("rate"), weight, points.get("score")))
        return True

    def read_planned(self, cells: Sequence[Cell]) -> bool:
        """A target declaration's sums stand beside their row's label, without a stage: 年度资金总额 | 76.50."""
        if self._columns or len(cells) < 2:
            return False
        source, figure = self._source(cells[-2]), self._table.figure(cells[-1])
        if source is None or figure is None:
            return False
        self.rows.append(FundingRow(source, {"planned": figure}))
        return True

    def read_pairs(self, cells: Sequence[Cell]) -> bool:
        """Label and sum side by side: `计划安排资金 | 48 | 实际到位资金 | 48`, below it `省财政 | | 省财政 | 48`."""
        stages: dict[int, Stage] = {}
        sums: dict[tuple[Source, Stage], Piece] = {}
        rate: Piece | None = None
        is_source_row = False
        for cell, following in zip_longest(cells, cells[1:]):
            role = labels.column_role(self._table.text(cell), self._table.lexicon)
            figure = (
                self._table.piece(following) if following is not None and self._table.is_figure(following) else None
            )
            if labels.is_stage(role):
                stages[cell.column] = role
                if figure is not None:
                    sums["total", role] = figure
            elif role == "rate" and figure is not None:
                rate = figure
            elif cell.column in self._stages_of_pairs and (source := self._source(cell)) is not None:
                is_source_row = True
                if figure is not None:
                    sums[source, self._stages_of_pairs[cell.column]] = figure
        if is_source_row:
            self.add_sums(sums)
            return True
        if sums:
            self._stages_of_pairs |= stages
            self.add_sums(sums, rate)
        return bool(sums)

    def add_sums(self, sums: Mapping[tuple[Source, Stage], Piece], rate: Piece | None = None) -> None:
        """Add sums one by one to the rows of their sources; a new row has the rate."""
        for (source, stage), piece in sums.items():
            known = next((row for row in self.rows if row.source == source), None)
            if known is None:
                self.rows.append(FundingRow(source, {stage: piece}, rate))
            else:
                known.amounts[stage] = piece

    def _source(self, cell: Cell) -> Source | None:
        has_total = any(row.source == "total" for row in self.rows)
        read = labels.part_source if has_total else labels.row_source
        return read(self._table.text(cell), self._table.lexicon)


def _heads_columns(cells: Sequence[Cell], roles: Mapping[int, str]) -> bool:
    """Headings side by side; a stage with a gap behind it is the label of a pair (计划安排资金 | 48)."""
    money = [cell for cell in cells if roles.get(cell.column) in labels.MONEY_COLUMNS]
    if sum(roles[cell.column] not in ("weight", "score") for cell in money) == 1:
        return "amount" in roles.values()
    return all(left.column + left.column_span == right.column for left, right in pairwise(money))
