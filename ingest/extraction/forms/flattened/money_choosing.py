"""The readings of a block's rows that together agree best: Σ sources = total.

Rows for which another reading is as good stay unread, or lose the numbers in which the two differ.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.extraction.forms.flattened import arithmetic
from ingest.extraction.forms.flattened.money_dealing import Reading, readings_of
from ingest.extraction.forms.flattened.money_rows import (
    MoneyBlock,
    MoneyRow,
    first_number,
    not_told_apart,
    source_of,
)
from ingest.extraction.forms.flattened.pieces import piece_at
from ingest.extraction.forms.labels import STAGES
from ingest.extraction.forms.rows import FundingRow, Unread

_CLEARLY = 0.25
_KEPT_PER_ROW = 5
_MOST_COMBINATIONS = 4096


def choose_readings(rows: Sequence[MoneyRow]) -> MoneyBlock:
    """Read the rows of a block."""
    weighed = [(row, readings_of(row)) for row in rows]
    # Columns that no heading names must be borne out by the form's own equations.
    is_borne_out = any(reading.is_proved for _, readings in weighed for reading in readings[:1])
    kept: list[tuple[MoneyRow, list[Reading]]] = []
    unread: list[Unread] = []
    for row, readings in weighed:
        if readings and (is_borne_out or not row.is_assumed):
            kept.append((row, readings[:_KEPT_PER_ROW]))
        elif first_number(row.cells):
            unread.append(not_told_apart(row.label, row.cells))
    read: list[tuple[MoneyRow, FundingRow]] = []
    for (row, _), readings_alike in zip(kept, zip(*_nearly_best(kept), strict=True), strict=True):
        agreed = _agreed(readings_alike)
        if len(agreed.numbers) < max(len(reading.numbers) for reading in readings_alike):
            unread.append(not_told_apart(row.label, row.cells))
        read.append((row, _funding_row(row, agreed)))
    return MoneyBlock(tuple(_merged(read)), tuple(unread))


def _nearly_best(kept: Sequence[tuple[MoneyRow, list[Reading]]]) -> list[tuple[Reading, ...]]:
    """The combinations of a reading for each row that are as good as the best, which comes first."""
    rows = [row for row, _ in kept]
    choices = [list(readings) for _, readings in kept]
    while math.prod(map(len, choices)) > _MOST_COMBINATIONS:
        max(choices, key=len).pop()
    ranked = sorted(
        ((_together(rows, readings), readings) for readings in itertools.product(*choices)), key=lambda entry: entry[0]
    )
    return [readings for cost, readings in ranked if cost < ranked[0][0] + _CLEARLY]


def _together(rows: Sequence[MoneyRow], readings: Sequence[Reading]) -> float:
    """The costs of the rows, and what Σ sources = total says to them."""
    cost = sum(reading.cost for reading in readings)
    total = next((reading for row, reading in zip(rows, readings, strict=True) if row.is_total), None)
    if total is None:
        return cost
    sources = [reading for row, reading in zip(rows, readings, strict=True) if not row.is_total]
    for stage in STAGES:
        parts = [reading.numbers[stage].value for reading in sources if stage in reading.numbers]
        if not parts or (stage in total.numbers and total.numbers[stage].value == 0):
            continue
        holds = stage in total.numbers and arithmetic.sums_to(parts, total.numbers[stage].value)
        cost += -0.5 if holds else 0.5
    return cost


def _agreed(readings: Sequence[Reading]) -> Reading:
    """What all readings that are as good as the best say alike."""
    best = readings[0]
    numbers = {
        column: number
        for column, number in best.numbers.items()
        if all(other.numbers.get(column) == number for other in readings)
    }
    return replace(best, numbers=numbers)


def _funding_row(row: MoneyRow, reading: Reading) -> FundingRow:
    is_exact = not row.has_runs and len(row.columns) in (len(reading.numbers), len(row.cells))
    confidence = 0.98 if is_exact else 0.92 if reading.is_proved else 0.85
    pieces = {column: piece_at(number.start, number.end, confidence) for column, number in reading.numbers.items()}
    amounts = {stage: pieces[stage] for stage in STAGES if stage in pieces}
    if not row.is_total:
        return FundingRow(source_of(row.label), amounts)
    return FundingRow("total", amounts, pieces.get("rate"), pieces.get("weight"), pieces.get("score"))


def _merged(rows: Sequence[tuple[MoneyRow, FundingRow]]) -> Iterator[FundingRow]:
    """The rows; headings with their values beside them make one total row."""
    beside = [funding for row, funding in rows if row.label.role == "form_column"]
    yield from (funding for row, funding in rows if row.label.role != "form_column")
    if beside:
        yield FundingRow(
            "total",
            {stage: place for row in reversed(beside) for stage, place in row.amounts.items()},
            rate=next((row.rate for row in beside if row.rate), None),
            weight=next((row.weight for row in beside if row.weight), None),
            score=next((row.score for row in beside if row.score), None),
        )
