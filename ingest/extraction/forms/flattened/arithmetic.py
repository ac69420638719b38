"""The equations of a form, by which cells are told apart that vanished or ran together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

_PRINTED_NUMBER = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,6})?|(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?)%?", re.ASCII)
USUAL_EXECUTION_POINTS = (Decimal(10), Decimal(20))
"""Points of the execution row: 10 by the national rule, 20 in some provinces' forms."""
MOST_POINTS = Decimal(50)
"""Points that an execution row or one indicator can carry."""


def is_printed_number(printed: str) -> bool:
    """One number as forms print it: no leading zeros, at most six decimals, thousands commas in their places."""
    return _PRINTED_NUMBER.fullmatch(printed) is not None


def number_prefixes(run: str) -> Iterator[str]:
    """Every beginning of a run of digits that is one printed number and leaves the beginning of another, or nothing."""
    for end in range(1, min(len(run), 20) + 1):
        leaves_a_number = end == len(run) or run[end].isdigit()
        if leaves_a_number and is_printed_number(run[:end]):
            yield run[:end]


def decimals(printed: str) -> int:
    """How many decimal places a printed number has."""
    return len(printed.rstrip("%").partition(".")[2])


def is_plausible_weight(points: Decimal) -> bool:
    """Whether an execution row or one indicator can carry so many points."""
    return 0 < points <= MOST_POINTS


def rate_agrees(rate_pct: Decimal, places: int, budget: Decimal, executed: Decimal) -> bool:
    """Rate = executed ÷ budget, rounded or cut to `places` decimals. Zero by zero may be printed as anything."""
    if budget == 0:
        return executed == 0
    last_place = Decimal(1).scaleb(-places)
    return -last_place / 2 <= executed / budget * 100 - rate_pct < last_place


def score_agrees(score: Decimal, weight: Decimal, rate_pct: Decimal) -> bool:
    """Score = weight × rate, no more than the weight, to the half point that forms round to."""
    return abs(weight * min(rate_pct, Decimal(100)) / 100 - score) <= Decimal("0.51")


def sums_to(parts: Iterable[Decimal], total: Decimal) -> bool:
    """Σ parts = total, to the last cent."""
    return abs(sum(parts, Decimal(0)) - total) <= Decimal("0.011")
