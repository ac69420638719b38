"""Values of a synthetic archive: drawn at random, rounded as forms round, written as records write them."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = dict[str, Any]


def weighted(rng: random.Random, *choices: tuple[str, int]) -> str:
    """One of the names, as often as its weight says."""
    return rng.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


def rounded(value: Decimal) -> Decimal:
    """To two places, half up."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def round_yuan(value: Decimal) -> Decimal:
    """To whole hundreds of yuan, written with two places."""
    return (value.quantize(Decimal("1E2"), ROUND_HALF_UP)).quantize(Decimal("0.01"))


def as_text(value: Decimal | None) -> str | None:
    """A decimal as records write it; nothing stays nothing."""
    return None if value is None else format(value, "f")
