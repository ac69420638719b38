"""Which forms the running text of a document holds, and what each of them says, put together from its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.extraction.forms.flattened.column_dumps import read_dump, read_dump_below
from ingest.extraction.forms.flattened.extents import end_of_form, span_of_rows, start_of_form
from ingest.extraction.forms.flattened.goals import read_goals
from ingest.extraction.forms.flattened.identity import read_identity
from ingest.extraction.forms.flattened.indicator_block import IndicatorBlock, read_indicators
from ingest.extraction.forms.flattened.marks import Mark, find_bare_levels, find_marks, unknown_headings
from ingest.extraction.forms.flattened.money_block import read_money
from ingest.extraction.forms.flattened.money_rows import MoneyBlock, cells_behind, unit_of_total
from ingest.extraction.forms.flattened.tokens import FormText, Span
from ingest.extraction.forms.flattened.totals import read_score_above, read_totals
from ingest.extraction.forms.labels import declared_unit
from ingest.extraction.forms.rows import Form, FundingRow, with_execution
from ingest.extraction.source import ReportSource

_NEXT_BOX = 40
_LINES_ABOVE = 100
_LAST_ROWS_OF_MONEY = 160


def find_flattened_forms(source: ReportSource, tables: Iterable[Span] = ()) -> list[Form]:
    """The forms in the running text of a document; [] for a text in pure prose.

    Args:
        source: the masked text with its lexicon and outline.
        tables: the spans of true tables, which are read with their grid and skipped here.
    """
    text = source.text
    for start, end in tables:
        text = text[:start] + "\n" * (end - start) + text[end:]
    form = FormText(text, source.lexicon)
    groups = _groups(form, find_marks(form))
    forms: list[Form] = []
    for place, marks in enumerate(groups):
        above = forms[-1].end if forms else 0
        limit = start_of_form(form, groups[place + 1][0], marks[-1].end) if place + 1 < len(groups) else len(text)
        if all(mark.kind == "money" for mark in marks):
            marks = [*marks, *find_bare_levels(form, marks[-1].end, limit)]
        forms.append(_read(form, source, marks, above, limit))
    return forms


def _groups(form: FormText, marks: Sequence[Mark]) -> list[list[Mark]]:
    """Marks of one form: its money, then its headings. Money after a heading, or a second project, begins another."""
    groups: list[list[Mark]] = []
    for mark in marks:
        if groups and not _begins_another(form, groups[-1], mark):
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


def _begins_another(form: FormText, group: Sequence[Mark], mark: Mark) -> bool:
    if mark.kind == "money" and any(earlier.kind == "heading" for earlier in group):
        return True
    between = form.labels(("form_field",), group[-1].end, mark.start)
    return any(label.canonical == "project_name" for label in between)


def _read(form: FormText, source: ReportSource, marks: Sequence[Mark], above: int, limit: int) -> Form:
    start, first = start_of_form(form, marks[0], above), marks[0].start
    headings = [mark for mark in marks if mark.kind != "money"]
    is_declaration = _is_declaration(form, start, marks)
    money = [
        _read_money(form, mark, marks, limit, is_declaration=is_declaration) for mark in marks if mark.kind == "money"
    ]
    indicators = [_read_indicators(form, heading, headings, limit) for heading in headings]
    body_end = _end_of_body(marks, money, indicators)
    rows = [row for block in indicators for row in block.rows]
    totals = read_totals(form, body_end, end_of_form(source.outline, body_end, limit), rows)
    goals_start = max((mark.end for mark in marks if mark.kind == "money"), default=start)
    goals = read_goals(form, goals_start, headings[0].start if headings else body_end)
    funding = tuple(_funding(money, indicators))
    identity, unsure = read_identity(form, start, _end_of_identity(marks[0]))
    return Form(
        start=start,
        end=max(body_end, totals.end),
        identity=identity,
        money_unit=_money_unit(form, (above, start), marks, indicators) or unit_of_total(form, funding),
        funding=funding,
        indicators=tuple(rows),
        total_score=totals.score or read_score_above(form, start, first),
        grade=totals.grade,
        texts=(*goals, *totals.texts),
        has_actual_column=not is_declaration,
        unread=(
            *unsure,
            *unknown_headings(form, headings),
            *(entry for block in money for entry in block.unread),
            *(entry for block in indicators for entry in block.unread),
        ),
    )


def _end_of_identity(mark: Mark) -> int:
    """Before the first mark; where its money was dumped column by column, boxes may stand before its first column."""
    if mark.kind != "money" or mark.labels[0].role != "form_row":
        return mark.start
    return next((label.start for label in mark.labels if label.role == "form_column"), mark.start)


def _is_declaration(form: FormText, start: int, marks: Sequence[Mark]) -> bool:
    """绩效目标申报表: targets before the year, no column for what was reached."""
    columns = {label.canonical for mark in marks if mark.kind == "heading" for label in mark.labels}
    return "actual" not in columns and bool(form.wordings("form_declaration", start, marks[0].start))


def _read_money(form: FormText, mark: Mark, marks: Sequence[Mark], limit: int, *, is_declaration: bool) -> MoneyBlock:
    following = [other.start for other in marks if other.start > mark.start]
    end = _end_of_money(form, mark, min([limit, *following]))
    texts = [label.start for label in form.labels(("form_text", "form_end"), mark.end, end)]
    return read_money(form, mark.start, min([end, *texts]), is_declaration=is_declaration)


def _end_of_money(form: FormText, mark: Mark, limit: int) -> int:
    """Behind the last row; a remark on a row, or empty rows, may stand between two."""
    end = min(limit, mark.end + _LAST_ROWS_OF_MONEY)
    while end < limit:
        rows = form.labels(("form_row",), mark.end, end)
        last = max((row.end for row in rows if any(cells_behind(form, row, limit))), default=0)
        further = min(limit, last + _LAST_ROWS_OF_MONEY)
        if further <= end:
            break
        end = further
    return end


def _read_indicators(form: FormText, heading: Mark, headings: Sequence[Mark], limit: int) -> IndicatorBlock:
    if heading.kind == "dump":
        following = [other.start for other in headings if other.start > heading.start]
        return read_dump(form, heading.labels, min([limit, *following]))
    span = span_of_rows(form, heading, headings, limit)
    dumped = read_dump_below(form, *span, heading.labels) if heading.labels else None
    return dumped or read_indicators(form, *span, heading.labels)


def _end_of_body(marks: Sequence[Mark], money: Sequence[MoneyBlock], indicators: Sequence[IndicatorBlock]) -> int:
    """Behind the last mark, sum or cell of an indicator."""
    rows = (row for block in indicators for row in (*block.rows, *block.execution))
    ends = [mark.end for mark in marks]
    ends += [piece.end for row in rows for piece in row.pieces()]
    ends += [piece.end for block in money for row in block.rows for piece in row.amounts.values()]
    return max(ends)


def _funding(money: Sequence[MoneyBlock], indicators: Sequence[IndicatorBlock]) -> list[FundingRow]:
    rows = [row for block in money for row in block.rows] + [row for block in indicators for row in block.funding]
    execution = next((row for block in indicators for row in block.execution), None)
    return with_execution(rows, execution.actual, execution.weight, execution.score) if execution else rows


def _money_unit(
    form: FormText, limits: Span, marks: Sequence[Mark], indicators: Sequence[IndicatorBlock]
) -> str | None:
    """The unit that the form declares in the heading of its money or before a checklist's first sum: 单位：元.

    It may stand by itself above the form, which begins at `limits[1]`, but not before `limits[0]`.
    """
    above, start = limits
    sums = (piece.start for block in indicators for row in block.funding for piece in row.amounts.values())
    money_heading = next((mark.end + _NEXT_BOX for mark in marks if mark.kind == "money"), None)
    end = money_heading if money_heading is not None else min(sums, default=start)
    return declared_unit(form.flat[start:end]) or declared_unit(form.flat[max(above, start - _LINES_ABOVE) : start])
