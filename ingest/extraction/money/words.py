"""The words of one statement that say something of its sums, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ingest.characters import blank_out, fold
from ingest.extraction.money.meaning import LEVELS
from ingest.lexicon import Hit, Lexicon, squeeze

# The title of a regulation or a notice speaks of other money than the sentence that cites it.
_TITLE = re.compile(r"《[^《》\n]{0,80}》?")
# A comma inside a number is no break; a full stop of ASCII is one wherever no digit follows.
_BREAK = re.compile(r"[，。；;]|(?<!\d),|,(?!\d{3})|\.(?!\d)")
# A word inside a longer one of a rival role says nothing: 收入 in 旅游收入, 筹资 in 自筹资金.
_RIVALS = {
    "stage": ("not_funding", "source"),
    "stage_touching": ("not_funding",),
    "not_funding": ("stage", "source"),
}
_LONGEST_TAIL = 8
_ASKED_OF = "向"
_SEES_TO_IT = re.compile(r"[于在]?(?:年[初中末底]|\d{1,2}月份?)?[将把]")
_UPPER_LEVELS = ("central", "province")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a statement."""

    start: int
    end: int


class StatementWords:
    """A statement and its words, asked by role and stretch. Titles in 《》 are blank in `plain`."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = fold(text)
        self.plain = blank_out(_TITLE, self.text)
        self._lexicon = lexicon
        self._hits: dict[str, list[Hit]] = {}
        self._breaks = [match.start() for match in _BREAK.finditer(self.plain)]

    def clause(self, start: int, end: int) -> Span:
        """The part of `start..end` behind its last break."""
        breaks = self._breaks_in(start, end)
        return Span(breaks[-1] + 1 if breaks else start, end)

    def clause_behind(self, start: int, end: int) -> Span:
        """The part of `start..end` before its first break."""
        breaks = self._breaks_in(start, end)
        return Span(start, breaks[0] if breaks else end)

    def clauses(self, start: int, end: int) -> list[Span]:
        """All clauses of `start..end`, in order."""
        edges = [start - 1, *self._breaks_in(start, end), end]
        return [Span(first + 1, last) for first, last in pairwise(edges)]

    def within(self, role: str, span: Span) -> list[Hit]:
        """Every word of a role inside a stretch."""
        hits = self.all_of(role)
        first = bisect_left(hits, span.start, key=_start)
        last = bisect_left(hits, span.end, key=_start)
        return [hit for hit in hits[first:last] if hit.end <= span.end]

    def last(self, role: str, span: Span) -> Hit | None:
        """The last word of a role inside a stretch."""
        hits = self.within(role, span)
        return hits[-1] if hits else None

    def first(self, role: str, span: Span) -> Hit | None:
        """The first word of a role inside a stretch."""
        hits = self.within(role, span)
        return hits[0] if hits else None

    def in_titles(self, role: str, span: Span) -> list[Hit]:
        """The words of a role that stand in the titles of a stretch (《关于下达中央补助资金的通知》)."""
        return [
            hit
            for title in _TITLE.finditer(self.text, span.start, span.end)
            for hit in self._lexicon.find(role, title.group())
        ]

    def begins(self, place: int, role: str) -> bool:
        """Whether a word of a role begins at a place (支出标准, 县财政局: what follows makes another word of 支出)."""
        return self._lexicon.leading(role, self.plain[place : place + _LONGEST_TAIL]) is not None

    def bare_level(self, words: str) -> Hit | None:
        """县, or 其中县, at the head of some words: a level that is a source only where nothing else is said."""
        lead = self._lexicon.leading("bare_level_lead", words)
        start = lead.end if lead is not None else 0
        level = self._lexicon.leading("bare_level", words[start:])
        return None if level is None else Hit(level.canonical, level.wording, start + level.start, start + level.end)

    def level_named(self, words: str) -> str | None:
        """The level that one piece of 中央、省、县资金 names."""
        hit = self._lexicon.last("source", words) or self.bare_level(squeeze(words))
        return hit.canonical if hit is not None and hit.canonical in LEVELS else None

    def _breaks_in(self, start: int, end: int) -> list[int]:
        return self._breaks[bisect_left(self._breaks, start) : bisect_left(self._breaks, end)]

    @cached_property
    def names_touching_level(self) -> bool:
        """Whether a level of the state stands right before a sum (中央80万元)."""
        return any(hit.canonical in LEVELS and self._touches_sum(hit) for hit in self.all_of("source"))

    def all_of(self, role: str) -> list[Hit]:
        """Every word of a role in the statement that says of a sum what the role stands for."""
        if role not in self._hits:
            found = self._lexicon.find(role, self.plain)
            for rival in _RIVALS.get(role, ()):
                found = _without_those_inside(found, self._lexicon.find(rival, self.plain))
            if role == "stage":
                found = [hit for hit in found if not self.begins(hit.end, "stage_noun")]
            if role == "source":
                found = [hit for hit in found if not self._is_institution(hit)]
                beside_levels = any(hit.canonical in _UPPER_LEVELS and self._touches_sum(hit) for hit in found)
                found = [
                    hit for hit in found if not self._is_receiver(hit) or (beside_levels and self._touches_sum(hit))
                ]
            self._hits[role] = found
        return self._hits[role]

    def _is_institution(self, hit: Hit) -> bool:
        """县财政局, 向县财政申请, 县财政年中将预算调整为80万元: who is asked, or sees to it, has not given."""
        is_asked = self.plain[hit.start - 1 : hit.start] == _ASKED_OF
        return is_asked or self.begins(hit.end, "institution") or _SEES_TO_IT.match(self.plain, hit.end) is not None

    def _is_receiver(self, hit: Hit) -> bool:
        """市本级575万元 in a list of receivers: 本级 is a source only as 本级财政, 本级资金."""
        needs_fund = self._lexicon.canonical("needs_fund_noun", hit.wording) is not None
        return needs_fund and not self.begins(hit.end, "fund_noun")

    def _touches_sum(self, hit: Hit) -> bool:
        """中央80万元，自治区20万元: beside an upper level even a bare name is a source."""
        return self.plain[hit.end : hit.end + 1].isdigit()


def _start(hit: Hit) -> int:
    return hit.start


def _without_those_inside(hits: list[Hit], rivals: list[Hit]) -> list[Hit]:
    """旅游收入 is no 收入 that arrived; the words of one role never overlap, so one rival can hold a word."""
    kept = []
    for hit in hits:
        at = bisect_right(rivals, hit.start, key=_start) - 1
        rival = rivals[at] if at >= 0 else None
        is_inside = rival is not None and hit.end <= rival.end and rival.end - rival.start > hit.end - hit.start
        if not is_inside:
            kept.append(hit)
    return kept
