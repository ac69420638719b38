"""Forms in true tables: a value's heading is the cell above it or left of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from ingest.characters import fold
from ingest.extraction.forms import labels
from ingest.extraction.forms.nested_sums import sums_in_cell
from ingest.extraction.forms.rows import Form, FundingRow, IndicatorRow, Piece, Unread
from ingest.extraction.source import ReportSource
from ingest.reading.document import Block, Cell
from ingest.records import Source, Stage

_METHOD = "form_grid"
_CONFIDENCE = 0.99
_INDICATOR_COLUMNS = frozenset({"level1", "level2", "name", "target", "actual", "record", "weight", "score", "nature"})
_MONEY_COLUMNS = frozenset({*labels.STAGES, "surplus", "amount", "rate", "weight", "score"})
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?\s*(?:万元|亿元|元|万|%|分)?")
_UNIT_OF_MONEY = re.compile(
    r"(?:[（(]|单位\s*[:：]?|金额\s*[:：]?)\s*(?:单位\s*[:：]\s*)?(?P<unit>亿元|万元|千元|元)\s*(?:[)）]|$|\s)"
)
_UNIT_ABOVE = re.compile(r"单位\s*[:：]\s*(?:人民币)?\s*(?P<unit>亿元|万元|千元|元)")
_INLINE = re.compile(r"^\s*(?P<label>[^:：\n]{2,16})[:：]\s*(?P<value>\S[^\n]*?)\s*$")
_YEAR_ALONE = re.compile(r"[（(]?\s*(?P<year>(?:19|20)\d{2})\s*年\s*度?\s*[)）]?")
_YEAR_OF_PERIOD = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=\s*[年./-])")
_FORM_MARKS = 2


def find_grid_forms(source: ReportSource) -> list[Form]:
    """All forms in the document's tables, in the order of the text. Tables that are no form give none."""
    forms: list[Form] = []
    for number, block in enumerate(source.tables):
        for reader in _forms_of(source, block, number):
            form = reader.form()
            # A form's second table (the indicators below a page of prose) goes on with the first.
            if forms and not form.identity and not form.funding and form.indicators and not forms[-1].indicators:
                forms[-1] = _joined(forms[-1], form)
            else:
                forms.append(form)
    return forms


def _joined(first: Form, second: Form) -> Form:
    return Form(
        first.start,
        second.end,
        first.identity,
        first.money_unit,
        first.money_unit_place,
        first.funding,
        second.indicators,
        second.total_score or first.total_score,
        second.grade or first.grade,
        (*first.texts, *second.texts),
        second.has_actual_column,
        (*first.unread, *second.unread),
    )


def _forms_of(source: ReportSource, block: Block, number: int) -> Iterator[_FormReader]:
    """Read a table row by row; a second 项目名称 begins another form."""
    table = _Table(source, block, number)
    reader = _FormReader(table)
    for row in table.rows():
        if reader.is_complete and table.names_project(row):
            if reader.is_form:
                yield reader
            reader = _FormReader(table)
        reader.read(row)
    if reader.is_form:
        yield reader


@dataclass(slots=True)
class _Table:
    source: ReportSource
    block: Block
    number: int
    by_place: dict[tuple[int, int], Cell] = field(init=False)

    def __post_init__(self) -> None:
        self.by_place = self.block.grid()

    def rows(self) -> Iterator[list[Cell]]:
        by_row: dict[int, list[Cell]] = {}
        for cell in self.block.cells:
            by_row.setdefault(cell.row, []).append(cell)
        for row in sorted(by_row):
            yield sorted(by_row[row], key=lambda cell: cell.column)

    def text(self, cell: Cell | None) -> str:
        return self.source.text[cell.start : cell.end] if cell is not None else ""

    def piece(self, cell: Cell, start: int | None = None, end: int | None = None) -> Piece:
        return Piece(
            cell.start if start is None else start,
            cell.end if end is None else end,
            _METHOD,
            _CONFIDENCE,
            self.number,
            cell.row,
            cell.column,
        )

    def unit_above(self) -> tuple[str, Piece] | None:
        """The unit of money in the lines between the table before and this one: `金额单位：万元`."""
        floor = max((table.end for table in self.source.tables if table.end <= self.block.start), default=0)
        for line in reversed(self.source.paragraphs):
            if line.end <= self.block.start and line.start >= floor:
                match = _UNIT_ABOVE.search(fold(self.source.text[line.start : line.end]))
                if match:
                    start = line.start + match.start("unit")
                    return match["unit"], Piece(start, start + len(match["unit"]), _METHOD, _CONFIDENCE)
        return None

    def value(self, cell: Cell | None) -> Piece | None:
        """The cell's piece; None for an empty cell and for a sign that means empty."""
        text = self.text(cell)
        if cell is None or not text.strip():
            return None
        return None if self.source.lexicon.canonical("empty_value", text) else self.piece(cell)

    def names_project(self, row: list[Cell]) -> bool:
        lexicon = self.source.lexicon
        return any(labels.field_of(self.text(cell), lexicon) == "project_name" for cell in row) or any(
            (inline := _INLINE.match(self.text(cell))) is not None
            and labels.field_of(inline["label"], lexicon) == "project_name"
            for cell in row
        )


@dataclass(slots=True)
class _FormReader:
    """Collects one form; `read` takes the rows in order."""

    table: _Table
    start: int | None = None
    end: int = 0
    identity: dict[str, Piece] = field(default_factory=dict)
    unit: tuple[str, Piece] | None = None
    money: dict[int, str] = field(default_factory=dict)
    money_pairs: dict[int, Stage] = field(default_factory=dict)
    execution_points: Piece | None = None
    columns: dict[int, str] = field(default_factory=dict)
    text_columns: dict[int, str] = field(default_factory=dict)
    funding: list[FundingRow] = field(default_factory=list)
    indicators: list[IndicatorRow] = field(default_factory=list)
    total: Piece | None = None
    grade: Piece | None = None
    texts: list[tuple[str, Piece]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    level1: str | None = None
    level2: str | None = None
    mode: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether the form has what a second 项目名称 would begin anew."""
        return "project_name" in self.identity and bool(self.funding or self.indicators)

    @property
    def is_form(self) -> bool:
        """Money or indicators below known headings, or at least the headings of both."""
        marks = sum((bool(self.funding), bool(self.columns), bool(self.money), bool(self.identity), bool(self.texts)))
        return bool(self.funding or self.indicators) or marks >= _FORM_MARKS

    def form(self) -> Form:
        unit, unit_place = self.unit or self.table.unit_above() or (None, None)
        return Form(
            self.start or 0,
            self.end,
            self.identity,
            unit,
            unit_place,
            tuple(self.funding),
            tuple(self.indicators),
            self.total,
            self.grade,
            tuple(self.texts),
            not self.columns or bool({"actual", "record"} & set(self.columns.values())),
            tuple(self.unread),
        )

    def read(self, row: list[Cell]) -> None:
        self.start = row[0].start if self.start is None else self.start
        self.end = max([self.end, *(cell.end for cell in row)])
        filled = [cell for cell in row if self.table.text(cell).strip()]
        if not filled:
            return
        self._note_money_unit(filled)
        if self._read_header(filled) or self._read_texts(filled):
            return
        if self._read_money_pairs(filled) or (self.mode == "money" and self._read_money_row(filled)):
            return
        if self._read_planned_row(filled):
            return
        if self._read_total(filled):
            # 项目名称 | … | 自评总分 | 92: the total may stand among the identifying cells.
            if not self.indicators:
                self._read_identity(filled)
            return
        if self.mode == "indicators" and self._read_indicator(row):
            return
        self._read_identity(filled)

    # ---- headings

    def _read_header(self, cells: list[Cell]) -> bool:
        """A row of column headings: of the money block or of the indicators (whose headings may take two rows)."""
        lexicon = self.table.source.lexicon
        roles = [(cell, labels.column_role(self.table.text(cell), lexicon)) for cell in cells]
        known = [(cell, role) for cell, role in roles if role is not None]
        if any(_NUMBER.fullmatch(fold(self.table.text(cell)).strip()) for cell in cells):
            return False
        names = {role for _, role in known}
        if len(names & {*labels.STAGES, "rate", "amount"}) >= 1 and names & {*labels.STAGES, "amount"}:
            if not self._heads_columns(known):
                return False
            self.mode = "money"
            self.money = dict(self._covered(known))
            self.money_pairs = {}
            self._note_execution_points(cells)
            self._read_label_in_header(cells)
            self._note_unknown_headings(roles, known)
            return True
        if len(names & _INDICATOR_COLUMNS) >= 2 and len(known) * 2 >= len(cells):
            fresh = dict(self._covered(known))
            self.columns = self.columns | fresh if self.mode == "header" else fresh
            self.mode = "indicators"
            self.level1 = self.level2 = None
            self._wait_for_second_header(cells)
            self._note_unknown_headings(roles, known)
            return True
        return False

    def _note_unknown_headings(self, roles: list[tuple[Cell, str | None]], known: list[tuple[Cell, str]]) -> None:
        """Headings between or behind the known ones; what stands before them names the rows."""
        lexicon = self.table.source.lexicon
        for cell, role in roles:
            text = self.table.text(cell)
            if role is None and cell.column > known[0][0].column and labels.is_unknown_heading(text, lexicon):
                self.unread.append(labels.unknown_heading(text.strip(), self.table.piece(cell)))

    def _heads_columns(self, known: list[tuple[Cell, str]]) -> bool:
        """Headings side by side; a stage with a gap behind it is the label of a pair (计划安排资金 | 48)."""
        if sum(role in (*labels.STAGES, "rate", "amount", "surplus") for _, role in known) == 1:
            return any(role == "amount" for _, role in known)
        cells = [cell for cell, role in known if role in _MONEY_COLUMNS]
        return all(left.column + left.column_span == right.column for left, right in pairwise(cells))

    def _covered(self, known: list[tuple[Cell, str]]) -> Iterator[tuple[int, str]]:
        for cell, role in known:
            for column in range(cell.column, cell.column + cell.column_span):
                yield column, role

    def _wait_for_second_header(self, cells: list[Cell]) -> None:
        """年度指标值 above 指标性质, 指标值, 度量单位: the lower row of headings refines the upper one."""
        spans = {cell.row_span for cell in cells}
        below = [self.table.by_place.get((cell.row + 1, cell.column)) for cell in cells if cell.row_span == 1]
        roles = [labels.column_role(self.table.text(cell), self.table.source.lexicon) for cell in below if cell]
        if roles and all(roles) and (len(spans) > 1 or len(set(roles)) > 1):
            self.mode = "header"

    def _note_money_unit(self, cells: list[Cell]) -> None:
        if self.unit is not None or self.indicators:
            return
        for cell in cells:
            match = _UNIT_OF_MONEY.search(fold(self.table.text(cell)))
            if match:
                start = cell.start + match.start("unit")
                self.unit = match["unit"], self.table.piece(cell, start, start + len(match["unit"]))
                return

    def _note_execution_points(self, cells: list[Cell]) -> None:
        """`得分(20分*执行率)` or `预算执行情况（20分）`: the points of the execution row stand in a heading."""
        for cell in cells:
            text = self.table.text(cell)
            points = labels.points_in_heading(text)
            role = labels.column_role(text, self.table.source.lexicon)
            if points is not None and (role in ("score", "rate") or role is None):
                start = cell.start + fold(text).index(points)
                self.execution_points = self.table.piece(cell, start, start + len(points))

    def _read_label_in_header(self, cells: list[Cell]) -> None:
        for cell in cells:
            if labels.field_of(self.table.text(cell), self.table.source.lexicon) not in (None, "skipped"):
                self._read_identity(cells)

    # ---- money

    def _read_money_row(self, cells: list[Cell]) -> bool:
        lexicon = self.table.source.lexicon
        label = next((cell for cell in cells if labels.row_source(self.table.text(cell), lexicon) is not None), None)
        if label is None:
            return False
        source = cast(Source, labels.row_source(self.table.text(label), lexicon))
        amounts: dict[Stage, Piece] = {}
        points: dict[str, Piece] = {}
        for cell in cells:
            role = self.money.get(cell.column) if cell is not label else None
            value = self.table.value(cell)
            if role is None or value is None or role in ("ignore", "surplus"):
                continue
            if role == "amount":
                amounts["planned"] = value
            elif role in labels.STAGES:
                amounts[cast(Stage, role)] = value
            else:
                points.setdefault(role, value)
        is_execution_row = source == "total" and not any(row.source == "total" for row in self.funding)
        weight = points.get("weight") or (self.execution_points if "score" in points else None)
        self.funding.append(
            FundingRow(
                source,
                self.table.piece(label),
                amounts,
                points.get("rate") if is_execution_row else None,
                weight if is_execution_row else None,
                points.get("score") if is_execution_row else None,
            )
        )
        return True

    def _read_planned_row(self, cells: list[Cell]) -> bool:
        """A target declaration's sums stand beside their row's label, without a stage: 年度资金总额 | 76.50."""
        if self.mode == "indicators" or self.money or len(cells) < 2:
            return False
        label, value = cells[-2], cells[-1]
        source = labels.row_source(self.table.text(label), self.table.source.lexicon)
        if source is None or not _is_figure(self.table.text(value)):
            return False
        self.funding.append(
            FundingRow(cast(Source, source), self.table.piece(label), {"planned": self.table.piece(value)})
        )
        return True

    def _read_money_pairs(self, cells: list[Cell]) -> bool:
        """Label and sum side by side: `计划安排资金 | 48 | 实际到位资金 | 48`, below it `省财政 | | 省财政 | 48`."""
        if self.mode == "indicators":
            return False
        lexicon = self.table.source.lexicon
        stages: dict[int, Stage] = {}
        values: dict[tuple[Source, Stage], Piece] = {}
        rate: Piece | None = None
        is_source_row = False
        for cell, following in zip(cells, [*cells[1:], None], strict=True):
            text = self.table.text(cell)
            role, of_source = labels.column_role(text, lexicon), labels.row_source(text, lexicon)
            is_number = following is not None and _is_figure(self.table.text(following))
            if role in labels.STAGES or role == "surplus":
                if role in labels.STAGES:
                    stages[cell.column] = cast(Stage, role)
                if is_number and role in labels.STAGES and following is not None:
                    values["total", cast(Stage, role)] = self.table.piece(following)
            elif role == "rate" and is_number and following is not None:
                rate = self.table.piece(following)
            elif of_source is not None and cell.column in self.money_pairs:
                is_source_row = True
                if is_number and following is not None:
                    values[cast(Source, of_source), self.money_pairs[cell.column]] = self.table.piece(following)
        if is_source_row and self.money_pairs:
            self._add_pairs(values, None)
            return True
        if not values or not stages:
            return False
        self.money_pairs |= stages
        self._add_pairs(values, rate)
        return True

    def _add_pairs(self, values: dict[tuple[Source, Stage], Piece], rate: Piece | None) -> None:
        for (source, stage), piece in values.items():
            known = next((row for row in self.funding if row.source == source), None)
            if known is None:
                self.funding.append(FundingRow(source, None, {stage: piece}, rate))
            else:
                known.amounts[stage] = piece

    # ---- texts, total, identity

    def _read_texts(self, cells: list[Cell]) -> bool:
        lexicon = self.table.source.lexicon
        if self.mode == "indicators" and self.indicators and not self._follows_indicators(cells):
            return False
        sections = {
            cell.column: section
            for cell in cells
            if (section := labels.text_section(self.table.text(cell), lexicon)) is not None
        }
        if self.text_columns and not sections:
            for cell in cells:
                section = self.text_columns.get(cell.column)
                if section is not None:
                    self._add_text(section, cell)
            self.text_columns = {}
            return True
        if not sections:
            return False
        if set(sections.values()) >= {"goal", "goal_result"} or len(cells) == len(sections):
            self.text_columns = dict(sections)
            self._take_text_beside(cells, sections)
            return True
        self._take_text_beside(cells, sections)
        return True

    def _take_text_beside(self, cells: list[Cell], sections: dict[int, str]) -> None:
        for cell, following in pairwise(cells):
            section = sections.get(cell.column)
            if section is not None and following.column not in sections:
                self._add_text(section, following)
                self.text_columns = {}

    def _add_text(self, section: str, cell: Cell) -> None:
        value = self.table.value(cell)
        says_nothing = self.table.source.lexicon.canonical("form_empty_text", self.table.text(cell)) is not None
        if value is not None and not says_nothing:
            self.texts.append((section, value))

    def _follows_indicators(self, cells: list[Cell]) -> bool:
        """Below the indicators a text's label stands in the first column."""
        return (
            cells[0].column == 0
            and labels.text_section(self.table.text(cells[0]), self.table.source.lexicon) is not None
        )

    def _read_total(self, cells: list[Cell]) -> bool:
        lexicon = self.table.source.lexicon
        for place, cell in enumerate(cells):
            text = self.table.text(cell)
            if labels.is_grade(text, lexicon) and place + 1 < len(cells):
                self.grade = self.table.value(cells[place + 1])
                return True
            if not labels.is_total(text, lexicon):
                continue
            numbers = [other for other in cells[place + 1 :] if _is_figure(self.table.text(other))]
            self._take_total(numbers or self._figure_below(cell))
            for other in cells[place + 1 :]:
                if lexicon.canonical("grade", self.table.text(other)) is not None:
                    self.grade = self.table.piece(other)
            return self.mode == "indicators" or bool(numbers)
        return False

    def _figure_below(self, label: Cell) -> list[Cell]:
        """A total that stands below its label, not beside it."""
        below = self.table.by_place.get((label.row + label.row_span, label.column))
        return [below] if below is not None and _is_figure(self.table.text(below)) else []

    def _take_total(self, numbers: list[Cell]) -> None:
        by_role = {self.columns.get(cell.column): cell for cell in numbers}
        if "score" in by_role:
            self.total = self.table.piece(by_role["score"])
        elif len(numbers) == 2:
            self.total = self.table.piece(numbers[1])
        elif len(numbers) == 1 and "weight" not in by_role:
            self.total = self.table.piece(numbers[0])

    def _read_identity(self, cells: list[Cell]) -> None:
        lexicon = self.table.source.lexicon
        for cell, following in zip(cells, [*cells[1:], None], strict=True):
            text = self.table.text(cell)
            inline = _INLINE.match(text)
            year = _YEAR_ALONE.fullmatch(fold(text).strip())
            name = labels.field_of(text, lexicon)
            if year is not None:
                start = cell.start + fold(text).index(year["year"])
                self.identity.setdefault("fiscal_year", self.table.piece(cell, start, start + 4))
            elif following is not None and lexicon.canonical("form_period", text) is not None:
                self._read_period(following)
            elif name is not None and following is not None:
                value = self.table.value(following)
                if value is not None and not labels.is_any_label(self.table.text(following), lexicon):
                    self.identity.setdefault(name, value)
            elif inline is not None and (name := labels.field_of(inline["label"], lexicon)) is not None:
                start = cell.start + inline.start("value")
                self.identity.setdefault(name, self.table.piece(cell, start, start + len(inline["value"])))
        self.identity.pop("skipped", None)

    def _read_period(self, cell: Cell) -> None:
        """项目起止时间 within one year tells that year."""
        years = list(_YEAR_OF_PERIOD.finditer(fold(self.table.text(cell))))
        if len({year[0] for year in years}) == 1:
            start = cell.start + years[0].start()
            self.identity.setdefault("fiscal_year", self.table.piece(cell, start, start + 4))

    # ---- indicators

    def _read_indicator(self, row: list[Cell]) -> bool:
        number = row[0].row
        at: dict[str, Cell] = {}
        for column, role in sorted(self.columns.items()):
            cell = self.table.by_place.get((number, column))
            # What a checklist records is what was reached.
            role = "actual" if role == "record" else role
            if cell is not None and role not in at:
                at[role] = cell
        name = at.get("name") or at.get("level2")
        if name is not None and all(at[role] is name for role in _VALUE_ROLES if role in at):
            # A heading or a text over the whole width.
            return False
        self._take_levels(at)
        if name is None or not self.table.text(name).strip():
            return True
        roots = [cell for role, cell in at.items() if role in ("level1", "level2") and cell is not name]
        values = {role: self.table.value(at.get(role)) for role in _VALUE_ROLES if at.get(role) is not name}
        if self._is_execution_row(at, values) or self._read_nested_sums(at.get("actual")):
            return True
        if any(cell is name for cell in roots):
            return True
        start = name.start + labels.without_item_mark(self.table.text(name))
        self.indicators.append(
            IndicatorRow(
                self.table.piece(name, start, name.end),
                self.level1,
                self.level2,
                tuple(piece for role in ("nature", "target", "measure") if (piece := values.get(role)) is not None),
                values.get("actual"),
                values.get("weight"),
                values.get("score"),
                values.get("deviation_reason"),
            )
        )
        return True

    def _take_levels(self, at: dict[str, Cell]) -> None:
        """Levels go on downward; a new level 1 leaves the old level 2 behind."""
        first, second = self.table.text(at.get("level1")).strip(), self.table.text(at.get("level2")).strip()
        if first and labels.level_text(first) != self.level1:
            self.level1, self.level2 = labels.level_text(first), None
        if second and at.get("level2") is not at.get("level1"):
            self.level2 = labels.level_text(second)

    def _read_nested_sums(self, cell: Cell | None) -> bool:
        """A checklist records the money among its indicators, the sums of all sources in one cell."""
        if cell is None:
            return False
        sums = sums_in_cell(self.table.text(cell), self.table.source.lexicon)
        self._add_pairs(
            {key: self.table.piece(cell, cell.start + start, cell.start + end) for key, (start, end) in sums.items()},
            None,
        )
        return bool(sums)

    def _is_execution_row(self, at: dict[str, Cell], values: dict[str, Piece | None]) -> bool:
        lexicon = self.table.source.lexicon
        if not any(
            role in at and labels.is_execution(self.table.text(at[role]), lexicon)
            for role in ("name", "level2", "level1")
        ):
            return False
        place = next((place for place, row in enumerate(self.funding) if row.source == "total"), None)
        known = self.funding[place] if place is not None else FundingRow("total", None, {})
        row = FundingRow(
            "total",
            known.label,
            known.amounts,
            known.rate or values.get("actual"),
            known.weight or values.get("weight"),
            known.score or values.get("score"),
        )
        if place is None:
            self.funding.append(row)
        else:
            self.funding[place] = row
        return True


_VALUE_ROLES = ("nature", "target", "measure", "actual", "weight", "score", "deviation_reason")


def _is_figure(text: str) -> bool:
    return _NUMBER.fullmatch(fold(text).strip()) is not None
