"""Sums with their labels in one cell: `年度预算资金总额：90.00 其中：中央补助 60.00 市级资金 30.00`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from ingest.characters import fold
from ingest.extraction.forms import labels
from ingest.lexicon import Lexicon
from ingest.records import Source, Stage

_LABELLED_SUM = re.compile(
    r"\s*(?P<label>[\u4e00-\u9fff、（）()：:\s]{2,20}?)\s*[：:]?\s*(?P<sum>\d[\d,]*(?:\.\d+)?\s*(?:亿元|万元|元)?)[\s,，;；。]*"
)

NestedSums = dict[tuple[Source, Stage], tuple[int, int]]
"""Where in the cell's text the sum of a source and stage stands."""


def sums_in_cell(text: str, lexicon: Lexicon) -> NestedSums:
    """The sums of a cell that holds nothing else; empty when any part of it is something else.

    The first label names the stage and is the total; the ones behind it are its sources.
    """
    found, end = _sums_from(fold(text), 0, lexicon)
    return found if end == len(text) else {}


def sums_in_text(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[tuple[NestedSums, int]]:
    """The sums of every such cell in a folded text that lost its cells, with the place behind them."""
    behind = start
    for hit in lexicon.find("form_sum", text[start:end]):
        if start + hit.start >= behind:
            found, behind = _sums_from(text, start + hit.start, lexicon)
            if len(found) > 1:
                yield found, behind


def _sums_from(folded: str, place: int, lexicon: Lexicon) -> tuple[NestedSums, int]:
    """The sums from a place on, and where what follows is none of them."""
    stage: Stage | None = None
    found: NestedSums = {}
    while (match := _LABELLED_SUM.match(folded, place)) is not None:
        label = match["label"]
        source: Source | None = "total"
        if stage is None:
            stage = cast("Stage | None", lexicon.canonical("form_sum", label))
        else:
            source = labels.row_source(label, lexicon)
        if stage is None or source is None:
            break
        found[source, stage] = match.span("sum")
        place = match.end()
    return found, place
