"""What a statement says of each of its sums: stage, source, and whether the sum stands for the money or is a part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from ingest.extraction.money.exclusions import Exclusions
from ingest.extraction.money.layout import StatementLayout
from ingest.extraction.money.lists import OpenLists, close_enumeration
from ingest.extraction.money.meaning import INFERRED, LEVELS, LIKELY, SURE, WEAK, Reading, Sourced, Staged, Standing
from ingest.extraction.money.parallel import share_out
from ingest.extraction.money.respective import assignments
from ingest.extraction.money.sections import openness_of
from ingest.extraction.money.sources import SourceFinder
from ingest.extraction.money.stages import StageFinder
from ingest.extraction.money.statements import Statement
from ingest.extraction.money.words import Span
from ingest.extraction.source import ReportFacts
from ingest.lexicon import Lexicon
from ingest.quantities import Money
from ingest.records import Stage

_BUDGETS_BEFORE = ("initial_budget", "approved")


class StatementReader:
    """Reads the sums of one statement from left to right; `before` is the last whole sum of the text before it."""

    def __init__(
        self,
        statement: Statement,
        moneys: list[Money],
        lexicon: Lexicon,
        facts: ReportFacts,
        before: Reading | None,
    ) -> None:
        self._layout = StatementLayout(statement, lexicon, moneys)
        self._sources = SourceFinder(self._layout, lexicon, facts)
        self._stages = StageFinder(self._layout, lexicon, facts)
        self._exclusions = Exclusions(self._layout, lexicon, facts)
        self._lists = OpenLists(self._layout, before)
        self._openness = openness_of(statement.passage, lexicon)

    def read(self) -> list[Reading]:
        """Every sum of the statement in the order of the text, then what is said of them without naming them again."""
        readings: list[Reading] = []
        assigned = assignments(self._layout)
        for place in range(len(self._layout.moneys)):
            lead = self._layout.lead(place)
            self._lists.follow(lead, readings)
            self._exclusions.follow_years(lead)
            reading = self._reading(place, readings)
            if place in assigned:
                reading = assigned[place].apply(reading, readings[-1] if place - 1 in assigned else None)
            readings.append(reading)
            if self._lists.above is None:
                readings = close_enumeration(readings)
        readings = share_out(self._layout, readings)
        return [*readings, *self._implied(readings)]

    def _reading(self, place: int, before: list[Reading]) -> Reading:
        above = self._lists.above
        source = self._sources.source_of(place, is_in_list=above is not None)
        staged = self._stages.stage_of(place, source, above, before)
        if staged.stage == "approved" and not source.is_named and above is None:
            source = self._sources.source_of_context(place) or source
        if staged.stage == "adjusted_budget" and not source.is_named and above is None:
            source = self._source_of_earlier_budget(place, before) or source
        standing = self._standing(place, staged, source)
        is_open = staged.stage == "received" and self._may_go_on_with_a_level(place, source, before)
        return Reading(
            money=self._layout.moneys[place],
            statement=self._layout.statement,
            stage=None if standing == "none" else staged.stage,
            source=source.source,
            confidence=min(staged.confidence, source.confidence, LIKELY if is_open else SURE),
            standing=standing,
            above=above.start if above is not None else None,
            is_marked_sum=self._layout.is_marked_sum(place),
            is_further=self._layout.words.last("further_marker", self._layout.lead(place)) is not None,
            is_source_inherited=source.is_inherited,
            is_joint=source.is_joint,
            is_payers_budget=source.is_payers_budget,
            is_addition=self._layout.words.last("addition", self._layout.own_clause(place)) is not None,
            is_bare_budget=staged.is_bare_budget,
            is_work_done=staged.is_work_done,
            is_aside=self._openness == "closed",
            is_interim=self._exclusions.is_interim(place),
        )

    def _may_go_on_with_a_level(self, place: int, source: Sourced, before: list[Reading]) -> bool:
        """县财政安排120万元，实际到位86万元: all that came in, or what came of the county's money."""
        is_of_level = bool(before) and before[-1].above is None and before[-1].source in LEVELS
        between = self._layout.text(self._layout.lead(place))
        return is_of_level and not source.is_named and not any(mark in between for mark in "。；;")

    def _source_of_earlier_budget(self, place: int, before: list[Reading]) -> Sourced | None:
        """区财政年初安排80万元，追加23万元，全年安排103万元: in one sentence the later budget is of the same source."""
        stated = [reading for reading in before if reading.is_line and reading.stage in _BUDGETS_BEFORE]
        earlier = [reading for reading in stated if reading.stage == "initial_budget"] or stated
        sources = {reading.source for reading in stated if reading.source != "total"}
        if len(earlier) != 1 or sources != {earlier[0].source}:
            return None
        between = Span(earlier[0].money.end, self._layout.moneys[place].start)
        # Behind a cut the budget is the same money, whatever parts the clauses.
        ends = "。" if self._layout.words.last("cut", between) is not None else "。；;"
        has_ended = any(mark in self._layout.text(between) for mark in ends)
        if has_ended:
            return None
        return Sourced(
            earlier[0].source, LIKELY, is_named=True, is_inherited=True, is_payers_budget=earlier[0].is_payers_budget
        )

    def _standing(self, place: int, staged: Staged, source: Sourced) -> Standing:
        if staged.stage is None or self._exclusions.is_no_funding(place) or not self._is_open_to(place, staged):
            return "none"
        if self._exclusions.is_purpose(place):
            return "part"
        above = self._lists.above
        if above is not None and staged.stage == above.stage:
            return _standing_in_list(source, above)
        is_distributed = self._exclusions.is_distributed(place) and not source.is_named
        return "batch" if is_distributed or self._exclusions.is_batch(place) else "whole"

    def _is_open_to(self, place: int, staged: Staged) -> bool:
        """Goals and indicators state money only where they say outright what was budgeted or has happened."""
        if self._openness == "open":
            return True
        if self._openness == "closed":
            return staged.is_own and self._layout.tells_budget_and_outlay
        above = self._lists.above
        if above is not None and staged.stage == above.stage:
            return above.standing != "none"
        if not staged.is_own:
            return False
        if self._openness == "stated" and self._is_of_the_whole_year(place):
            return True
        if staged.stage == "planned":
            return False
        if self._openness == "budgets" and self._layout.tells_budget_and_outlay:
            # 项目批复资金465万元，累计支付441万元: an outlay beside its budget is no cost of an indicator.
            return True
        if staged.stage != "executed":
            return staged.stage != "received" or self._openness == "stated"
        has_happened = self._layout.words.last("actual_mark", self._layout.own_clause(place)) is not None
        return self._openness == "stated" and has_happened

    def _is_of_the_whole_year(self, place: int) -> bool:
        """全年申请2026400元, 全年支付1329120元: all the money, as the goal cell of a form begins with it."""
        clause = self._layout.own_clause(place)
        year = self._layout.words.first("whole_year", clause)
        return year is not None and not self._layout.text(Span(clause.start, year.start)).strip()

    def _implied(self, readings: list[Reading]) -> Iterator[Reading]:
        """年初预算安排83万元，已全部到位: the same sum has a second stage."""
        yield from self._of_the_same_amount(readings)
        for named in self._stages.stated_of_all:
            before = [reading for reading in readings if reading.money.end <= named.start]
            whole = next((reading for reading in reversed(before) if reading.standing == "whole"), None)
            if whole is None or whole.stage == named.canonical:
                continue
            said = replace(whole, confidence=WEAK, is_implied=True, is_marked_sum=False)
            if named.canonical == "received":
                yield replace(said, stage="received")
            elif named.canonical == "executed":
                yield replace(said, stage="executed", source="total")

    def _of_the_same_amount(self, readings: list[Reading]) -> Iterator[Reading]:
        """预算数、到位数和支出数均为80万元: one sum for every stage before 均为."""
        for place, reading in enumerate(readings):
            clause = self._layout.own_clause(place)
            marker = self._layout.words.last("same_amount", clause)
            if marker is None or reading.standing != "whole":
                continue
            for named in self._layout.words.within("stage", Span(clause.start, marker.start)):
                if named.canonical != reading.stage:
                    stage = cast(Stage, named.canonical)
                    yield replace(reading, stage=stage, confidence=INFERRED, is_implied=True, is_marked_sum=False)


def _standing_in_list(source: Sourced, above: Reading) -> Standing:
    """A part of the sum above it: the share of a source, or a part by purpose, place or kind."""
    if above.standing in ("part", "none") or not source.is_named:
        return "part"
    if source.source == above.source != "total" or above.source in (*LEVELS, "local", "other"):
        # 中央资金60万元（含彩票公益金35万元）: below one source only kinds of its money follow.
        return "part"
    return "batch" if above.standing == "batch" else "share"
