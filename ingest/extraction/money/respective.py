"""中央、省级资金分别为80万元、20万元: as many names before 分别 as sums behind it, one for each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import cast

from ingest.extraction.money.layout import StatementLayout
from ingest.extraction.money.meaning import LIKELY, Reading
from ingest.extraction.money.words import Span
from ingest.records import Source, Stage

_BETWEEN_NAMES = re.compile(r"[、和及与]|以及")
_BETWEEN_SUMS = re.compile(r"\s*[、，,和及与]\s*")


@dataclass(frozen=True, slots=True)
class Assignment:
    """What 分别 assigns to a sum: a source or a stage."""

    stage: Stage | None = None
    source: Source | None = None

    def apply(self, reading: Reading, before: Reading | None) -> Reading:
        """The reading with what is assigned; `before` is the sum before it, whose stage it shares."""
        stage = self.stage or reading.stage or (before.stage if before is not None else None)
        return replace(
            reading,
            stage=stage,
            source=self.source or reading.source,
            standing="none" if stage is None else "share" if self.source and reading.above is not None else "whole",
            confidence=LIKELY,
        )


def assignments(layout: StatementLayout) -> dict[int, Assignment]:
    """What 分别 assigns, by the place of the sum."""
    found: dict[int, Assignment] = {}
    for marker in layout.words.all_of("distribution_marker"):
        places = _sums_behind(layout, marker.end)
        ends = [money.end for money in layout.moneys if money.end <= marker.start]
        names = Span(max([layout.words.clause(0, marker.start).start, *ends]), marker.start)
        sources, stages = _sources_named(layout, names), layout.words.within("stage", names)
        if len(places) > 1 and len(sources) == len(places):
            found |= {at: Assignment(source=source) for at, source in zip(places, sources, strict=True)}
        elif len(places) > 1 and len(stages) == len(places):
            found |= {at: Assignment(stage=cast(Stage, hit.canonical)) for at, hit in zip(places, stages, strict=True)}
    return found


def _sources_named(layout: StatementLayout, names: Span) -> list[Source]:
    """中央、省、县 before 分别: every name a level of the state, of which only some are sources by themselves."""
    levels = [layout.words.level_named(piece) for piece in _BETWEEN_NAMES.split(layout.text(names))]
    if len(levels) > 1 and None not in levels:
        return cast(list[Source], levels)
    return [cast(Source, hit.canonical) for hit in layout.words.within("source", names)]


def _sums_behind(layout: StatementLayout, start: int) -> list[int]:
    """The sums that follow a place in its clause, joined by nothing but 、 or 和."""
    places: list[int] = []
    for place, money in enumerate(layout.moneys):
        if money.start < start:
            continue
        is_next = (
            _BETWEEN_SUMS.fullmatch(layout.text(layout.lead(place))) is not None
            if places
            else layout.words.clause(start, money.start).start == start
        )
        if not is_next:
            break
        places.append(place)
    return places
