"""All ways to deal the numbers of a money row out to its columns, each with what speaks against it.

Numbers keep their order; a column may stay empty, and a run of digits may be cut wherever a number may end. What a
number looks like and what the row's own equations say (rate = executed ÷ budget, score = points × rate) make the cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.extraction.forms.flattened import arithmetic
from ingest.extraction.forms.flattened.money_rows import MoneyCell, MoneyRow
from ingest.extraction.forms.labels import STAGES
from ingest.quantities import parse_decimal

# What a column costs that a row has no number for: 年初预算数 is the one that forms leave empty.
_MISSING = {
    "initial_budget": 0.5, "adjusted_budget": 1.2, "executed": 1.3, "planned": 1.2, "approved": 1.2, "received": 1.2,
    "surplus": 0.4, "amount": 1.2, "weight": 0.9, "rate": 0.7, "score": 0.6,
    "share": 0.7,
}  # fmt: skip
_OF_THE_TOTAL_ROW = ("weight", "rate", "share", "score")
_SKIPPED_BLANK = 0.35
_IMPOSSIBLE = 50.0
_SPLIT = 0.4
# Readings that cost so much more than the cheapest are out of the question.
_WORSE = 3.0
_ONE_SIZE = 8
_HIGHEST_RATE = 1000
# 9600096000.00 is 96000 and 96000.00, hardly one sum.
_LARGEST_OF_RUN = Decimal(10) ** 9
_RUN_TOGETHER = 2.0
_MOST_STATES = 300


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was dealt out: a cell, or a part of a run."""

    start: int
    end: int
    printed: str
    unit: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to deal a row's numbers out to the columns; `is_proved` when the row's equations bear it out."""

    cost: float
    numbers: Mapping[str, Number]
    is_proved: bool


_State = tuple[int, int, tuple[tuple[str, Number], ...]]
"""How far the cells of a row are dealt out: the cell, the place in its run, the numbers by column."""


def readings_of(row: MoneyRow) -> list[Reading]:
    """The likely readings of a row, the cheapest first."""
    # Which column an empty cell stands in makes no other reading.
    cheapest: dict[tuple[tuple[str, Number], ...], Reading] = {}
    for reading in _readings(row):
        key = tuple(reading.numbers.items())
        if key not in cheapest or reading.cost < cheapest[key].cost:
            cheapest[key] = reading
    readings = sorted(cheapest.values(), key=lambda reading: reading.cost)
    limit = min(readings[0].cost + _WORSE, _IMPOSSIBLE) if readings else 0.0
    return [reading for reading in readings if reading.cost < limit]


def _readings(row: MoneyRow) -> Iterator[Reading]:
    """Every way to deal the numbers out to the columns, in their order; of very many the most likely ones."""
    numbers_at = _Numbers(row.cells)
    states: dict[_State, float] = {(0, 0, ()): 0.0}
    for column in row.columns:
        following: dict[_State, float] = {}
        for state, cost in states.items():
            for grown, extra in _steps(row, numbers_at, column, state):
                if cost + extra < following.get(grown, _IMPOSSIBLE):
                    following[grown] = cost + extra
        states = _most_likely(row, following) if len(following) > _MOST_STATES else following
    for (place, offset, dealt), cost in states.items():
        rest = row.cells[place:]
        if offset == 0 and all(cell.is_blank for cell in rest):
            numbers = dict(dealt)
            proof = _evidence(numbers, row)
            yield Reading(cost + proof + _SKIPPED_BLANK * len(rest), numbers, proof < 0)


def _most_likely(row: MoneyRow, states: dict[_State, float]) -> dict[_State, float]:
    def cost_so_far(entry: tuple[_State, float]) -> float:
        (_, _, dealt), cost = entry
        return cost + (_evidence(dict(dealt), row) if row.has_runs else 0.0)

    return dict(sorted(states.items(), key=cost_so_far)[:_MOST_STATES])


class _Numbers(dict[tuple[int, int], list[Number]]):
    """The numbers that may begin at an offset within a cell, taken apart once."""

    def __init__(self, cells: Sequence[MoneyCell]) -> None:
        super().__init__()
        self._cells = cells

    def __missing__(self, key: tuple[int, int]) -> list[Number]:
        place, offset = key
        numbers = self[key] = list(_numbers_at(self._cells[place], offset))
        return numbers


def _steps(row: MoneyRow, numbers_at: _Numbers, column: str, state: _State) -> Iterator[tuple[_State, float]]:
    """What a column may take: the next number, an empty cell, or nothing."""
    place, offset, dealt = state
    yield state, _missing(column, row.is_total)
    skipped = 0.0
    while place < len(row.cells) and row.cells[place].is_blank:
        yield (place + 1, 0, dealt), skipped
        place += 1
        skipped += _SKIPPED_BLANK
    if place == len(row.cells):
        return
    for number in numbers_at[place, offset]:
        extra = _fit(column, number, row.is_total)
        if extra < _IMPOSSIBLE:
            rest = offset + len(number.printed)
            ended = rest == len(row.cells[place].run)
            behind = (place + 1, 0) if ended else (place, rest)
            yield (*behind, (*dealt, (column, number))), skipped + extra + (0.0 if ended else _SPLIT)


def _missing(column: str, is_total: bool) -> float:
    return 0.0 if not is_total and column in _OF_THE_TOTAL_ROW else _MISSING[column]


def _numbers_at(cell: MoneyCell, offset: int) -> Iterator[Number]:
    rest = cell.run[offset:]
    if not cell.is_run:
        yield Number(cell.start, cell.end, rest, cell.unit, _plain(rest))
        return
    for printed in arithmetic.number_prefixes(rest):
        start = cell.start + offset
        is_last = len(printed) == len(rest)
        end = cell.end if is_last else start + len(printed)
        yield Number(start, end, printed, cell.unit if is_last else "", _plain(printed))


def _plain(printed: str) -> Decimal:
    return parse_decimal(printed.rstrip("%")) or Decimal(0)


def _fit(column: str, number: Number, is_total: bool) -> float:
    """How badly a number suits a column by its own looks."""
    is_percent = number.printed.endswith("%")
    if column in ("rate", "share"):
        if number.unit or number.value > _HIGHEST_RATE:
            return _IMPOSSIBLE
        return 0.0 if is_percent else 0.3
    if is_percent:
        return _IMPOSSIBLE
    if column in ("weight", "score"):
        is_usual = number.value in arithmetic.USUAL_EXECUTION_POINTS
        if number.unit not in ("", "分") or number.value > arithmetic.MOST_POINTS or not (is_total or is_usual):
            return _IMPOSSIBLE
        if column == "weight":
            if not arithmetic.is_plausible_weight(number.value):
                return _IMPOSSIBLE
            return 0.0 if is_usual else 0.4
        return 0.0 if is_total else 1.0
    return _IMPOSSIBLE if number.unit == "分" else 0.0


def _evidence(numbers: dict[str, Number], row: MoneyRow) -> float:
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
    if row.has_runs:
        cost += 0.3 * (
            len({arithmetic.decimals(number.printed) for number in stages if number.value}) - 1 if stages else 0
        )
        ranks = [number.value for number in stages]
        cost += _RUN_TOGETHER if ranks and max(ranks) >= _LARGEST_OF_RUN else 0.0
        # Sums of one row are of one size; digits dealt out wrongly are not.
        cost += 1.0 if ranks and max(ranks) > _ONE_SIZE * min(ranks) else 0.0
        cost += 0.0 if weight is None or weight in arithmetic.USUAL_EXECUTION_POINTS else 0.6
    return cost
