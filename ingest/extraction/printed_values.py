"""Printed points, targets and actual values → the fields of an indicator."""

from __future__ import annotations

import re
from decimal import Decimal

from ingest.characters import fold
from ingest.lexicon import Lexicon
from ingest.quantities import fits, parse_decimal, parse_value

POINTS_IN_BRACKETS = re.compile(r"[（(]\s*(?:满分|分值)?\s*(?P<points>\d+(?:\.\d+)?)\s*分\s*[)）]")
"""Full points behind a name: （10分）."""


def parse_points(text: str | None) -> Decimal | None:
    """Points as printed (`7.5`, `7.5分`); None when the text is no number of points."""
    points = parse_decimal(fold(text or "").strip().removesuffix("分").strip())
    return points if points is not None and fits(points, whole=5, places=4) else None


def typed_values(side: str, text: str | None, lexicon: Lexicon) -> dict[str, object]:
    """What could be read from a printed `target` or `actual`, by field name of the record."""
    read = parse_value(text, lexicon)
    return {
        f"{side}_state": read.state,
        f"{side}_operator": read.operator,
        f"{side}_value": read.value,
        f"{side}_high": read.high,
        f"{side}_unit": read.unit,
        f"{side}_from": read.date_from,
        f"{side}_to": read.date_to,
    }
