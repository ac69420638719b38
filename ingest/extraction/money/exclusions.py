"""What is no funding although it is money: prices, bounds, changes, other years; and what is but a part of it."""

from __future__ import annotations

import re

from ingest.extraction.money.layout import StatementLayout
from ingest.extraction.money.words import Span
from ingest.extraction.source import ReportFacts, is_of_another_year, years_in
from ingest.lexicon import Hit, Lexicon
from ingest.quantities import find_dates

_YEAR_AT_START = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）.、])?\s*(?:[该本]项目)?(?:19|20)\d{2}年度?"
    r"(?!\s*\d{1,2}月|立项|启动|开工|开始|批复|批准|获批|建成|成立|申报)"
)
_YEAR_OF_CARRYOVER = re.compile(r"(?:19|20)\d{2}年度?结[转余]")
_UNTIL_A_MONTH = re.compile(r"截[至止]到?(?:(?:19|20)\d{2}年)?(?:[1-9]|1[01])月")
_SEVERAL_YEARS = re.compile(r"(?<!\d)20\d{2}年?\s*[-—–－~～至到]?\s*20\d{2}年(?!\s*\d{1,2}月)")


class Exclusions:
    """Tells the sums of one statement that are no funding; asked from left to right."""

    def __init__(self, layout: StatementLayout, lexicon: Lexicon, facts: ReportFacts) -> None:
        self._layout = layout
        self._words = layout.words
        self._lexicon = lexicon
        self._facts = facts
        self._is_in_another_year = False

    def follow_years(self, lead: Span) -> None:
        """2019年，收到50万元: a year at the head of a clause holds until another year is named."""
        if self._facts.fiscal_year is None:
            return
        for clause in self._words.clauses(lead.start, lead.end):
            text = self._layout.text(clause)
            if _SEVERAL_YEARS.match(text.lstrip()):
                self._is_in_another_year = True
            elif _YEAR_AT_START.match(text) and not _YEAR_OF_CARRYOVER.search(text):
                self._is_in_another_year = self._facts.fiscal_year not in years_in(text)

    def is_no_funding(self, place: int) -> bool:
        """A price or a bound, a change or another kind of money nearer than the stage, or money of other years."""
        clause = self._layout.own_clause(place)
        return (
            self._is_price(place, clause)
            or self._is_called_otherwise_behind(place)
            or self._is_changed_away(clause)
            or (self._is_change(clause) and not self._is_rest_given_by_a_source(place))
            or self._is_wished(place)
            or self._is_paid_after_the_year(place)
            or self._is_of_other_years(clause)
        )

    def is_purpose(self, place: int) -> bool:
        """用于机房维护12万元, 项目支出80万元，占总支出的90%: a part of the money, by what it was spent on."""
        clause = self._layout.own_clause(place)
        if self._is_called_a_share(place):
            return True
        purposes = [hit for hit in self._words.within("not_funding", clause) if hit.canonical == "purpose"]
        return bool(purposes) and self._is_nearer_than_the_stage(purposes[-1], clause)

    def is_batch(self, place: int) -> bool:
        """分两批：3月10万元，8月5万元; 合计 closes the list, and so does a cut: 提前下达9万元，调减2万元，下达7万元."""
        before = Span(0, self._layout.moneys[place].start)
        is_closed = self._words.last("sum_marker", self._layout.lead(place)) or self._words.last("cut", before)
        return (
            self._layout.lists_batches and is_closed is None and self._words.first("batch_marker", before) is not None
        )

    def is_distributed(self, place: int) -> bool:
        """分别下达甲县30万元、乙县20万元: by receiver; 合计 closes the list."""
        if self._layout.is_marked_sum(place):
            return False
        before = Span(0, self._layout.moneys[place].start)
        marker = self._words.last("distribution_marker", before)
        if marker is None:
            return False
        is_in_clause = marker.start >= self._words.clause(before.start, before.end).start
        return is_in_clause or any(money.start > marker.end for money in self._layout.moneys[:place])

    def is_interim(self, place: int) -> bool:
        """一季度支出10万元, 截至6月底支出40万元: what was reached within the year."""
        clause = self._layout.own_clause(place)
        is_named = self._words.last("part_of_year", clause) is not None
        return is_named or _UNTIL_A_MONTH.search(self._layout.text(self._layout.lead(place))) is not None

    def _is_called_a_share(self, place: int) -> bool:
        behind = self._layout.text(self._layout.trail(place)).lstrip("，,（( ")
        return self._lexicon.leading("share_behind", behind) is not None

    def _is_price(self, place: int, clause: Span) -> bool:
        others = self._words.within("not_funding", clause)
        return self._layout.moneys[place].is_price or any(hit.canonical == "price" for hit in others)

    def _is_called_otherwise_behind(self, place: int) -> bool:
        """50万元以上的设备, 300万元贷款."""
        trail = self._layout.trail(place)
        behind = self._words.clause_behind(trail.start, trail.end)
        hit = self._words.first("not_funding_behind", behind)
        return hit is not None and not self._layout.text(Span(behind.start, hit.start)).strip("的 ")

    def _is_changed_away(self, clause: Span) -> bool:
        """由30万元调整为25万元: the first is given up, unless it is called the budget of the year's beginning."""
        if self._lexicon.trailing("before_change", self._layout.text(clause).rstrip()) is None:
            return False
        named = self._words.last("stage", clause)
        return named is None or named.canonical != "initial_budget"

    def _is_change(self, clause: Span) -> bool:
        others = [hit for hit in self._words.within("not_funding", clause) if not self._is_in_name(hit, clause)]
        return bool(others) and others[-1].canonical != "purpose" and self._is_nearer_than_the_stage(others[-1], clause)

    def _is_wished(self, place: int) -> bool:
        """建议加大支持力度，安排资金200万元: what somebody asks for is not there."""
        start = self._layout.moneys[place].start
        sentence = max(self._words.plain.rfind(mark, 0, start) for mark in "。；;")
        return self._words.last("wish", Span(sentence + 1, start)) is not None

    def _is_paid_after_the_year(self, place: int) -> bool:
        """截至2023年4月30日，又支付20万元: a further payment that a day of a later year closes."""
        year, lead = self._facts.fiscal_year, self._layout.lead(place)
        if year is None or self._words.last("further_marker", self._layout.own_clause(place)) is None:
            return False
        days = find_dates(self._layout.text(lead))
        return bool(days) and int(days[-1].iso[:4]) > year

    def _is_rest_given_by_a_source(self, place: int) -> bool:
        """中央300万元，其余960万元由企业自筹: the rest of a sum, and who gives it."""
        trail = self._layout.trail(place)
        rest = self._words.first("rest", self._layout.own_clause(place))
        behind = self._words.first("source", self._words.clause_behind(trail.start, trail.end))
        return rest is not None and behind is not None and self._layout.text(trail).startswith("由")

    def _is_in_name(self, hit: Hit, clause: Span) -> bool:
        """担保贷款贴息资金200万元: what the money furthers is in the name of the fund; 贷款资金 is the loan itself."""
        funds = self._words.within("fund_in_name", Span(hit.end, clause.end))
        is_loan_itself = bool(funds) and funds[-1].start == hit.end and funds[-1].wording == "资金"
        return hit.canonical == "activity" and bool(funds) and not is_loan_itself

    def _is_nearer_than_the_stage(self, other: Hit, clause: Span) -> bool:
        stages = (self._words.last("stage", clause), self._layout.touching_stage(clause))
        return all(stage is None or stage.start < other.start for stage in stages)

    def _is_of_other_years(self, clause: Span) -> bool:
        text = self._layout.text(clause)
        if _YEAR_OF_CARRYOVER.search(text) and self._words.last("source", clause) is not None:
            # 2021年结转资金88万元 is money of this year, from the year before.
            return False
        return (
            self._is_in_another_year
            or _SEVERAL_YEARS.search(text) is not None
            or is_of_another_year(text, self._lexicon, self._facts)
        )
