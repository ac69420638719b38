"""Where a sentence stands: whether it speaks of indicators, of which level, and what a value without a label is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.extraction.indicators.levels import fused_level, level_at, levels_above, speaks_of_performance
from ingest.extraction.indicators.stated import Side
from ingest.extraction.outline import Passage
from ingest.extraction.source import ReportSource, Sentence
from ingest.lexicon import Lexicon

_GOAL = "goal"
# （五）资产管理 opens another subject, also where it is not set apart as a heading.
_CHAPTER_MARK = re.compile(r"^\s*(?:[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]|[一二三四五六七八九十]{1,3}\s*、)")
_OTHER_CHAPTER = re.compile(_CHAPTER_MARK.pattern + r"\s*[\u4e00-\u9fff“”]{2,12}[。：:]")
_DONE = re.compile("均已完成|全部完成")
_REACH_OF_A_COLON = 2


@dataclass(frozen=True, slots=True)
class Context:
    """Where a sentence stands: the levels above it, and what a value without a label is there.

    `side` is None where only labelled values are indicators. `is_goal` marks values that are mere announcements.
    """

    level1: str | None = None
    level2: str | None = None
    side: Side | None = None
    is_goal: bool = False
    begins_with_level: bool = False


class RunningContext:
    """What the sentences before have set: a level named at the head of a paragraph, a list that is not yet over."""

    def __init__(self) -> None:
        self._passage: Passage | None = None
        self._level1: str | None = None
        self._level2: str | None = None
        self._list: Context | None = None
        self._is_elsewhere = False

    def context_of(self, sentence: Sentence, report: ReportSource) -> tuple[Context, int]:
        """The context of a sentence, and where its own words begin behind the name of a level or a list."""
        if sentence.passage is not self._passage:
            self._enter(sentence, report.lexicon)
        start = self._read_levels(sentence.text, report.lexicon)
        announced = _list_announced(sentence, start, report)
        if announced is not None:
            self._list, start = announced
        has_level = bool(self._level1 or self._level2)
        side = None if self._is_elsewhere and not has_level else _side_of(sentence, has_level=has_level)
        context = self._list or Context(side=side)
        if sentence.text.endswith(("。", "！", "？")):
            self._list = None
        above = sentence.passage.headings[-1] if sentence.passage.headings else None
        begins_with_level = start > 0 or (
            above is not None and above.level2 is not None and sentence.start - above.end <= _REACH_OF_A_COLON
        )
        context = replace(
            context,
            level1=self._level1,
            level2=self._level2,
            is_goal=context.is_goal or (not has_level and sentence.passage.section == _GOAL),
            begins_with_level=begins_with_level,
        )
        return context, start

    def _enter(self, sentence: Sentence, lexicon: Lexicon) -> None:
        """The first sentence of a passage: the headings set its levels, unless it opens a chapter itself."""
        self._passage = sentence.passage
        opens_chapter = _CHAPTER_MARK.match(sentence.passage.text) is not None
        self._level1, self._level2 = (None, None) if opens_chapter else levels_above(sentence, lexicon)
        self._is_elsewhere = _OTHER_CHAPTER.match(sentence.passage.text) is not None

    def _read_levels(self, text: str, lexicon: Lexicon) -> int:
        """`产出指标：数量指标：…`, `社会效益指标临聘工资…`: levels named before the words of the sentence."""
        start = 0
        while (named := level_at(text, start, lexicon)) is not None:
            role, name, start = named
            if role == "level1":
                self._level1, self._level2 = name, None
            else:
                level1, self._level2 = fused_level(name, lexicon)
                self._level1 = level1 or self._level1
        return start


def _list_announced(sentence: Sentence, start: int, report: ReportSource) -> tuple[Context, int] | None:
    """`目标：一是…`, `建设内容为…，均已完成`: a list that runs to the next full stop."""
    text = sentence.text
    for hit in report.lexicon.find("goal_list", text):
        if hit.end < len(text) and text[hit.end] in "：:":
            return Context(side="target", is_goal=True), hit.end + 1
    works = report.lexicon.first("works_list", text)
    if works is not None and works.start >= start:
        until = report.text.find("。", sentence.start)
        if _DONE.search(report.text[sentence.start : until if until >= 0 else len(report.text)]):
            return Context(side="actual"), works.end
    return None


def _side_of(sentence: Sentence, *, has_level: bool) -> Side | None:
    """Under goals a bare value is the target, under performance what was reached; elsewhere it is plain prose."""
    if sentence.passage.section == _GOAL:
        return "target"
    return "actual" if has_level or speaks_of_performance(sentence) else None
