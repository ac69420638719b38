"""中央资金210万元，执行数200万元；县级资金90万元，执行数81万元: what follows a source's sum is of that source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.extraction.money.layout import StatementLayout
from ingest.extraction.money.meaning import INFERRED, Reading

_ITEM_END = re.compile(r"[；;。]")
_FEWEST_ITEMS = 2


def share_out(layout: StatementLayout, readings: list[Reading]) -> list[Reading]:
    """The readings, where every item of a list begins with a source's own sum, with that source in the whole item.

    The first sum of an item names no stage, so it is no line; one item alone may as well speak of all the money.
    """
    items = [item for item in _items(layout, readings) if item]
    if len(items) < _FEWEST_ITEMS or not all(_begins_with_source(layout, item) for item in items):
        return readings
    return [piece for first, *rest in items for piece in (_unstaged(first), *(_of_source(first, one) for one in rest))]


def _items(layout: StatementLayout, readings: Sequence[Reading]) -> list[list[Reading]]:
    ends = [match.start() for match in _ITEM_END.finditer(layout.words.plain)]
    edges = [0, *ends, len(layout.words.plain)]
    return [[reading for reading in readings if start <= reading.money.start < end] for start, end in pairwise(edges)]


def _begins_with_source(layout: StatementLayout, item: Sequence[Reading]) -> bool:
    first, *rest = item
    places = {money.start: place for place, money in enumerate(layout.moneys)}
    clause = layout.own_clause(places[first.money.start])
    names_stage = layout.words.last("stage", clause) is not None or layout.touching_stage(clause) is not None
    is_of_source = first.source != "total" and first.above is None and not names_stage
    return is_of_source and bool(rest) and all(one.source == "total" and one.standing == "whole" for one in rest)


def _unstaged(first: Reading) -> Reading:
    return replace(first, stage=None, standing="none")


def _of_source(first: Reading, reading: Reading) -> Reading:
    return replace(reading, source=first.source, confidence=min(reading.confidence, INFERRED))
