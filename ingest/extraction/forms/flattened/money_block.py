"""The money block of a form without its grid: 年度资金总额 and its sources, by stage, with rate, points and score.

The heading's order says which number stands in which column. Where cells vanished or ran together, every way to deal
the numbers out is weighed (`money_dealing`) and the rows are decided together (`money_choosing`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.extraction.forms.flattened.money_choosing import choose_readings
from ingest.extraction.forms.flattened.money_columns import read_column_by_column
from ingest.extraction.forms.flattened.money_rows import MoneyBlock, MoneyCell, MoneyRow, cells_behind, source_of
from ingest.extraction.forms.flattened.money_stages import Valued, is_stage_by_stage, read_stage_by_stage
from ingest.extraction.forms.flattened.pieces import piece_at, unread_at
from ingest.extraction.forms.flattened.tokens import FormText, Label, up_to_the_next
from ingest.extraction.forms.labels import MONEY_COLUMNS
from ingest.extraction.forms.rows import Piece
from ingest.quantities import parse_decimal

_NATIONAL = ("initial_budget", "adjusted_budget", "executed", "weight", "rate", "score")
_TRANSFER = ("adjusted_budget", "executed", "rate")
_POINTS_IN_HEADING = re.compile(
    r"(?P<points>\d{1,2})\s*分\s*[*×xX＊]\s*(?:预算)?执行率"
    r"|(?<![\u3400-\u9fff])(?:执行率)?(?:得\s?分|分\s?值|权\s?重)\s*[（(]\s*(?:满分)?\s*(?P<of_row>[5-9]|[12]\d|30)\s*分\s*[)）]"
    r"|预算执行(?:情况|率)?\s*(?:[（(]\s*万?元\s*[)）]\s*)?[（(]\s*(?P<of_block>\d{1,2})\s*分\s*[)）]"
)
_ABOVE = 60
_OUTER_NUMBER = re.compile(r"[（(][一二三四五六七八九十][)）]\s*$")
_INNER_NUMBER = re.compile(r"\d\s*[、.．]\s*$")
_LONGEST_ITEM_NUMBER = 8
_MOST_LABELS = 400
_ALL_YEARS_AND_ONE = 2


def read_money(form: FormText, start: int, end: int, *, is_declaration: bool) -> MoneyBlock:
    """Read the money block in `text[start:end]`.

    Args:
        form: the text.
        start: where the block's heading, or its first row, begins.
        end: where the goals or the indicators begin.
        is_declaration: the form declares targets before the year, so its sums are planned.
    """
    labels = [
        label
        for label in form.labels(("form_column", "form_row"), start, end)
        if label.role == "form_row" or label.canonical in MONEY_COLUMNS
    ]
    if len(labels) > _MOST_LABELS:
        return MoneyBlock((), (unread_at("block_too_long", "资金部分过长，未能按资金行读取", start, end),))
    labels = _without_names_above_the_total(form, labels)
    valued: list[Valued] = [
        (label, list(cells_behind(form, label, limit))) for label, limit in up_to_the_next(labels, end)
    ]
    if form.labels(("form_sum_of_years",), max(0, start - _ABOVE), end):
        valued = _of_the_year(valued)
    if is_stage_by_stage(valued):
        return read_stage_by_stage(valued)
    dumped = read_column_by_column(valued)
    if dumped is not None:
        return dumped
    rows = _rows(form, valued, is_declaration)
    points = _points_in_heading(form, start, end)
    if points is None:
        return choose_readings(rows)
    worth = parse_decimal(form.flat[points.start : points.end])
    return _with_points(choose_readings([replace(row, points=worth) for row in rows]), points)


def _without_names_above_the_total(form: FormText, labels: Sequence[Label]) -> list[Label]:
    """中央水利发展资金 620 above 合计 is a project in a list; below the total, or beside a stage, it is a source."""
    total = next((label.start for label in labels if label.role == "form_row" and source_of(label) == "total"), None)
    return [
        label
        for label in labels
        if label.role == "form_column"
        or (total is not None and total < label.start)
        or form.lexicon.canonical("form_row", label.wording) is not None
    ]


def _of_the_year(valued: Sequence[Valued]) -> list[Valued]:
    """实施期资金总额 96 年度资金总额 32, then every source twice: the first sum of each is that of all years."""
    rows = Counter(label.wording for label, _ in valued)
    first = {label.wording: label for label, _ in reversed(valued)}
    return [
        entry for entry in valued if rows[entry[0].wording] != _ALL_YEARS_AND_ONE or first[entry[0].wording] != entry[0]
    ]


def _points_in_heading(form: FormText, start: int, end: int) -> Piece | None:
    """`得分(20分*执行率)` and `得分（10分）` print the points of the execution row in the heading."""
    printed = _POINTS_IN_HEADING.search(form.flat, max(0, start - _ABOVE), end)
    if printed is None:
        return None
    return piece_at(*printed.span(str(printed.lastgroup)), 0.95)


def _with_points(block: MoneyBlock, points: Piece) -> MoneyBlock:
    rows = tuple(
        replace(row, weight=points) if row.source == "total" and row.weight is None and (row.rate or row.score) else row
        for row in block.rows
    )
    return replace(block, rows=rows)


def _rows(form: FormText, valued: Sequence[Valued], is_declaration: bool) -> list[MoneyRow]:
    """Rows of cells below the heading before them."""
    rows: list[MoneyRow] = []
    heading: list[str] = []
    beside: list[str] = []
    closed = is_assumed = False
    for label, cells in _without_parts(form, valued):
        if label.role == "form_column":
            if closed:
                heading, closed, is_assumed = [], False, False
            if rows and rows[-1].label.role == "form_row":
                beside = []
            _extend(heading, label)
            if any(not cell.is_blank for cell in cells):
                # 转移支付预算数（A） 5.8万: a heading with its value beside it, or all values behind the last heading.
                rows.append(MoneyRow(label, cells, tuple(heading)))
                _extend(beside, label)
                closed = True
            continue
        closed = closed or bool(cells)
        if cells and not heading:
            heading = list(_assumed_columns(label, cells, is_declaration))
            is_assumed = len(heading) > 1
        # 预算数 38.5 执行数 36.96, then 其中：省级资金 30 30: the headings with their values beside them head the rows.
        is_below = len(beside) > len(heading) and len(cells) > 1
        rows.append(MoneyRow(label, cells, tuple(beside if is_below else heading), is_assumed=is_assumed))
    if is_declaration:
        rows = [replace(row, columns=("planned",)) if len(row.columns) == 1 else row for row in rows]
    return [row for row in rows if row.cells]


def _extend(heading: list[str], label: Label) -> None:
    """Add a column. 年度预算数 above 年初预算 is no column; 执行率权重 is the weight, not another rate."""
    if label.canonical == "rate" and "rate" in heading:
        return
    if label.canonical in heading:
        heading.remove(label.canonical)
    heading.append(label.canonical)


def _without_parts(form: FormText, valued: Sequence[Valued]) -> list[Valued]:
    """（一）财政拨款小计 with 1、一般公共预算 below it: the numbered rows are parts of the row above."""

    def numbered(pattern: re.Pattern[str], label: Label) -> bool:
        return pattern.search(form.flat[max(0, label.start - _LONGEST_ITEM_NUMBER) : label.start]) is not None

    if not any(numbered(_OUTER_NUMBER, label) for label, _ in valued):
        return list(valued)
    return [entry for entry in valued if not numbered(_INNER_NUMBER, entry[0])]


def _assumed_columns(label: Label, cells: Sequence[MoneyCell], is_declaration: bool) -> tuple[str, ...]:
    """The columns of a block whose heading is missing, by how many numbers its rows have."""
    numbers = [cell for cell in cells if not cell.is_blank]
    if len(numbers) == 1:
        if is_declaration:
            return ("planned",)
        return ("adjusted_budget",) if "预算" in label.wording else ("amount",)
    if len(numbers) == 3 and numbers[-1].run.endswith("%"):
        return _TRANSFER
    return _NATIONAL
