"""Lists of parts: what stands behind 其中 or in brackets behind a sum, and what a closing sum adds up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile

from ingest.extraction.money.layout import StatementLayout
from ingest.extraction.money.meaning import LEVELS, LIKELY, Reading
from ingest.extraction.money.words import Span

_BEFORE_A_SUM_MARKER = "；; 以上"


@dataclass(frozen=True, slots=True)
class _Level:
    above: Reading
    is_bracket: bool


class OpenLists:
    """The lists of parts that are open where reading stands; `before` is the whole sum of the text before."""

    def __init__(self, layout: StatementLayout, before: Reading | None) -> None:
        self._layout = layout
        self._words = layout.words
        self._before = before
        self._levels: list[_Level] = []

    @property
    def above(self) -> Reading | None:
        """The sum that the innermost open list takes apart."""
        return self._levels[-1].above if self._levels else None

    def follow(self, lead: Span, readings: list[Reading]) -> None:
        """Open and close lists on the way to the next sum."""
        self._open(lead, readings)
        self._close(lead, readings)

    def _open(self, lead: Span, readings: list[Reading]) -> None:
        above = readings[-1] if readings else self._before
        markers = {hit.start for hit in self._words.within("part_marker", lead)}
        for place in range(lead.start, lead.end):
            char = self._words.plain[place]
            if char in "（(" and above is not None:
                self._levels.append(_Level(above, is_bracket=True))
            elif char in "）)" and any(level.is_bracket for level in self._levels):
                above = self._close_bracket()
            elif place in markers and above is not None and not self._is_just_opened(lead.start, place):
                self._levels.append(_Level(above, is_bracket=False))

    def _close_bracket(self) -> Reading:
        """Close the innermost bracket and what is open inside; the sum that it stood behind is the last one again."""
        while not (closed := self._levels.pop()).is_bracket:
            pass
        return closed.above

    def _is_just_opened(self, start: int, place: int) -> bool:
        """（其中：…: the bracket has opened the list already."""
        return self._words.plain[start:place].rstrip().endswith(("（", "("))

    def _close(self, lead: Span, readings: list[Reading]) -> None:
        """A list behind 其中 ends where another stage, a sum of all, or a source of the list above begins."""
        while self._levels and not self._levels[-1].is_bracket and self._ends_before(lead, readings):
            self._levels.pop()

    def _ends_before(self, lead: Span, readings: list[Reading]) -> bool:
        clause, above = self._words.clause(lead.start, lead.end), self._levels[-1].above
        parts = _last_parts(above, readings)
        named, source = self._words.last("stage", clause), self._words.last("source", clause)
        if named is not None and self._layout.says_nothing_in_list(named, above.stage):
            named = None
        is_of_sources = any(reading.standing == "share" for reading in parts)
        is_next_item = is_of_sources and any(mark in self._layout.text(lead) for mark in "；;")
        is_beyond = self._words.last("further_marker", clause) is not None
        if named is not None and (named.canonical != above.stage or is_next_item or is_beyond):
            return True
        is_source_of_list_above = source is not None and above.source in LEVELS and source.canonical != above.source
        return (len(self._levels) > 1 and is_source_of_list_above) or (bool(parts) and self._begins_with_sum(clause))

    def _begins_with_sum(self, clause: Span) -> bool:
        marker = self._words.first("sum_marker", clause)
        return marker is not None and not self._layout.text(Span(clause.start, marker.start)).strip(
            _BEFORE_A_SUM_MARKER
        )


def _last_parts(above: Reading, readings: list[Reading]) -> list[Reading]:
    """The parts of a sum that stand right before the place of reading."""
    return list(
        takewhile(lambda reading: reading.above is not None and reading.start > above.start, reversed(readings))
    )


def close_enumeration(readings: list[Reading]) -> list[Reading]:
    """甲30万元；乙20万元；共计50万元: what the closing sum adds up is a list of parts, unless sources share it."""
    closing = readings[-1]
    group = _added_up(readings) if closing.is_marked_sum else []
    stages = {reading.stage for reading in group if reading.stage is not None}
    if any(reading.is_addition for reading in group[1:]) and group[0].stage == "initial_budget":
        # 年初预算100万元，追加20万元，合计120万元: what the budget has grown to.
        return [*readings[:-1], replace(closing, stage="adjusted_budget", standing="whole", confidence=LIKELY)]
    if not group or len(stages) > 1:
        return readings
    before, shares = readings[: -1 - len(group)], [_as_share(reading) for reading in group]
    sources = {reading.source for reading in shares if reading.source != "total"}
    if len(sources) > 1 or sources == {"carryover"}:
        return [*before, *shares, _as_total(closing) if len(sources) > 1 else closing]
    if sources and group[0].source == "total":
        # 下达资金100万元，县级配套50万元，共计150万元: the first is of nobody knows whom.
        return [
            *before,
            *(replace(reading, standing="part") if reading.source == "total" else reading for reading in group),
            closing,
        ]
    if closing.source == "total" and sources:
        closing = replace(closing, source=sources.pop())
    if closing.stage is None and stages:
        closing = replace(closing, stage=stages.pop(), standing="whole", confidence=LIKELY)
    parts = [replace(reading, standing="part", above=closing.start) for reading in group]
    return [*before, *parts, closing]


def _as_share(reading: Reading) -> Reading:
    """中央和省级共下达80万元，市级安排20万元，合计100万元: beside others the joint sum is no total."""
    return replace(reading, source="fiscal") if reading.is_joint else reading


def _as_total(closing: Reading) -> Reading:
    """中央80万元，省级20万元，合计100万元: what a title says of the source holds for one of them only."""
    return replace(closing, source="total") if closing.is_source_inherited else closing


def _added_up(readings: list[Reading]) -> list[Reading]:
    """The sums right before the last one that add up to it."""
    left = readings[-1].money.amount_yuan
    for size, reading in enumerate(reversed(readings[:-1]), start=1):
        left -= reading.money.amount_yuan
        if left <= 0:
            return readings[-1 - size : -1] if left == 0 and size > 1 else []
    return []
