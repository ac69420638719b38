"""Where a sentence stands: whether it speaks of indicators, of which level, and what a value without a label is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.extraction.indicators.levels import fused_level, level1_above, level_at, levels_above, speaks_of_performance
from ingest.extraction.indicators.stated import SIDES, Side, has_digit
from ingest.extraction.outline import Heading, Passage
from ingest.extraction.source import ReportSource, Sentence

_GOAL = "goal"
# （五）资产管理 opens another subject, also where it is not set apart as a heading.
_CHAPTER_MARK = re.compile(r"^\s*(?:[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]|[一二三四五六七八九十]{1,3}\s*、)")
_OTHER_CHAPTER = re.compile(_CHAPTER_MARK.pattern + r"\s*[\u4e00-\u9fff“”]{2,12}[。：:]")
_DONE = re.compile(
    "(?:均已?|全部|都已?)(?:按[期时]|如期|顺利)?(?:完成|完工|建成|竣工|投入使用|投用|交付使用|验收合格|通过[^，。；]{0,6}验收)"
)
# 任务为改造小区97个 leads to goals; 集中供养率目标为50% states one.
_BEGINS_CLAUSE = re.compile(r"(?:^|[，,；;：:。])[^，,；;：:。]{0,8}$")
_WORDS_BEHIND = re.compile(r"[：:]?\s*[\u4e00-\u9fff]{2}")
_RESULT = re.compile(r"实际[\u4e00-\u9fff]{0,6}\d|完成值")
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
        self._headings_of_level_line: tuple[Heading, ...] | None = None
        self._list: Context | None = None
        self._is_elsewhere = False
        self._goal_chapters: dict[Heading, bool] = {}

    def context_of(self, sentence: Sentence, report: ReportSource) -> tuple[Context, int]:
        """The context of a sentence, and where its own words begin behind the name of a level or a list."""
        if sentence.passage is not self._passage:
            self._enter(sentence, report)
        start = self._read_levels(sentence, report)
        if start == len(sentence.passage.text):
            self._headings_of_level_line = sentence.passage.headings
        announced = _list_announced(sentence, start, report)
        if announced is not None:
            self._list, start = announced
        has_level = bool(self._level1 or self._level2)
        side = None if self._is_elsewhere and not has_level else self._side_of(sentence, report, has_level=has_level)
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

    def _side_of(self, sentence: Sentence, report: ReportSource, *, has_level: bool) -> Side | None:
        """Under goals a bare value is the target, under performance what was reached; elsewhere it is plain prose."""
        if sentence.passage.section == _GOAL and not (has_level and self._tells_results(sentence, report)):
            return "target"
        return "actual" if has_level or speaks_of_performance(sentence) else None

    def _tells_results(self, sentence: Sentence, report: ReportSource) -> bool:
        """Whether a chapter called 绩效目标 sets results beside its goals: 计划改造272户，实际改造272户."""
        chapter = next(heading for heading in reversed(sentence.passage.headings) if heading.section == _GOAL)
        if chapter not in self._goal_chapters:
            texts = (passage.text for passage in report.outline.passages if chapter in passage.headings)
            self._goal_chapters[chapter] = any(_RESULT.search(text) for text in texts)
        return self._goal_chapters[chapter]

    def _enter(self, sentence: Sentence, report: ReportSource) -> None:
        """The first sentence of a passage: the headings set its levels, unless it opens a chapter itself.

        A level on a line of its own that is no heading (1.1 数量指标) stands for all lines until the next one.
        """
        self._passage = sentence.passage
        opens_chapter = _CHAPTER_MARK.match(sentence.passage.text) is not None
        if opens_chapter or sentence.passage.headings != self._headings_of_level_line:
            self._level1, self._level2 = (None, None) if opens_chapter else levels_above(sentence, report)
            self._headings_of_level_line = None
        names_columns = set(SIDES) <= {hit.canonical for hit in report.lexicon.find("column", sentence.passage.text)}
        self._is_elsewhere = _OTHER_CHAPTER.match(sentence.passage.text) is not None and not names_columns

    def _read_levels(self, sentence: Sentence, report: ReportSource) -> int:
        """`产出指标：数量指标：…`, `社会效益指标临聘工资…`: levels named before the words of the sentence."""
        start = 0
        while (named := level_at(sentence.text, start, report.lexicon)) is not None:
            role, name, start = named
            if role == "level2":
                level1, self._level2 = fused_level(name, report.lexicon)
                self._level1 = level1 or self._level1 or level1_above(sentence, name, report)
            else:
                self._level1, self._level2 = name, None
        return start


def _list_announced(sentence: Sentence, start: int, report: ReportSource) -> tuple[Context, int] | None:
    """`目标：一是…`, `建设内容为…，均已完成`: a list that runs to the next full stop."""
    text = sentence.text
    for hit in report.lexicon.find("goal_list", text):
        # 收入增加（目标：增加） gives one goal.
        is_aside = hit.start > 0 and text[hit.start - 1] in "（("
        if hit.end < len(text) and text[hit.end] in "：:" and not is_aside:
            return Context(side="target", is_goal=True), hit.end + 1
    works = report.lexicon.first("works_list", text)
    if works is not None and works.start >= start:
        until = report.text.find("。", sentence.start)
        if _DONE.search(report.text[sentence.start : until if until >= 0 else len(report.text)]):
            return Context(side="actual"), works.end
    for hit in report.lexicon.find("goal_lead", text) if has_digit(text) else ():
        if _BEGINS_CLAUSE.search(text[: hit.start]) and _WORDS_BEHIND.match(text[hit.end :]):
            return Context(side="target", is_goal=True), hit.end
    return None
