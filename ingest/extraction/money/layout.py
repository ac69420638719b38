"""Where the sums of a statement stand, and which words lie before, behind and between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from ingest.extraction.money.statements import Statement
from ingest.extraction.money.words import Span, StatementWords
from ingest.lexicon import Hit, Lexicon, squeeze
from ingest.quantities import Money
from ingest.records import Stage

_JOINED = re.compile(r"\s*(?:[、和及与]|以及)")
# What may stand between a short stage word and its sum: 预算为18万元, 执行数共85万元.
_GLUE = re.compile(r"[为是共计了约达资金数额:：\s]{0,6}")
# A bracket right behind a sum, or behind 分两次.
_OPENS = re.compile(r"\s*(?:分[一二两三四五六七八九十\d]*[次批期])?\s*[（(]")
_LONGEST_LINK = 24
_REACH_OF_A_WORD = 6
_SHORTEST_CLAUSE = 4
_BUDGETS = ("initial_budget", "adjusted_budget")


class StatementLayout:
    """The sums of one statement and the stretches around each, by the place of the sum in the statement."""

    def __init__(self, statement: Statement, lexicon: Lexicon, moneys: list[Money]) -> None:
        self.statement = statement
        self._categories = lexicon.wordings("budget_category")
        self._plan_verbs = lexicon.wordings("plan_verb")
        self._lexicon = lexicon
        self.words = StatementWords(statement.text, lexicon)
        self.moneys = moneys

    @property
    def whole(self) -> Span:
        """The whole statement."""
        return Span(0, len(self.words.text))

    @property
    def lists_batches(self) -> bool:
        """第一批 alone names a source's notice; with 第二批 beside it, or 分两批, it is a list."""
        wordings = {hit.wording for hit in self.words.all_of("batch_marker")}
        numbered = {wording for wording in wordings if wording.startswith("第")}
        return len(numbered) > 1 or len(wordings) > len(numbered)

    def text(self, span: Span) -> str:
        """The words of a stretch, titles blank."""
        return self.words.plain[span.start : span.end]

    def lead(self, place: int) -> Span:
        """The words between the sum before and this one."""
        return Span(self.moneys[place - 1].end if place else 0, self.moneys[place].start)

    def trail(self, place: int) -> Span:
        """The words between this sum and the next one."""
        return Span(self.moneys[place].end, self.moneys[place + 1].start if self._has_next(place) else self.whole.end)

    def own_clause(self, place: int) -> Span:
        """The clause that leads to the sum, from the sum before at the earliest."""
        lead = self.lead(place)
        return self.words.clause(lead.start, lead.end)

    def clause_behind(self, place: int) -> Span | None:
        """The rest of the sum's clause; None where the next sum stands in it, whose words it then holds.

        80万元（甲30万元、乙50万元）已到位: what stands behind a bracket is said of the sum before it.
        """
        bracket_end = self._end_of_bracket_behind(place)
        start = self.moneys[place].end if bracket_end is None else bracket_end
        following = bisect_left(self.moneys, start, key=lambda money: money.start)
        next_sum = self.moneys[following].start if following < len(self.moneys) else self.whole.end
        clause = self.words.clause_behind(start, next_sum)
        if clause.end == next_sum < self.whole.end:
            return None
        closed = _closing_bracket(self.words.plain, clause)
        return clause if closed is None else Span(clause.start, closed)

    def _end_of_bracket_behind(self, place: int) -> int | None:
        """Where the bracket with sums ends that stands right behind the sum."""
        start = self.moneys[place].end
        opened = _OPENS.match(self.words.plain, start)
        if opened is None or not self._has_next(place):
            return None
        closed = _closing_bracket(self.words.plain, Span(opened.end(), self.whole.end))
        return closed + 1 if closed is not None and self.moneys[place + 1].start < closed else None

    def is_marked_sum(self, place: int) -> bool:
        """Whether the own clause says 共计 or the like, is no more than 计, or 全年 behind the quarters of a year."""
        clause = self.own_clause(place)
        if self.words.last("sum_marker", clause) is not None:
            return True
        if place and self._lexicon.canonical("sum_alone", self.text(clause)) is not None:
            return True
        year = self.words.first("whole_year", clause) if place else None
        return year is not None and squeeze(self.text(clause)) == year.wording

    def is_joined(self, place: int) -> bool:
        """Whether 、 or 和 joins the sum to the one before."""
        return _JOINED.match(self.text(self.lead(place))) is not None

    def enumerated_from(self, place: int) -> Iterator[int]:
        """This sum, and those that are enumerated with it behind it: A、B和C，合计D."""
        yield place
        for following in range(place + 1, len(self.moneys)):
            lead = self.lead(following)
            is_closing = self.is_marked_sum(following)
            is_enumerated = (self.is_joined(following) or is_closing) and lead.end - lead.start <= _LONGEST_LINK
            if not is_enumerated or self.words.last("stage", lead) is not None:
                return
            yield following

    @cached_property
    def tells_budget_and_outlay(self) -> bool:
        """全年预算120万元，实际支付113万元: a statement that gives both, each with its sum."""
        clauses = [self.own_clause(place) for place in range(len(self.moneys))]
        hits = [self.words.last("stage", clause) or self.touching_stage(clause) for clause in clauses]
        stages = {hit.canonical for hit in hits if hit is not None}
        return "executed" in stages and not stages.isdisjoint((*_BUDGETS, "approved"))

    def touching_stage(self, clause: Span) -> Hit | None:
        """执行85万元, 预算18万元: short words that are a stage only where they touch the sum."""
        hit = self.words.last("stage_touching", clause)
        return hit if hit is not None and _GLUE.fullmatch(self.text(Span(hit.end, clause.end))) else None

    def names_stage(self, clause: Span) -> bool:
        """Whether a clause names a stage of the sum that it leads to."""
        return self.words.last("stage", clause) is not None or self.touching_stage(clause) is not None

    def is_slight(self, clause: Span) -> bool:
        """Whether a clause says no more than 金额为: what stands before it is said of its sum."""
        text = self.text(clause).strip()
        return len(text) < _SHORTEST_CLAUSE or self._lexicon.canonical("bare_sum_name", text) is not None

    def is_void(self, start: int, end: int) -> bool:
        """未支付, 计划支付, 较2021年支出: the word before the stage says that it did not happen, or not now."""
        void = self.words.last("stage_void", Span(start, end))
        return void is not None and end - void.end <= _REACH_OF_A_WORD

    def is_measured_against(self, start: int, stage: Hit) -> bool:
        """较年初预算100万元节约5万元: what the outlay is compared with is the budget, if no other year's."""
        return stage.canonical in _BUDGETS and self.words.last("compared", Span(start, stage.start)) is not None

    def says_nothing_in_list(self, stage: Hit, of: Stage | None) -> bool:
        """批复380万元，其中基本支出300万元: in a list of parts a class of the budget, nothing that was spent.

        总投资100万元，其中县财政安排40万元: in the list of a plan the verb tells who is to give what.
        """
        return stage.wording in self._categories or (of == "planned" and stage.wording in self._plan_verbs)

    def _has_next(self, place: int) -> bool:
        return place + 1 < len(self.moneys)


def _closing_bracket(text: str, span: Span) -> int | None:
    """Where a bracket closes that was opened before the stretch."""
    depth = 0
    for place in range(span.start, span.end):
        if text[place] in "（(":
            depth += 1
        elif text[place] in "）)":
            if not depth:
                return place
            depth -= 1
    return None
