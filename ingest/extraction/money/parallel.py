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
    """The readings, with the source of an item's first sum in the whole item where every item begins with another's.

    Where the first sum of an item names no stage, it is no line; one item alone may as well speak of all the money.
    """
    items = [item for item in _items(layout, readings) if item]
    sources = {item[0].source for item in items}
    if (
        len(items) < _FEWEST_ITEMS
        or len(sources) < len(items)
        or all(len(item) == 1 for item in items)
        or not all(_is_of_one_source(item) for item in items)
    ):
        return readings
    return [
        piece
        for first, *rest in items
        for piece in (_first(layout, first, rest), *(_of_source(first, one) for one in rest))
    ]


def _items(layout: StatementLayout, readings: Sequence[Reading]) -> list[list[Reading]]:
    ends = [match.start() for match in _ITEM_END.finditer(layout.words.plain)]
    edges = [0, *ends, len(layout.words.plain)]
    return [[reading for reading in readings if start <= reading.money.start < end] for start, end in pairwise(edges)]


def _is_of_one_source(item: Sequence[Reading]) -> bool:
    first, *rest = item
    is_of_source = first.source != "total" and first.above is None
    return is_of_source and all(one.source == "total" and one.standing == "whole" for one in rest)


def _first(layout: StatementLayout, first: Reading, rest: Sequence[Reading]) -> Reading:
    """中央资金210万元 alone only names the money; 中央资金安排210万元 states a stage of it."""
    places = {money.start: place for place, money in enumerate(layout.moneys)}
    clause = layout.own_clause(places[first.money.start])
    return first if not rest or layout.names_stage(clause) else replace(first, stage=None, standing="none")


def _of_source(first: Reading, reading: Reading) -> Reading:
    return replace(reading, source=first.source, confidence=min(reading.confidence, INFERRED))
