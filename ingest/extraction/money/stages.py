"""The stage of a sum: planned, budgeted, issued, received or spent, by the words nearest to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import cast

from ingest.extraction.money.layout import StatementLayout
from ingest.extraction.money.meaning import DOUBTFUL, INFERRED, LEVELS, LIKELY, SURE, WEAK, Reading, Sourced, Staged
from ingest.extraction.money.words import Span
from ingest.extraction.source import ReportFacts
from ingest.lexicon import Hit, Lexicon
from ingest.records import Stage

NO_STAGE = Staged(None, 0.0)
_NUMBER_OF_A_NOTICE = re.compile(r"[〔\[【（(]\d{4}[〕\]】）)]第?\d+号(?:文件|文)?[)）：:]?\s*$")
_TOWARDS = ("至", "到", "入", "进入", "往")
_NEAR = 16
_NEAR_SOURCE = 6
_STAGES_OF_A_BUDGET = ("initial_budget", "adjusted_budget", "approved")
_BENT_STAGES = ("approved", "adjusted_budget")


class StageFinder:
    """Finds the stage of each sum of a statement.

    The words before the sum in its clause decide; then the sum above it (其中), the words behind it, the sums it is
    listed with, and what the statement or the heading says of all the money.
    """

    def __init__(self, layout: StatementLayout, lexicon: Lexicon, facts: ReportFacts) -> None:
        self._layout = layout
        self._words = layout.words
        self._lexicon = lexicon
        self._facts = facts

    def stage_of(self, place: int, source: Sourced, above: Reading | None, before: Sequence[Reading]) -> Staged:
        """The stage of a sum; `above` is the sum it is a part of, `before` are the readings before it."""
        clause = self._layout.own_clause(place)
        return (
            self._in_clause(place, clause, above)
            or (self._carried_over(clause, before) if above is None else None)
            or self._of_sum_above(source, above)
            or self._of_neighbour(place, source, before)
            or self._behind(place, source, before)
            or self._of_list(place, source, before)
            or self._before_the_clause(place, source)
            or (self._stated_later(place) if above is None else None)
            or (self._of_heading(source) if above is None else None)
            or self._of_section(place)
            or self._before_a_closing_sum(place)
            or self._behind_a_notice(place)
            or self._of_source_list(place, source)
            or NO_STAGE
        )

    @cached_property
    def stated_of_all(self) -> list[Hit]:
        """Stage words of clauses like 已全部支出: they speak of all the money, and no sum follows them there."""
        found = []
        for clause in self._words.clauses(self._layout.whole.start, self._layout.whole.end):
            named = self._words.last("stage", clause)
            speaks_of_all = self._words.last("whole_marker", clause) is not None
            if named is None or not speaks_of_all or self._words.last("partly", clause) is not None:
                continue
            follows = any(named.end <= money.start < clause.end for money in self._layout.moneys)
            if not follows and not self._layout.is_void(clause.start, named.start):
                found.append(named)
        return found

    def _in_clause(self, place: int, clause: Span, above: Reading | None) -> Staged | None:
        """The last stage word of the clause, bent by 年初 or 调整后 before it, or governed by 收到 before it."""
        touching = self._layout.touching_stage(clause)
        named = self._words.last("stage", clause) or touching
        if named is None or (
            above is not None and above.stage is not None and self._layout.says_nothing_in_list(named, above.stage)
        ):
            return None
        if self._layout.is_void(clause.start, named.start) and not self._layout.is_measured_against(
            clause.start, named
        ):
            return NO_STAGE
        is_bent = named.canonical in _BENT_STAGES and not self._is_issued_from_above(named)
        bent = self._bending("stage_bend", clause, named) if is_bent else None
        stage = (bent or self._bending("stage_head", clause, named) or named).canonical
        confidence = SURE if named is not touching and clause.end - named.end <= _NEAR else LIKELY
        if self._lexicon.canonical("stage_unsure", named.wording) is not None:
            confidence = LIKELY
        if self._is_paid_into_account(named, self._end_with_goal(place, clause)):
            stage, confidence = "received", LIKELY
        if self._is_paid_by_treasury(clause, named):
            confidence = LIKELY
            if stage == "executed" and self._is_spent_behind(clause.end):
                # 县财政拨付56万元，我局支付租金55万元: what the treasury paid out is what the unit received.
                stage = "received"
        if self._lexicon.canonical("stage_by_section", named.wording) is not None:
            stage, confidence = self._stage_by_section(), WEAK
        if stage == "approved" and self._is_behind_a_change(clause):
            stage, confidence = "adjusted_budget", LIKELY
        is_bare_budget = named is touching and bent is None and stage == "adjusted_budget"
        is_work_done = self._lexicon.canonical("work_done", named.wording) is not None
        return Staged(
            cast(Stage, stage), confidence, is_own=True, is_bare_budget=is_bare_budget, is_work_done=is_work_done
        )

    def _is_behind_a_change(self, clause: Span) -> bool:
        """下达90万元，调减25万元，实际下达65万元; 年初预算80万元，追加23万元，全年安排103万元: the final budget."""
        before = Span(0, clause.start)
        if self._words.last("cut", before) is not None:
            return True
        added = self._words.last("addition", before)
        return added is not None and self._bending("stage_bend", before, added) is not None

    def _is_issued_from_above(self, named: Hit) -> bool:
        """年初下达我县460万元: what is issued to a whole region comes from a level above, whatever the season."""
        is_issuing = self._lexicon.canonical("issuing", named.wording) is not None
        return is_issuing and self._words.begins(named.end, "region_hint")

    def _is_paid_by_treasury(self, clause: Span, named: Hit) -> bool:
        """县财政拨付60万元: the treasury pays it out, and the unit that reports receives it."""
        is_passed_on = self._lexicon.canonical("passed_on", named.wording) is not None
        return is_passed_on and self._words.last("payer", Span(clause.start, named.start)) is not None

    def _is_paid_into_account(self, named: Hit, end: int) -> bool:
        """下拨社保专户680万元, 把130万元拨到林业局专户: it has come in, and who is to have it has not got it yet."""
        may_move = self._lexicon.canonical("moving", named.wording) is not None
        return may_move and self._words.first("account", Span(named.end, end)) is not None

    def _end_with_goal(self, place: int, clause: Span) -> int:
        """拨付56万元至镇财政所专户: behind the sum stands where it went."""
        behind = self._layout.clause_behind(place)
        goes_on = behind is not None and self._layout.text(behind).lstrip().startswith(_TOWARDS)
        return behind.end if behind is not None and goes_on else clause.end

    def _is_spent_behind(self, place: int) -> bool:
        """Whether a later clause of the statement states an outlay of its own, none that is a part of the sum."""
        part = self._words.first("part_marker", Span(place, self._layout.whole.end))
        end = part.start if part is not None else self._layout.whole.end
        later = [at for at, money in enumerate(self._layout.moneys) if place < money.start < end]
        stages = [self._words.last("stage", self._layout.own_clause(one)) for one in later]
        return any(stage is not None and stage.canonical == "executed" for stage in stages)

    def _bending(self, role: str, clause: Span, named: Hit) -> Hit | None:
        """年初 or 收到 before the stage word; what was received is the notice in 收到某号文件下达."""
        hit = self._words.last(role, Span(clause.start, named.start))
        is_of_notice = hit is not None and self._words.last("notice", Span(hit.end, named.start)) is not None
        return None if is_of_notice else hit

    def _stage_by_section(self) -> str:
        """投入 is money that came in under a heading of funding or none, and money that was allotted elsewhere."""
        section = self._layout.statement.passage.section or ""
        return self._lexicon.wordings("received_in_section").get(section, "received" if not section else "approved")

    def _carried_over(self, clause: Span, before: Sequence[Reading]) -> Staged | None:
        """年初结转结余12万元, without any other stage: money that came in, or was budgeted with the sum before it."""
        source = self._words.last("source", clause)
        if source is None or source.canonical != "carryover":
            return None
        stage = before[-1].stage if before and before[-1].stage in _STAGES_OF_A_BUDGET else "received"
        return Staged(stage, DOUBTFUL, is_own=True)

    def _of_sum_above(self, source: Sourced, above: Reading | None) -> Staged | None:
        """A share of a source has the stage of the sum that it is a share of."""
        if above is None or above.stage is None:
            return None
        return Staged(above.stage, above.confidence if source.is_named else LIKELY)

    def _of_neighbour(self, place: int, source: Sourced, before: Sequence[Reading]) -> Staged | None:
        """下达中央资金80万元、省级资金20万元: the sums of one enumeration share the stage before them."""
        if not before or not source.is_named or not self._layout.is_joined(place) or before[-1].standing == "none":
            return None
        return Staged(before[-1].stage, min(before[-1].confidence, LIKELY)) if before[-1].stage else None

    def _behind(self, place: int, source: Sourced, before: Sequence[Reading]) -> Staged | None:
        """衔接资金2179万元已拨付到位; 省级资金64万元、区级资金20万元均于6月到位."""
        may_share = (source.is_named or self._layout.is_marked_sum(place)) and not self._continues_list(place, before)
        for listed in self._layout.enumerated_from(place):
            if listed != place and not may_share:
                return None
            clause = self._layout.clause_behind(listed)
            named = self._words.first("stage", clause) if clause is not None else None
            if clause is not None and named is not None:
                if self._layout.is_void(clause.start, named.start):
                    return NO_STAGE
                stage = "received" if self._is_paid_into_account(named, clause.end) else named.canonical
                return Staged(cast(Stage, stage), LIKELY if listed == place else INFERRED, is_own=True)
        return None

    def _continues_list(self, place: int, before: Sequence[Reading]) -> bool:
        """中央下达500万元，省级配套300万元，合计800万元已到位: the list has a stage before its sum has another."""
        if self._layout.is_marked_sum(place) or not before or before[-1].source not in LEVELS:
            return False
        lead = self._layout.text(self._layout.lead(place))
        return before[-1].stage is not None and not any(mark in lead for mark in "。；;")

    def _of_list(self, place: int, source: Sourced, before: Sequence[Reading]) -> Staged | None:
        """A further source or batch of the list before, or the sum of all that was listed with one stage."""
        is_sum = self._layout.is_marked_sum(place)
        is_batch = self._words.last("batch_marker", self._layout.own_clause(place)) is not None
        listed = [reading for reading in before if reading.standing != "none"]
        if not listed or not (source.is_named or is_sum or is_batch):
            return None
        stages = {reading.stage for reading in listed if reading.standing != "part"}
        is_added = self._words.last("addition", self._layout.own_clause(place)) is not None
        if is_added and not is_sum and listed[-1].stage == "initial_budget":
            # 年初预算45万元，县财政追加8万元: what comes on top is no share of the budget of the year's beginning.
            return None
        if is_sum and not source.is_named and len(stages) > 1:
            return None
        return Staged(listed[-1].stage, min(listed[-1].confidence, LIKELY))

    def _before_the_clause(self, place: int, source: Sourced) -> Staged | None:
        """资金下达后，县级财政20万元: a stage in a clause before counts where the own clause is but a source."""
        lead, clause = self._layout.lead(place), self._layout.own_clause(place)
        is_label_only = source.is_named or self._layout.is_slight(clause)
        return self._last_before(Span(lead.start, clause.start)) if is_label_only else None

    def _before_a_closing_sum(self, place: int) -> Staged | None:
        """县级下达我局项目3个，资金合计90万元: the clause right before a sum of all names its stage."""
        lead, clause = self._layout.lead(place), self._layout.own_clause(place)
        if not self._layout.is_marked_sum(place) or clause.start == lead.start:
            return None
        return self._last_before(self._words.clause(lead.start, clause.start - 1))

    def _last_before(self, span: Span) -> Staged | None:
        """The last stage word of a stretch before the own clause, unless its clause says that it did not happen."""
        named = self._words.last("stage", span)
        if named is None or self._layout.is_void(self._words.clause(span.start, named.start).start, named.start):
            return None
        return Staged(cast(Stage, named.canonical), WEAK)

    def _stated_later(self, place: int) -> Staged | None:
        """发展资金1293.5万元，其中基建1207万元，资金已全部到位."""
        if self._words.last("addition", self._layout.own_clause(place)) is not None:
            return None
        named = self._words.first("stage", Span(self._layout.moneys[place].end, self._layout.whole.end))
        if named is None or named not in self.stated_of_all:
            return None
        return Staged(cast(Stage, named.canonical), WEAK, is_own=True)

    def _of_heading(self, source: Sourced) -> Staged | None:
        """Under 资金到位情况 a source and its sum need no verb."""
        headings = self._layout.statement.passage.headings
        title = next((heading.title for heading in reversed(headings) if heading.is_known), "")
        named = self._lexicon.last("heading_stage", title) if source.is_named else None
        return None if named is None else Staged(cast(Stage, named.canonical), DOUBTFUL)

    def _behind_a_notice(self, place: int) -> Staged | None:
        """湘财农指〔2022〕8号600万元: the notice and what it issued."""
        is_behind = _NUMBER_OF_A_NOTICE.search(self._layout.text(self._layout.own_clause(place))) is not None
        return Staged("approved", DOUBTFUL) if is_behind else None

    def _of_source_list(self, place: int, source: Sourced) -> Staged | None:
        """中央补助200万元、县级配套50万元，合计250万元, and no verb: what the sources gave to the project.

        Where the words say 资金来源, one source is enough.
        """
        is_called_origin = source.is_named and self._words.last("origin", self._layout.own_clause(place)) is not None
        is_listed = self._is_source_list and (source.is_named or self._layout.is_marked_sum(place))
        return Staged("approved", DOUBTFUL) if is_called_origin or is_listed else None

    @cached_property
    def _is_source_list(self) -> bool:
        """Whether the statement says nothing of several sums but whose they are, and of some that they were given."""
        own = [self._layout.own_clause(place) for place in range(len(self._layout.moneys))]
        clauses = [clause for clause in own if not self._layout.names_stage(clause) or self._is_given(clause)]
        named = [self._words.last("source", clause) for clause in clauses]
        near = [
            hit.canonical
            for hit, clause in zip(named, clauses, strict=True)
            if hit is not None and clause.end - hit.end <= _NEAR_SOURCE
        ]
        return len(set(near)) > 1

    def _is_given(self, clause: Span) -> bool:
        """中央补助310万元；省里另补助40万元: a list goes on where one of its sources is said to give."""
        named = self._words.last("stage", clause)
        return named is not None and named.canonical == "approved"

    def _of_section(self, place: int) -> Staged | None:
        """依据某号文，某项目经费共计…: under 申报依据 the sum of this very project was approved."""
        name = self._facts.project_name
        is_about_it = name is not None and name in self._layout.statement.text
        if not is_about_it or not self._layout.is_marked_sum(place):
            return None
        stage = self._lexicon.wordings("section_stage").get(self._layout.statement.passage.section or "")
        return None if stage is None else Staged(cast(Stage, stage), INFERRED, is_own=True)
