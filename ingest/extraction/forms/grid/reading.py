"""Which forms a document's tables hold, and what each row of a form is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum, auto

from ingest.extraction.forms import labels
from ingest.extraction.forms.grid.identity import has_field, names_project, read_identity
from ingest.extraction.forms.grid.indicators import IndicatorReader
from ingest.extraction.forms.grid.money import MoneyReader
from ingest.extraction.forms.grid.result import ResultReader
from ingest.extraction.forms.grid.table import GridTable
from ingest.extraction.forms.grid.texts import TextReader
from ingest.extraction.forms.rows import Form, Piece, Unread
from ingest.extraction.source import ReportSource
from ingest.reading.document import Cell

# Columns that make a heading of indicators; 说明 and 计量单位 stand in other tables too.
_TELLING_COLUMNS = labels.INDICATOR_COLUMNS - {"deviation_reason", "measure", "ignored"}
_FORM_MARKS = 2


class _Below(Enum):
    """The heading that the rows stand below."""

    NOTHING = auto()
    MONEY = auto()
    UPPER_HEADING = auto()
    INDICATORS = auto()


def find_grid_forms(source: ReportSource) -> list[Form]:
    """All forms in the document's tables, in the order of the text. Tables that are no form give none."""
    forms: list[Form] = []
    for number, block in enumerate(source.tables):
        for form in _forms_of(GridTable(source, block, number)):
            # A form's second table (the indicators below a page of prose) goes on with the first.
            if forms and not form.identity and not form.funding and form.indicators and not forms[-1].indicators:
                forms[-1] = _joined(forms[-1], form)
            else:
                forms.append(form)
    return forms


def _joined(first: Form, second: Form) -> Form:
    return replace(
        first,
        end=second.end,
        indicators=second.indicators,
        total_score=second.total_score or first.total_score,
        grade=second.grade or first.grade,
        texts=(*first.texts, *second.texts),
        has_actual_column=second.has_actual_column,
        unread=(*first.unread, *second.unread),
    )


def _forms_of(table: GridTable) -> Iterator[Form]:
    """Read a table row by row; a second 项目名称 begins another form."""
    reader = _FormReader(table)
    for row in table.rows():
        if reader.is_complete and names_project(table, row):
            yield reader.form()
            reader = _FormReader(table)
        reader.read(row)
    if reader.is_form:
        yield reader.form()


class _FormReader:
    """Collects one form; `read` takes the rows in order."""

    def __init__(self, table: GridTable) -> None:
        self._table = table
        self._start: int | None = None
        self._end = 0
        self._below = _Below.NOTHING
        self._identity: dict[str, Piece] = {}
        self._money = MoneyReader(table)
        self._indicators = IndicatorReader(table, self._money)
        self._texts = TextReader(table)
        self._result = ResultReader(table)
        self._unread: list[Unread] = []

    @property
    def is_complete(self) -> bool:
        """Whether the form has what a second 项目名称 would begin anew."""
        return "project_name" in self._identity and bool(self._money.rows or self._indicators.rows)

    @property
    def is_form(self) -> bool:
        """Money or indicators below known headings, or at least the headings of both."""
        if self._money.rows or self._indicators.rows:
            return True
        marks = (self._indicators.columns, self._money.has_heading, self._identity, self._texts.texts)
        return sum(map(bool, marks)) >= _FORM_MARKS

    def form(self) -> Form:
        """What has been read so far."""
        columns = self._indicators.columns
        return Form(
            start=self._start or 0,
            end=self._end,
            identity=self._identity,
            money_unit=self._money.unit(),
            funding=tuple(self._money.rows),
            indicators=tuple(self._indicators.rows),
            total_score=self._result.total,
            grade=self._result.grade,
            texts=tuple(self._texts.texts),
            has_actual_column=not columns or "actual" in columns.values(),
            unread=tuple(self._unread),
        )

    def read(self, row: list[Cell]) -> None:
        """Take the next row."""
        self._start = row[0].start if self._start is None else self._start
        self._end = max(self._end, *(cell.end for cell in row))
        filled = [cell for cell in row if self._table.text(cell).strip()]
        if not filled:
            return
        is_below_indicators = self._below is _Below.INDICATORS
        if not self._indicators.rows:
            self._money.note_unit(filled)
        if self._read_heading(filled):
            return
        if self._texts.read(filled, is_below_indicators=is_below_indicators and bool(self._indicators.rows)):
            return
        if not is_below_indicators and self._read_money(filled):
            return
        if self._result.read(filled, self._indicators.columns, is_below_indicators=is_below_indicators):
            # 项目名称 | … | 自评总分 | 92: the total may stand among the identifying cells.
            if not self._indicators.rows:
                self._read_identity(filled)
        elif not (is_below_indicators and self._indicators.read_row(row)):
            self._read_identity(filled)

    def _read_money(self, cells: list[Cell]) -> bool:
        money = self._money
        return (
            money.read_pairs(cells)
            or (self._below is _Below.MONEY and money.read_row(cells))
            or money.read_planned(cells)
        )

    def _read_heading(self, cells: list[Cell]) -> bool:
        """A row of column headings: of the money block or of the indicators (whose headings may take two rows)."""
        if any(map(self._table.is_figure, cells)):
            return False
        found = ((cell.column, labels.column_role(self._table.text(cell), self._table.lexicon)) for cell in cells)
        roles = {column: role for column, role in found if role is not None}
        names = set(roles.values())
        if names & {*labels.STAGES, "amount"}:
            if not self._money.read_heading(cells, roles):
                return False
            self._below = _Below.MONEY
            if has_field(self._table, cells):
                self._read_identity(cells)
        elif len(names & _TELLING_COLUMNS) >= 2 and len(roles) * 2 >= len(cells):
            roles = self._with_likely_columns(cells, roles)
            is_lower = self._below is _Below.UPPER_HEADING
            is_whole = self._indicators.read_heading(cells, roles, is_lower=is_lower)
            self._below = _Below.INDICATORS if is_whole else _Below.UPPER_HEADING
        else:
            return False
        self._note_unknown_headings(cells, roles)
        return True

    def _with_likely_columns(self, cells: list[Cell], roles: dict[int, str]) -> dict[int, str]:
        """Headings behind the known ones that nobody knows, by the words in them; no column is told twice."""
        found = dict(roles)
        for cell in cells:
            role = labels.likely_column(self._table.text(cell), self._table.lexicon)
            is_within = cell.column not in roles and cell.column > min(roles)
            if is_within and role is not None and role not in found.values():
                found[cell.column] = role
        return found

    def _note_unknown_headings(self, cells: list[Cell], roles: dict[int, str]) -> None:
        """Headings between or behind the known ones; what stands before them names the rows."""
        for cell in cells:
            text = self._table.text(cell)
            is_within = cell.column not in roles and cell.column > min(roles)
            if is_within and labels.is_unknown_heading(text, self._table.lexicon):
                self._unread.append(labels.unknown_heading(text.strip(), self._table.piece(cell)))

    def _read_identity(self, cells: list[Cell]) -> None:
        for name, piece in read_identity(self._table, cells):
            self._identity.setdefault(name, piece)
