"""The money block of a form without its grid: 年度资金总额 and its sources, by stage, with rate, points and score.

The heading's order says which number stands in which column. Where cells vanished or ran together, every way to deal
the numbers out is weighed by the form's own equations (rate = executed ÷ budget, score = points × rate,
Σ sources = total); rows for which two ways are as good stay unread.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from ingest.extraction.forms import arithmetic
from ingest.extraction.forms.rows import FundingRow, Piece, Unread
from ingest.extraction.forms.tokens import FormText, Gap, Label, up_to_the_next
from ingest.quantities import parse_decimal
from ingest.records import Source, Stage

METHOD = "flattened_form"
STAGES = ("planned", "initial_budget", "adjusted_budget", "approved", "received", "executed")
MONEY_COLUMNS = frozenset({*STAGES, "surplus", "amount", "rate", "weight", "score"})
_NATIONAL = ("initial_budget", "adjusted_budget", "executed", "weight", "rate", "score")
_TRANSFER = ("adjusted_budget", "executed", "rate")
_UNIT = r"(?:亿\s?元|万\s?元|元|万|分)"
# A run of digits with its unit, or the mark of an empty cell; labels' leftovers are none of both.
_VALUE = re.compile(
    rf"(?P<run>\d(?:[\d.,]*\d)?(?:%\d(?:[\d.,]*\d)?)*)(?P<percent>\s?%)?(?P<unit>\s?{_UNIT})?|(?P<blank>[-—－–−]{{1,4}}|[/／\\*])"
)
_POINTS_IN_HEADING = re.compile(
    r"(?P<points>\d{1,2})\s*分\s*[*×xX＊]\s*(?:预算)?执行率"
    r"|预算执行情况\s*(?:[（(]\s*万?元\s*[)）]\s*)?[（(]\s*(?P<of_block>\d{1,2})\s*分\s*[)）]"
)
_ABOVE = 60
_OUTER_NUMBER = re.compile(r"[（(][一二三四五六七八九十][)）]\s*$")
_INNER_NUMBER = re.compile(r"\d\s*[、.．]\s*$")
_BETWEEN = re.compile(r"[\s|]*")
_BARE_CELL = re.compile(r"\|\s*(?=\|)")
# What a column costs that a row has no number for: 年初预算数 is the one that forms leave empty.
_MISSING = {
    "initial_budget": 0.5, "adjusted_budget": 1.2, "executed": 1.3, "planned": 1.2, "approved": 1.2, "received": 1.2,
    "surplus": 0.4, "amount": 1.2, "weight": 0.9, "rate": 0.7, "score": 0.6,
}  # fmt: skip
_SKIPPED_BLANK = 0.35
_IMPOSSIBLE = 50.0
_SPLIT = 0.4
_WORSE = 3.0
_ONE_SIZE = 8
_CLEARLY = 0.25
_MOST_STATES = 300
_KEPT_PER_ROW = 5
_MOST_COMBINATIONS = 4096
_MOST_LABELS = 400


@dataclass(frozen=True, slots=True)
class _Value:
    """A number or an empty cell behind a label. A `run` may be several numbers run together."""

    start: int
    end: int
    run: str
    unit: str
    is_blank: bool
    is_run: bool


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    printed: str
    unit: str
    value: Decimal


_State = tuple[int, int, tuple[tuple[str, _Number], ...]]
"""How far the values of a row are dealt out: the value, the place in its run, the numbers by column."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to deal a row's numbers out to the columns, and how much speaks against it."""

    cost: float
    numbers: dict[str, _Number]
    is_proved: bool


@dataclass(slots=True)
class _Row:
    source: str
    label: Label
    values: list[_Value]
    columns: tuple[str, ...]
    points: Decimal | None = None
    is_assumed: bool = False
    readings: list[_Reading] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MoneyBlock:
    """The rows read, and the rows seen and not understood."""

    rows: tuple[FundingRow, ...]
    unread: tuple[Unread, ...]


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
        place = _piece(start, end, 0.3)
        return MoneyBlock((), (Unread("block_too_long", "资金部分过长，未能按资金行读取", place),))
    valued = list(zip(labels, _values_behind(form, labels, end), strict=True))
    if _is_stage_by_stage(valued):
        return _read_stage_by_stage(valued)
    transposed = _transposed(valued)
    rows = transposed or _rows(form, valued, is_declaration)
    points = _points_in_heading(form, start, end)
    if points is not None:
        for row in rows:
            row.points = parse_decimal(form.flat[points.start : points.end])
    _weigh(rows)
    return _with_points_of_heading(form, start, end, _chosen(rows))


def _with_points_of_heading(form: FormText, start: int, end: int, block: MoneyBlock) -> MoneyBlock:
    """`得分(20分*执行率)` prints the points of the execution row in the heading."""
    points = _points_in_heading(form, start, end)
    if points is None:
        return block
    rows = tuple(
        replace(row, weight=points) if row.source == "total" and row.weight is None and (row.rate or row.score) else row
        for row in block.rows
    )
    return MoneyBlock(rows, block.unread)


def _points_in_heading(form: FormText, start: int, end: int) -> Piece | None:
    printed = _POINTS_IN_HEADING.search(form.flat, max(0, start - _ABOVE), end)
    if printed is None:
        return None
    group = "points" if printed["points"] else "of_block"
    return _piece(printed.start(group), printed.end(group), 0.95)


# --- what stands behind the labels


def _values_behind(form: FormText, labels: Sequence[Label], end: int) -> Iterator[list[_Value]]:
    for label, limit in up_to_the_next(labels, end):
        yield list(_values(form, label, limit))


def _values(form: FormText, label: Label, limit: int) -> Iterator[_Value]:
    """Numbers and empty cells directly behind a label, up to the first word."""
    place = label.end
    may_run_together = form.gap_before(label.end) == Gap.NONE and form.gap_behind(label.end) == Gap.NONE
    found: list[re.Match[str]] = []
    while place < limit:
        between = _BETWEEN.match(form.flat, place, limit)
        gap_end = between.end() if between else place
        for bar in _BARE_CELL.finditer(form.text, place, gap_end):
            yield _Value(bar.end(), bar.end(), "", "", True, False)
        match = _VALUE.match(form.flat, gap_end, limit)
        if match is None or _goes_on_as_a_word(form.flat, match):
            return
        found.append(match)
        yield _value(match, may_run_together)
        place = match.end()


def _goes_on_as_a_word(flat: str, match: re.Match[str]) -> bool:
    """`2021年` and `3、` are no sums; `/其他` is no empty cell."""
    following = flat[match.end() : match.end() + 1]
    if match["blank"]:
        return match["blank"] in "/／\\*" and not (following == "" or following in " |\n/")
    if following == "年" and flat.startswith("年度", match.end()):
        # 90%18年度绩效目标: the next box begins; 2021年度 is a year.
        return re.fullmatch(r"(?:19|20)\d{2}", match["run"]) is not None
    return not match["unit"] and following in {"年", "月", "日", "、", "个", "号", "．", "）"}


def _value(match: re.Match[str], may_run_together: bool) -> _Value:
    if match["blank"]:
        return _Value(match.start(), match.end(), "", "", True, False)
    run = match["run"] + ("%" if match["percent"] else "")
    is_run = not arithmetic.is_printed_number(run) or may_run_together
    return _Value(match.start(), match.end(), run, re.sub(r"\s", "", match["unit"] or ""), False, is_run)


# --- rows under a heading


def _rows(form: FormText, valued: Sequence[tuple[Label, list[_Value]]], is_declaration: bool) -> list[_Row]:
    rows: list[_Row] = []
    heading: list[str] = []
    closed = is_assumed = False
    for label, values in _without_parts(form, valued):
        if label.role == "form_column":
            if closed:
                heading, closed, is_assumed = [], False, False
            _extend(heading, label)
            if any(not value.is_blank for value in values):
                # 转移支付预算数（A） 5.8万: a heading with its value beside it, or all values behind the last heading.
                rows.append(_Row("total", label, values, tuple(heading)))
                closed = True
            continue
        closed = closed or bool(values)
        if values and not heading:
            heading = list(_assumed_columns(label, values, is_declaration))
            is_assumed = len(heading) > 1
        rows.append(_Row(label.canonical, label, values, tuple(heading), is_assumed=is_assumed))
    if is_declaration:
        rows = [replace(row, columns=("planned",)) if len(row.columns) == 1 else row for row in rows]
    return [row for row in rows if row.values]


def _extend(heading: list[str], label: Label) -> None:
    """Add a column. 年度预算数 above 年初预算 is no column; 执行率权重 is the weight, not another rate."""
    if label.canonical == "rate" and "rate" in heading:
        return
    if label.canonical in heading:
        heading.remove(label.canonical)
    heading.append(label.canonical)


def _transposed(valued: Sequence[tuple[Label, list[_Value]]]) -> list[_Row]:
    """A table dumped column by column: all row labels, then every heading with one value for each of them."""
    first = next((place for place, (label, _) in enumerate(valued) if label.role == "form_column"), 0)
    rows, columns = valued[:first], valued[first:]
    is_dump = len(rows) >= 2 and len(columns) >= 2 and not any(values for _, values in rows)
    if not is_dump or any(label.role != "form_column" or len(values) != len(rows) for label, values in columns):
        return []
    names = tuple(label.canonical for label, _ in columns)
    return [
        _Row(label.canonical, label, [values[place] for _, values in columns], names)
        for place, (label, _) in enumerate(rows)
    ]


def _without_parts(form: FormText, valued: Sequence[tuple[Label, list[_Value]]]) -> list[tuple[Label, list[_Value]]]:
    """（一）财政拨款小计 with 1、一般公共预算 below it: the numbered rows are parts of the row above."""

    def numbered(pattern: re.Pattern[str], label: Label) -> bool:
        return pattern.search(form.flat[max(0, label.start - 8) : label.start]) is not None

    has_outer = any(numbered(_OUTER_NUMBER, label) for label, _ in valued)
    return [entry for entry in valued if not (has_outer and numbered(_INNER_NUMBER, entry[0]))]


def _assumed_columns(label: Label, values: Sequence[_Value], is_declaration: bool) -> tuple[str, ...]:
    """The columns of a block whose heading is missing, by how many numbers its rows have."""
    numbers = [value for value in values if not value.is_blank]
    if len(numbers) == 1:
        if is_declaration:
            return ("planned",)
        return ("adjusted_budget",) if "预算" in label.wording else ("amount",)
    if len(numbers) == 3 and numbers[-1].run.endswith("%"):
        return _TRANSFER
    return _NATIONAL


# --- stage by stage (计划安排资金 48 实际到位资金 48 …, each split again)


def _is_stage_by_stage(valued: Sequence[tuple[Label, list[_Value]]]) -> bool:
    """Stages side by side with a value each, and rows that repeat once for each stage."""
    stages = [label for label, values in valued if label.role == "form_column" and label.canonical != "rate"]
    rows = [label.wording for label, _ in valued if label.role == "form_row"]
    return len(stages) >= 2 and len(rows) > len(set(rows))


def _read_stage_by_stage(valued: Sequence[tuple[Label, list[_Value]]]) -> MoneyBlock:
    """The i-th occurrence of a row's label belongs to the i-th stage."""
    columns = [(label, values) for label, values in valued if label.role == "form_column"]
    stages = [label.canonical for label, _ in columns]
    amounts: dict[str, dict[str, _Value]] = {}
    labels: dict[str, Label] = {}
    unread: list[Unread] = []
    for label, values in columns:
        labels.setdefault("total", label)
        _put(amounts, "total", label.canonical, values)
    by_wording: dict[str, list[tuple[Label, list[_Value]]]] = {}
    for label, values in valued:
        if label.role == "form_row":
            by_wording.setdefault(label.wording, []).append((label, values))
    for entries in by_wording.values():
        source = entries[0][0].canonical
        labels.setdefault(source, entries[0][0])
        if len(entries) != len(stages):
            unread.extend(_not_told_apart(label, values) for label, values in entries if _first_number(values))
            continue
        for stage, (_, values) in zip(stages, entries, strict=True):
            _put(amounts, source, stage, values)
    rows = [
        FundingRow(
            cast(Source, source),
            _piece(labels[source].start, labels[source].word_end, 0.97),
            {cast(Stage, stage): _piece(value.start, value.end, 0.97) for stage, value in by_stage.items()},
        )
        for source, by_stage in amounts.items()
        if by_stage
    ]
    return MoneyBlock(tuple(rows), tuple(unread))


def _put(amounts: dict[str, dict[str, _Value]], source: str, stage: str, values: list[_Value]) -> None:
    number = _first_number(values)
    by_stage = amounts.setdefault(source, {})
    if number is not None and stage in STAGES:
        by_stage.setdefault(stage, number)


def _first_number(values: Sequence[_Value]) -> _Value | None:
    return next((value for value in values if not value.is_blank), None)


# --- weighing


def _weigh(rows: Sequence[_Row]) -> None:
    for row in rows:
        # Which column an empty cell stands in makes no other reading.
        cheapest: dict[tuple[tuple[str, _Number], ...], _Reading] = {}
        for reading in _readings(row):
            key = tuple(reading.numbers.items())
            if key not in cheapest or reading.cost < cheapest[key].cost:
                cheapest[key] = reading
        readings = sorted(cheapest.values(), key=lambda reading: reading.cost)
        best = readings[0].cost if readings else 0.0
        row.readings = [reading for reading in readings if reading.cost < min(best + _WORSE, _IMPOSSIBLE)]


def _readings(row: _Row) -> list[_Reading]:
    """Every way to deal the values out to the columns, in their order; of very many the most likely ones."""
    has_runs = any(value.is_run for value in row.values)
    numbers_at = _Numbers(row.values)
    states: dict[_State, float] = {(0, 0, ()): 0.0}
    for name in row.columns:
        following: dict[_State, float] = {}
        for state, cost in states.items():
            for grown, extra in _steps(row, numbers_at, name, state):
                if cost + extra < following.get(grown, _IMPOSSIBLE):
                    following[grown] = cost + extra
        if len(following) > _MOST_STATES:
            ranked = sorted(
                following.items(), key=lambda entry: entry[1] + (_evidence(dict(entry[0][2]), row) if has_runs else 0.0)
            )
            following = dict(ranked[:_MOST_STATES])
        states = following
    found: list[_Reading] = []
    for (place, offset, numbers), cost in states.items():
        rest = row.values[place:]
        if offset == 0 and all(value.is_blank for value in rest):
            dealt = dict(numbers)
            proof = _evidence(dealt, row)
            found.append(_Reading(cost + proof + _SKIPPED_BLANK * len(rest), dealt, proof < 0))
    return found


class _Numbers(dict[tuple[int, int], list["_Number"]]):
    """The numbers that may begin at an offset within a value, taken apart once."""

    def __init__(self, values: Sequence[_Value]) -> None:
        super().__init__()
        self._values = values

    def __missing__(self, key: tuple[int, int]) -> list[_Number]:
        place, offset = key
        numbers = self[key] = list(_numbers_at(self._values[place], offset))
        return numbers


def _steps(row: _Row, numbers_at: _Numbers, name: str, state: _State) -> Iterator[tuple[_State, float]]:
    """What a column may take: the next number, an empty cell, or nothing."""
    place, offset, numbers = state
    is_total = row.source == "total"
    yield state, _missing(name, is_total)
    skipped = 0.0
    while place < len(row.values) and row.values[place].is_blank:
        yield (place + 1, 0, numbers), skipped
        place += 1
        skipped += _SKIPPED_BLANK
    if place == len(row.values):
        return
    value = row.values[place]
    for number in numbers_at[place, offset]:
        extra = _fit(name, number, is_total)
        if extra < _IMPOSSIBLE:
            rest = offset + len(number.printed)
            ended = rest == len(value.run)
            behind = (place + 1, 0) if ended else (place, rest)
            yield (*behind, (*numbers, (name, number))), skipped + extra + (0.0 if ended else _SPLIT)


def _missing(name: str, is_total: bool) -> float:
    return 0.0 if not is_total and name in ("weight", "rate", "score") else _MISSING[name]


def _numbers_at(value: _Value, offset: int) -> Iterator[_Number]:
    rest = value.run[offset:]
    if not value.is_run:
        yield _Number(value.start, value.end, rest, value.unit, _plain(rest))
        return
    for printed in arithmetic.number_prefixes(rest):
        start = value.start + offset
        is_last = len(printed) == len(rest)
        end = value.end if is_last else start + len(printed)
        yield _Number(start, end, printed, value.unit if is_last else "", _plain(printed))


def _plain(printed: str) -> Decimal:
    return parse_decimal(printed.rstrip("%")) or Decimal(0)


def _fit(name: str, number: _Number, is_total: bool) -> float:
    """How badly a number suits a column by its own looks."""
    is_percent = number.printed.endswith("%")
    if name == "rate":
        if number.unit or number.value > 1000:
            return _IMPOSSIBLE
        return 0.0 if is_percent else 0.3
    if is_percent:
        return _IMPOSSIBLE
    if name in ("weight", "score"):
        if number.unit not in ("", "分") or number.value > 50 or (not is_total and number.value not in (10, 20)):
            return _IMPOSSIBLE
        if name == "weight":
            if not arithmetic.is_plausible_weight(number.value):
                return _IMPOSSIBLE
            return 0.0 if number.value in arithmetic.USUAL_EXECUTION_POINTS else 0.4
        return 0.0 if is_total else 1.0
    return _IMPOSSIBLE if number.unit == "分" else 0.0


def _evidence(numbers: dict[str, _Number], row: _Row) -> float:
    """What the row's own equations say: negative where they hold."""
    cost = 0.0
    budget = numbers.get("adjusted_budget") or numbers.get("initial_budget") or numbers.get("planned")
    executed, rate = numbers.get("executed"), numbers.get("rate")
    score = numbers.get("score")
    weight = numbers["weight"].value if "weight" in numbers else row.points
    if budget and executed and executed.value > budget.value * 2:
        cost += 0.6
    if rate and budget and executed:
        holds = arithmetic.rate_agrees(rate.value, arithmetic.decimals(rate.printed), budget.value, executed.value)
        # Nothing spent and a rate of 0 prove nothing about how digits were dealt out.
        cost += 1.5 if not holds else -1.0 if executed.value else -0.1
    if score and weight:
        cost += 5.0 if score.value > weight else 0.0
        if rate:
            cost += -0.5 if arithmetic.score_agrees(score.value, weight, rate.value) else 0.5
    stages = [number for name, number in numbers.items() if name in STAGES]
    if any(value.is_run for value in row.values):
        cost += 0.3 * (
            len({arithmetic.decimals(number.printed) for number in stages if number.value}) - 1 if stages else 0
        )
        ranks = [number.value for number in stages]
        # Sums of one row are of one size; digits dealt out wrongly are not.
        cost += 1.0 if ranks and max(ranks) > _ONE_SIZE * min(ranks) else 0.0
        cost += 0.0 if weight is None or weight in arithmetic.USUAL_EXECUTION_POINTS else 0.6
    return cost


def _chosen(rows: Sequence[_Row]) -> MoneyBlock:
    """The readings that together agree best; rows for which another reading is as good stay unread."""
    # Columns that no heading names must be borne out by the form's own equations.
    is_borne_out = any(reading.is_proved for row in rows for reading in row.readings[:1])
    is_read = [bool(row.readings) and (is_borne_out or not row.is_assumed) for row in rows]
    kept = list(itertools.compress(rows, is_read))
    left = [row for row, kept_row in zip(rows, is_read, strict=True) if not kept_row]
    unread = [_not_told_apart(row.label, row.values) for row in left if _first_number(row.values)]
    choices = [list(range(min(len(row.readings), _KEPT_PER_ROW))) for row in kept]
    while len(kept) and _combinations(choices) > _MOST_COMBINATIONS:
        longest = max(choices, key=len)
        longest.pop()
    ranked = sorted(
        ((_together(kept, choice), choice) for choice in itertools.product(*choices)), key=lambda entry: entry[0]
    )
    if not kept:
        return MoneyBlock((), tuple(unread))
    near = [choice for cost, choice in ranked if cost < ranked[0][0] + _CLEARLY]
    read: list[FundingRow] = []
    for place, row in enumerate(kept):
        readings = [row.readings[choice[place]] for choice in near]
        agreed = _agreed(readings)
        if len(agreed.numbers) < max(len(reading.numbers) for reading in readings):
            unread.append(_not_told_apart(row.label, row.values))
        read.append(_funding_row(row, agreed))
    return MoneyBlock(tuple(_merged(read)), tuple(unread))


def _agreed(readings: Sequence[_Reading]) -> _Reading:
    """What all readings that are as good as the best say alike."""
    best = readings[0]
    numbers = {
        name: number
        for name, number in best.numbers.items()
        if all(other.numbers.get(name) == number for other in readings)
    }
    return replace(best, numbers=numbers)


def _combinations(choices: Sequence[Sequence[int]]) -> int:
    product = 1
    for options in choices:
        product *= len(options)
    return product


def _together(rows: Sequence[_Row], choice: Sequence[int]) -> float:
    """The costs of the rows, and what Σ sources = total says to them."""
    readings = [row.readings[index] for row, index in zip(rows, choice, strict=True)]
    cost = sum(reading.cost for reading in readings)
    total = next((reading for row, reading in zip(rows, readings, strict=True) if row.source == "total"), None)
    if total is None:
        return cost
    for stage in STAGES:
        parts = [
            reading.numbers[stage].value
            for row, reading in zip(rows, readings, strict=True)
            if row.source != "total" and stage in reading.numbers
        ]
        if not parts or (stage in total.numbers and total.numbers[stage].value == 0):
            continue
        holds = stage in total.numbers and arithmetic.sums_to(parts, total.numbers[stage].value)
        cost += -0.5 if holds else 0.5
    return cost


def _funding_row(row: _Row, reading: _Reading) -> FundingRow:
    is_exact = len(reading.numbers) == len(row.columns) and not any(value.is_run for value in row.values)
    is_exact = is_exact or sum(1 for value in row.values) == len(row.columns)
    confidence = 0.98 if is_exact and not any(v.is_run for v in row.values) else 0.92 if reading.is_proved else 0.85

    def piece(name: str) -> Piece | None:
        number = reading.numbers.get(name)
        return None if number is None else _piece(number.start, number.end, confidence)

    amounts = {cast(Stage, stage): place for stage in STAGES if (place := piece(stage)) is not None}
    is_total = row.source == "total"
    label = None if row.label.role == "form_column" else _piece(row.label.start, row.label.word_end, confidence)
    return FundingRow(
        cast(Source, row.source),
        label,
        amounts,
        rate=piece("rate") if is_total else None,
        weight=piece("weight") if is_total else None,
        score=piece("score") if is_total else None,
    )


def _merged(rows: Sequence[FundingRow]) -> Iterator[FundingRow]:
    """Headings with their values beside them make one total row."""
    beside = [row for row in rows if row.label is None]
    for row in rows:
        if row.label is not None:
            yield row
    if beside:
        yield FundingRow(
            "total",
            None,
            {stage: place for row in reversed(beside) for stage, place in row.amounts.items()},
            rate=next((row.rate for row in beside if row.rate), None),
            weight=next((row.weight for row in beside if row.weight), None),
            score=next((row.score for row in beside if row.score), None),
        )


def _not_told_apart(label: Label, values: Sequence[_Value]) -> Unread:
    end = max((value.end for value in values), default=label.end)
    return Unread(
        "cells_not_told_apart",
        f"「{label.wording}」一行的数字无法确定各属哪一栏",
        _piece(label.start, end, 0.3),
    )


def _piece(start: int, end: int, confidence: float) -> Piece:
    return Piece(start, end, METHOD, confidence)
