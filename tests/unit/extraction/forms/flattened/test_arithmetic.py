"""The equations of a form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.extraction.forms.flattened import arithmetic


@pytest.mark.parametrize(
    ("printed", "is_one"),
    [
        ("0", True),
        ("0.00", True),
        ("07", False),
        ("12.5", True),
        ("1.2345678", False),
        ("61,250.00", True),
        ("61,25", False),
    ],
)
def test_a_printed_number_has_no_leading_zeros(printed: str, is_one: bool) -> None:
    assert arithmetic.is_printed_number(printed) is is_one


def test_a_run_of_digits_begins_with_every_number_that_leaves_another() -> None:
    assert list(arithmetic.number_prefixes("10.5%8")) == ["1", "10.5%"]
    assert list(arithmetic.number_prefixes("10")) == ["1", "10"]
    assert list(arithmetic.number_prefixes("")) == []


@pytest.mark.parametrize(
    ("rate", "places", "budget", "executed", "agrees"),
    [
        ("86", 0, "808.1", "692.98", True),
        ("85", 0, "808.1", "692.98", True),
        ("87", 0, "808.1", "692.98", False),
        ("95.12", 2, "148.5", "141.26", True),
        ("95.22", 2, "148.5", "141.26", False),
        ("0", 0, "0", "0", True),
        ("100", 0, "0", "0", True),
        ("102.59", 2, "329.77", "338.31", True),
    ],
)
def test_a_rate_is_rounded_or_cut(rate: str, places: int, budget: str, executed: str, agrees: bool) -> None:
    assert arithmetic.rate_agrees(Decimal(rate), places, Decimal(budget), Decimal(executed)) is agrees


def test_a_score_is_never_more_than_the_points() -> None:
    assert arithmetic.score_agrees(Decimal(10), Decimal(10), Decimal("102.59"))
    assert arithmetic.score_agrees(Decimal("9.5"), Decimal(10), Decimal("95.12"))
    assert not arithmetic.score_agrees(Decimal(8), Decimal(10), Decimal(95))


def test_parts_sum_to_the_total_to_the_cent() -> None:
    assert arithmetic.sums_to([Decimal("180.00"), Decimal("56.50")], Decimal("236.50"))
    assert not arithmetic.sums_to([Decimal(40), Decimal(20)], Decimal(61))
