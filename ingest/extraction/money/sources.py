"""Whose money a sum is: the source named in its clause, behind it, before its list, in a title or in a heading."""

from __future__ import annotations

import re
from typing import cast

from ingest.extraction.money.layout import StatementLayout
from ingest.extraction.money.meaning import DOUBTFUL, INFERRED, LEVELS, LIKELY, SURE, WEAK, Sourced
from ingest.extraction.money.words import Span, StatementWords
from ingest.extraction.source import ReportFacts
from ingest.lexicon import Hit, Lexicon, squeeze
from ingest.records import Source

# 中央、省、州共下达: levels named by one word each.
_LEVEL = "(?:中央|自治区|省|市|州|盟|县|区|旗)级?"
_JOINT_LEVELS = re.compile(
    rf"(?<![\u4e00-\u9fff]){_LEVEL}(?:(?:[、和及与]|以及){_LEVEL})+(?:[两三四]级)?(?=财政|共|补助|资金|专项|下达|安排|拨)"
)
_JOINING_LEVELS = re.compile(r"(?:[、和及与/\s]|以及)+")
_NAMED_PROVINCE = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:省|自治区)(?!级|财政|厅|委|政府)[^，,。；;、]{0,14}?(?:专项资金|补助资金|转移支付)"
)
_MATCHED_BY_COUNTY = re.compile(r"(?:[我本全该][县区旗]|[县区旗](?:财政|政府|级)?)[^，,。；;、]{0,4}配套")
_OF_NO_LEVEL = ("local", "fiscal", "total")
_TREASURY = ("财政", "财政局")
_BESIDE = 2
_NEAR = 3
_REACH_BEHIND = 8
_REACH_OF_ALL = 6


class SourceFinder:
    """Finds the source of each sum of a statement."""

    def __init__(self, layout: StatementLayout, lexicon: Lexicon, facts: ReportFacts) -> None:
        self._layout = layout
        self._words = layout.words
        self._lexicon = lexicon
        named = lexicon.find("source", facts.project_name or "")
        self._is_project_of_a_level = any(hit.canonical in LEVELS for hit in named)

    def source_of(self, place: int, *, is_in_list: bool) -> Sourced:
        """The source that the statement names of a sum; the total where it names none."""
        lead, clause = self._layout.lead(place), self._layout.own_clause(place)
        joint = self._joint_levels(clause)
        if joint is not None:
            return joint
        hits = self._sources_in(clause, is_in_list=is_in_list)
        if not hits and self._layout.is_slight(clause) and clause.start > lead.start:
            # 中央财政，300万元: a break that says nothing; 列入市级预算的项目4项，批复300万元 is no such break.
            before = self._words.clause(lead.start, clause.start - 1)
            named = self._sources_in(before, is_in_list=is_in_list)
            says_nothing = self._words.last("stage", clause) is None
            is_right_before = bool(named) and before.end - named[-1].end <= _NEAR
            hits = named if says_nothing or is_right_before else []
        if hits:
            return self._named(hits, clause)
        return (
            self._behind(place)
            or self._all_of_it(place)
            or self._before_the_batches(place)
            or self._in_the_name(clause)
            or self._unnamed(lead, clause)
        )

    def source_of_context(self, place: int) -> Sourced | None:
        """The one level of the state that the cited notice or a heading above names: 《关于下达中央资金的通知》."""
        titles = [hit.canonical for hit in self._words.in_titles("source", self._layout.lead(place))]
        headings = (
            [hit.canonical for hit in StatementWords(heading.title, self._lexicon).all_of("source")]
            for heading in reversed(self._layout.statement.passage.headings)
        )
        named = next((set(names) for names in (titles, *headings) if names), set())
        if len(named) != 1 or not named <= set(LEVELS):
            return None
        return Sourced(cast(Source, named.pop()), DOUBTFUL, is_named=False, is_inherited=True)

    def _sources_in(self, clause: Span, *, is_in_list: bool) -> list[Hit]:
        """A level of the state counts before 配套资金, whose level is not said; 财政 alone only in a list."""
        hits = self._words.within("source", clause)
        level = None if hits else self._bare_level(clause)
        if level is not None:
            return [level]
        levels = [hit for hit in hits if hit.canonical != "local"]
        return levels or hits or (self._in_list(clause) if is_in_list else [])

    def _in_list(self, clause: Span) -> list[Hit]:
        """县财政120万元、企业140万元: beside a level of the state, who else gives money is named by a noun alone."""
        named = self._words.within("source_in_list", clause)
        if named or not self._words.names_touching_level:
            return named
        payers = self._words.within("payer_in_list", clause)
        return [payer for payer in payers if not self._layout.text(Span(payer.end, clause.end)).strip()]

    def _bare_level(self, clause: Span) -> Hit | None:
        """中央100万元、省50万元、其中县配套30万元: a level, and at most a word for giving, is the whole clause."""
        text = self._layout.text(clause)
        words = squeeze(text)
        level = self._words.bare_level(words)
        if level is None:
            return None
        behind = words[level.end :]
        is_alone = not behind or self._lexicon.canonical("bare_level_tail", behind) is not None
        return Hit(level.canonical, text.strip(), clause.start, clause.end) if is_alone else None

    def _named(self, hits: list[Hit], clause: Span) -> Sourced:
        last = hits[-1]
        if self._is_joint(hits):
            is_total = self._words.last("sum_marker", clause) is not None
            return Sourced("total" if is_total else "fiscal", INFERRED, is_named=not is_total, is_joint=True)
        is_bare = self._lexicon.canonical("bare_source", last.wording) is not None
        is_of_fund = self._words.begins(last.end, "fund_noun")
        is_beside = clause.end - last.end <= _BESIDE
        confidence = SURE if is_beside or is_of_fund or not is_bare else INFERRED
        if self._layout.text(Span(last.end, clause.end)).lstrip().startswith(("）", ")")):
            # 结算补贴资金（中央）80万元: a remark on the money, of which others may have paid a part.
            confidence = min(confidence, LIKELY)
        is_payers_budget = last.wording.endswith(_TREASURY) and "预算" in self._layout.text(Span(last.end, clause.end))
        return Sourced(
            cast(Source, last.canonical),
            confidence,
            is_named=last.canonical != "total",
            is_payers_budget=is_payers_budget,
        )

    def _joint_levels(self, clause: Span) -> Sourced | None:
        """中央、省、州共下达 is money of several levels, beside which others give theirs; 共到位 is all the money."""
        joint = next(_JOINT_LEVELS.finditer(self._layout.text(clause)), None)
        if joint is None or self._words.last("source", Span(clause.start + joint.end(), clause.end)) is not None:
            return None
        named = self._words.last("stage", clause)
        is_issued = named is not None and named.canonical == "approved"
        start, end = clause.start + joint.start(), clause.start + joint.end()
        are_others = any(hit.end <= start or hit.start >= end for hit in self._words.all_of("source"))
        is_sum = self._words.last("sum_marker", clause) is not None
        is_total = is_sum and not (is_issued and are_others)
        return Sourced("total" if is_total else "fiscal", INFERRED, is_named=not is_total, is_joint=True)

    def _is_joint(self, hits: list[Hit]) -> bool:
        """中央和省级资金: two levels side by side before one sum."""
        if len(hits) == 1:
            return False
        first, last = hits[-2:]
        are_levels = {first.canonical, last.canonical} <= set(LEVELS) and first.canonical != last.canonical
        return are_levels and _JOINING_LEVELS.fullmatch(self._layout.text(Span(first.end, last.start))) is not None

    def _behind(self, place: int) -> Sourced | None:
        """下达64万元2020年省级资金."""
        clause = self._layout.clause_behind(place)
        hit = self._words.first("source", clause) if clause is not None else None
        if clause is None or hit is None or hit.start - clause.start > _REACH_BEHIND:
            return None
        return Sourced(cast(Source, hit.canonical), LIKELY, is_named=hit.canonical != "total")

    def _all_of_it(self, place: int) -> Sourced | None:
        """下达573万元，全部为中央财政资金; of 全部为本级资金 it is said that there is no other money."""
        clause, trail = self._layout.clause_behind(place), self._layout.trail(place)
        if clause is None or clause.end == trail.end:
            return None
        following = self._words.clause_behind(clause.end + 1, trail.end)
        if following.end == trail.end < self._layout.whole.end:
            # 资金来源为中央资金60万元: what follows has a sum of its own.
            return None
        whole = self._words.first("all_of_source", following)
        named = self._words.first("source", Span(whole.end, following.end)) if whole is not None else None
        if whole is None or named is None or named.start - whole.end > _REACH_OF_ALL:
            return None
        if named.canonical in _OF_NO_LEVEL:
            return Sourced("total", LIKELY, is_named=False)
        return Sourced(cast(Source, named.canonical), LIKELY, is_named=True)

    def _before_the_batches(self, place: int) -> Sourced | None:
        """中央分三批下达：…合计671037万元: the source before the list is the source of its sum."""
        batch = self._words.first("batch_marker", Span(0, self._layout.moneys[place].start))
        stage = self._words.last("stage", self._layout.own_clause(place))
        if not self._layout.lists_batches or (stage is not None and stage.canonical != "approved"):
            return None
        hit = self._words.last("source", self._words.clause(0, batch.start)) if batch is not None else None
        return None if hit is None else Sourced(cast(Source, hit.canonical), LIKELY, is_named=True)

    def _in_the_name(self, clause: Span) -> Sourced | None:
        """湖南省文化专项资金20万元 bears the name of its province; 我县实际配套50万元 is the county's."""
        text = self._layout.text(clause)
        if _NAMED_PROVINCE.search(text) is not None:
            return Sourced("province", WEAK, is_named=True)
        return Sourced("county", WEAK, is_named=True) if _MATCHED_BY_COUNTY.search(text) is not None else None

    def _unnamed(self, lead: Span, clause: Span) -> Sourced:
        """The whole money; less surely so where the clauses before or the project's name speak of one level."""
        before = self._words.within("source", Span(lead.start, clause.start))
        is_doubtful = self._is_project_of_a_level or any(hit.canonical in LEVELS for hit in before)
        return Sourced("total", LIKELY if is_doubtful else SURE, is_named=False)
