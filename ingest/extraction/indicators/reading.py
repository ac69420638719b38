"""Indicators in prose: `1)光模块数量，目标值大于等于10支，实际完成15支，分值7.5，得分7.5。`

What a clause says is read in `clauses`; here its context decides whether it speaks of an indicator at all:
under the heading of a level or of the performance, behind a level's name (`数量指标：…`), in a list of goals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.extraction.indicators.clauses import Side, Stated, names_and_outcome, read_clauses
from ingest.extraction.indicators.named_values import ITEM_MARK, is_plain_value
from ingest.extraction.indicators.scored_headings import with_scored_headings
from ingest.extraction.outline import Heading, level_name
from ingest.extraction.printed_values import parse_points, typed_values
from ingest.extraction.source import ReportSource, Sentence
from ingest.lexicon import Lexicon
from ingest.quantities import find_money
from ingest.records import Indicator, ReportWarning

_PERFORMANCE = frozenset({"performance", "completion", "benefit", "goal_result"})
_GOALS = frozenset({"goal"})
# （五）资产管理 opens another subject, also where it is not set apart as a heading.
_CHAPTER_MARK = re.compile(r"^\s*(?:[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]|[一二三四五六七八九十]{1,3}\s*、)")
_OTHER_CHAPTER = re.compile(_CHAPTER_MARK.pattern + r"\s*[\u4e00-\u9fff“”]{2,12}[。：:]")
_POINTS_BEHIND = re.compile(r"[（(]\s*(?:满分|分值)?\s*[\d.]+\s*分\s*[)）]\s*$")
_LONGEST_NAMING_HEADING = 20
_DONE = re.compile("均已完成|全部完成|已全部完成")
_FIELDS_OF_A_GOAL = ("name", "target", "target_state", "target_operator", "target_value", "target_unit")
_SATISFACTION = ("满意度", "满意率")
_SHORTEST_COMMON_NAME = 4
_LONGEST_PHRASE = 20
_LONGEST_VALUE = 40
_SEVERAL_PARTS = re.compile("[；;：:]")
_REACH_OF_A_COLON = 2
# What may stand behind a level's name, with a number before it (（1）社会效益，全年…) and without.
_SIGNS_OF_A_LEVEL = (("指标", "：", ":", "，", ","), ("指标", "：", ":"))


@dataclass(frozen=True, slots=True)
class _Context:
    """Where a sentence stands: the levels above it, and what a value without a label is there.

    `side` is None where only labelled values are indicators. `is_goal` marks values that are mere announcements.
    """

    level1: str | None = None
    level2: str | None = None
    side: Side | None = None
    is_goal: bool = False
    begins_with_level: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    indicator: Indicator
    stated: Stated
    is_goal: bool


def read_indicators(
    report: ReportSource, sentences: Iterable[Sentence]
) -> tuple[list[Indicator], list[ReportWarning], list[Sentence]]:
    """The indicators, warnings on values that could not be read, and the sentences that were no indicator."""
    found: list[_Found] = []
    warnings: list[ReportWarning] = []
    rest = []
    running = _Running()
    for sentence in _with_values_joined(sentences, report):
        context, start = running.context_of(sentence, report)
        here = _read_sentence(report, sentence, start, context)
        found.extend(here)
        if not here:
            warnings.extend(_warn_of_labels(report, sentence))
        if not _is_used_up(sentence, here):
            rest.append(sentence)
    reached = _without_repeated_goals(_with_results_of_goals(found))
    warnings.extend(warning for one in reached for warning in _unreadable_values(one.indicator, one.stated))
    indicators = with_scored_headings([one.indicator for one in reached], report)
    numbered = [indicator.model_copy(update={"ordinal": place}) for place, indicator in enumerate(indicators, start=1)]
    return numbered, warnings, rest


def _with_values_joined(sentences: Iterable[Sentence], report: ReportSource) -> Iterator[Sentence]:
    """Sentences of one passage, those that only give a value (目标3套。完成3套。) joined to the one that names it."""
    before: Sentence | None = None
    awaits_values = False
    for sentence in sentences:
        goes_on = awaits_values and before is not None and sentence.passage is before.passage
        if before is not None and goes_on and _is_mere_value(sentence.text, report.lexicon):
            end = sentence.start + len(sentence.text)
            before = replace(before, text=report.text[before.start : end])
            continue
        if before is not None:
            yield before
        before = sentence
        bare = ITEM_MARK.sub("", sentence.text)
        awaits_values = len(bare) <= _LONGEST_PHRASE and not any(char.isdigit() for char in bare)
    if before is not None:
        yield before


def _is_mere_value(text: str, lexicon: Lexicon) -> bool:
    """Whether a short sentence is nothing but a label and its value."""
    if len(text) > _LONGEST_VALUE or not text.endswith("。") or _SEVERAL_PARTS.search(text):
        return False
    labels = (lexicon.first(role, text) for role in ("column", "prose_column"))
    return any(label is not None and label.start == 0 and label.canonical in ("target", "actual") for label in labels)


def _is_used_up(sentence: Sentence, found: list[_Found]) -> bool:
    """Whether a sentence speaks of labelled indicators and of no other money: nothing else is to be read in it."""
    values = [value for one in found for value in one.stated.values.values()]
    return any(one.stated.is_labelled for one in found) and all(
        any(money.as_written in value for value in values) for money in find_money(sentence.text)
    )


def _with_results_of_goals(found: list[_Found]) -> list[_Found]:
    """A goal and the result that is told of it further down are one indicator: 承保水稻15万亩 … 承保水稻15.6万亩."""
    results = [one for one in found if one.indicator.target is None and one.indicator.actual_value is not None]
    merged = list(found)
    for goal in (one for one in found if one.is_goal and one.indicator.actual is None):
        result = next((one for one in results if _is_result_of(one.indicator, goal.indicator)), None)
        if result is None or result not in merged:
            continue
        sides = {field: getattr(goal.indicator, field) for field in _FIELDS_OF_A_GOAL}
        both = replace(result, indicator=result.indicator.model_copy(update=sides))
        merged[merged.index(result)] = both
        merged.remove(goal)
    return merged


def _is_result_of(result: Indicator, goal: Indicator) -> bool:
    """Whether two names are one with some words left out, counted in one unit; each report has one satisfaction."""
    if result.actual_unit != goal.target_unit or result.evidence.start < goal.evidence.start:
        return False
    shorter, longer = sorted((result.name, goal.name), key=len)
    if shorter.endswith(_SATISFACTION) and longer.endswith(_SATISFACTION):
        return True
    characters = iter(longer)
    return len(shorter) >= _SHORTEST_COMMON_NAME and all(character in characters for character in shorter)


def _without_repeated_goals(found: list[_Found]) -> list[_Found]:
    """Goals only announce what an indicator with the same value states again."""
    stated = {
        value
        for one in found
        if not one.is_goal
        for value in (one.indicator.target_value, one.indicator.actual_value)
        if value is not None
    }
    return [one for one in found if not one.is_goal or one.indicator.target_value not in stated]


class _Running:
    """What the sentences before have set: a level named at the head of a paragraph, a list that is not yet over."""

    def __init__(self) -> None:
        self._passage: object = None
        self._level1: str | None = None
        self._level2: str | None = None
        self._list: _Context | None = None
        self._is_elsewhere = False

    def context_of(self, sentence: Sentence, report: ReportSource) -> tuple[_Context, int]:
        """The context of a sentence, and where its own words begin behind the name of a level or a list."""
        if sentence.passage is not self._passage:
            self._passage = sentence.passage
            self._level1, self._level2 = _levels_above(sentence, report.lexicon)
            if _CHAPTER_MARK.match(sentence.passage.text):
                self._level1 = self._level2 = None
                self._is_elsewhere = _OTHER_CHAPTER.match(sentence.passage.text) is not None
            else:
                self._is_elsewhere = False
        start = self._read_levels(sentence.text, report.lexicon)
        announced = _list_announced(sentence, start, report)
        if announced is not None:
            self._list, start = announced
        has_level = bool(self._level1 or self._level2)
        side = None if self._is_elsewhere and not has_level else _side_of(sentence, has_level=has_level)
        context = self._list or _Context(side=side)
        if sentence.text.endswith(("。", "！", "？")):
            self._list = None
        above = sentence.passage.headings[-1] if sentence.passage.headings else None
        begins_with_level = start > 0 or (
            above is not None and above.level2 is not None and sentence.start - above.end <= _REACH_OF_A_COLON
        )
        is_goal = context.is_goal or (not (self._level1 or self._level2) and sentence.passage.section in _GOALS)
        return (
            replace(
                context, level1=self._level1, level2=self._level2, is_goal=is_goal, begins_with_level=begins_with_level
            ),
            start,
        )

    def _read_levels(self, text: str, lexicon: Lexicon) -> int:
        """`产出指标：数量指标：…`, `社会效益指标临聘工资…`: levels named before the words of the sentence."""
        start = 0
        while (named := _level_at(text, start, lexicon)) is not None:
            role, name, start = named
            if role == "level1":
                self._level1, self._level2 = name, None
            else:
                level1, self._level2 = fused_level(name, lexicon)
                self._level1 = level1 or self._level1
        return start


def _levels_above(sentence: Sentence, lexicon: Lexicon) -> tuple[str | None, str | None]:
    levels = _performance_headings(sentence)
    above = next((heading for heading in reversed(levels) if heading.level1), None)
    level2 = next((heading.level2 for heading in reversed(levels) if heading.level2), None)
    named, level2 = fused_level(level2, lexicon) if level2 is not None else (None, None)
    if above is None or above.level1 is None:
        return named, level2
    # 产出情况 or 项目效益 alone is a chapter of the report; with points, or with a level 2 below, it is a level.
    is_level = above.level1.endswith(("指标", "满意度")) or level2 or _POINTS_BEHIND.search(above.title)
    return (above.level1 if is_level else None) or named, level2


def _performance_headings(sentence: Sentence) -> list[Heading]:
    """The headings above a sentence as far as they speak of results: a chapter on problems has no levels."""
    headings: list[Heading] = []
    for heading in sentence.passage.headings:
        is_elsewhere = heading.section is not None and heading.section not in _PERFORMANCE
        headings = [] if is_elsewhere else [*headings, heading]
    return headings


def fused_level(name: str, lexicon: Lexicon) -> tuple[str | None, str]:
    """产出数量指标 is 产出 and 数量指标; 产出数量 is the name of a level 2 itself."""
    for end in range(2, len(name) - 3):
        level1, level2 = name[:end], name[end:]
        is_level2 = level2.endswith("指标") and lexicon.canonical("level2", level2) is not None
        if is_level2 and lexicon.canonical("level1", level1) is not None:
            return level1, level2
    return None, name


def _level_at(text: str, start: int, lexicon: Lexicon) -> tuple[str, str, int] | None:
    """The level named at `start`: its role, its name and where the words behind it begin."""
    mark = ITEM_MARK.match(text[start:])
    begin = start + (mark.end() if mark else 0)
    head = text[begin : begin + _LONGEST_PHRASE]
    if not any(sign in head for sign in _SIGNS_OF_A_LEVEL[mark is None]):
        return None
    for role in ("level2", "level1"):
        hit = lexicon.first(role, head)
        # 群众满意度指标值≥85% names a column.
        if hit is None or hit.start > 0 or head[hit.end : hit.end + 1] == "值":
            continue
        behind = re.match(
            r"\s*(?:完成情况(?:分析)?|方面|上|完成|情况|实现情况)?\s*(?:[（(]\s*[\d.]+\s*分\s*[)）])?\s*(?P<colon>[:：]|[，,](?=.{4}))?\s*",
            head[hit.end :],
        )
        ends = behind.end() if behind is not None else 0
        has_colon = (
            behind is not None and behind["colon"] is not None and behind["colon"] in _SIGNS_OF_A_LEVEL[mark is None]
        )
        # 完成及时性：计划11月底 is an indicator that bears the name of a level.
        is_indicator = _begins_with_label(head[hit.end + ends :], lexicon) and not hit.wording.endswith("指标")
        if (has_colon or hit.wording.endswith("指标")) and not is_indicator:
            return role, level_name(hit.wording, lexicon), begin + hit.end + ends
    return None


def _begins_with_label(text: str, lexicon: Lexicon) -> bool:
    hits = [lexicon.first(role, text) for role in ("column", "prose_column")]
    return any(hit is not None and hit.start == 0 for hit in hits)


def _list_announced(sentence: Sentence, start: int, report: ReportSource) -> tuple[_Context, int] | None:
    """`目标：一是…`, `建设内容为…，均已完成`: a list that runs to the next full stop."""
    text = sentence.text
    for hit in report.lexicon.find("goal_list", text):
        if hit.end < len(text) and text[hit.end] in "：:":
            return _Context(side="target", is_goal=True), hit.end + 1
    works = report.lexicon.first("works_list", text)
    if works is not None and works.start >= start:
        until = report.text.find("。", sentence.start)
        if _DONE.search(report.text[sentence.start : until if until >= 0 else len(report.text)]):
            return _Context(side="actual"), works.end
    return None


def _side_of(sentence: Sentence, *, has_level: bool) -> Side | None:
    """Under goals a bare value is the target, under performance what was reached; elsewhere it is plain prose."""
    if sentence.passage.section in _GOALS:
        return "target"
    is_below_level = any(heading.level1 or heading.level2 for heading in _performance_headings(sentence))
    if has_level or is_below_level or sentence.passage.section in _PERFORMANCE:
        return "actual"
    return None


def _read_sentence(report: ReportSource, sentence: Sentence, start: int, context: _Context) -> list[_Found]:
    text = sentence.text[start:]
    if context.side is None and not _may_state(sentence, report.lexicon):
        return []
    stated = read_clauses(
        text,
        report.lexicon,
        context.side or "actual",
        _naming_heading(sentence),
        earns_money=_is_benefit(context, report.lexicon),
        lists_goals=context.side == "target" and sentence.passage.is_numbered,
    )
    if context.side is None:
        is_item = ITEM_MARK.match(sentence.text) is not None
        is_of_works = sentence.passage.section == "implementation"
        stated = [
            one
            for one in stated
            if one.is_scored()
            or one.sets_two_quantities()
            or (is_item and one.is_no_sum())
            or (is_of_works and _counts_works(one, report.lexicon))
        ]
    if not stated and context.begins_with_level and report.lexicon.first("column", text) is None:
        before = report.text[sentence.start + start - 1]
        single = names_and_outcome(text, report.lexicon) if before in ":： " else None
        if single is None and before == "标":
            single = _mere_name(text)
        stated = [single] if single is not None else []
    whole = len(stated) == 1 and stated[0].is_labelled
    return [
        _Found(
            _indicator(
                report,
                one,
                context,
                sentence.start if whole else sentence.start + start + one.start,
                sentence.start + len(sentence.text) if whole else sentence.start + start + one.end,
            ),
            one,
            context.is_goal and "actual" not in one.values,
        )
        for one in stated
    ]


def _is_benefit(context: _Context, lexicon: Lexicon) -> bool:
    """Under 效益 a sum is what was earned or saved, no funding."""
    is_economic = lexicon.canonical("level2", context.level2 or "") == "economic"
    return is_economic or lexicon.canonical("level1", context.level1 or "") == "BENEFIT"


def _may_state(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Plain prose states an indicator with a number and a label, or with the number of what was built."""
    if not any(char.isdigit() for char in sentence.text):
        return False
    roles = ["column", "prose_column"]
    if sentence.passage.section == "implementation":
        roles.append("works_verb")
    return any(lexicon.first(role, sentence.text) is not None for role in roles)


def _counts_works(stated: Stated, lexicon: Lexicon) -> bool:
    """`新建渡槽3座`: what was built is told under 项目实施 as often as under the performance."""
    is_work = lexicon.first("works_verb", stated.name) is not None
    return stated.bare is not None and stated.bare.is_number and is_work


def _naming_heading(sentence: Sentence) -> str | None:
    """The heading right above, if it is no chapter and no level: then it names what the sentence speaks of."""
    above = sentence.passage.headings[-1] if sentence.passage.headings else None
    is_name = above is not None and not above.is_known and len(above.title) <= _LONGEST_NAMING_HEADING
    return above.title if above is not None and is_name else None


def _mere_name(text: str) -> Stated | None:
    """`可持续效益指标带动周边经济，延长公路寿命；`: a level's name that opens the phrase itself, without a value."""
    name = text.strip(" ，,；;。")
    is_phrase = 4 <= len(name) <= _LONGEST_PHRASE and not any(char.isdigit() for char in name)
    return Stated(name, 0, len(text)) if is_phrase else None


def _indicator(report: ReportSource, stated: Stated, context: _Context, start: int, end: int) -> Indicator:
    target, actual = stated.values.get("target"), stated.values.get("actual")
    is_sure = stated.is_labelled and _is_plain(stated, report.lexicon)
    method, confidence = ("prose_labels", 0.97) if is_sure else ("prose_value", 0.75)
    return Indicator.model_validate(
        {
            "ordinal": 1,
            "level1": context.level1,
            "level2": context.level2,
            "name": stated.name,
            "target": target,
            "actual": actual,
            **typed_values("target", target, report.lexicon),
            **typed_values("actual", actual, report.lexicon),
            "weight": parse_points(stated.values.get("weight")),
            "score": parse_points(stated.values.get("score")),
            "deviation_reason": stated.values.get("deviation_reason") or None,
            "evidence": report.place(start, end, method, confidence),
        }
    )


def _is_plain(stated: Stated, lexicon: Lexicon) -> bool:
    """Whether both sides are values from end to end, and the name holds no label that was taken for a part of it."""
    sides = [stated.values.get(column, "") for column in ("target", "actual")]
    has_label = any(lexicon.first(role, stated.name) is not None for role in ("column", "prose_column"))
    return not has_label and all(is_plain_value(side, lexicon) for side in sides)


def _warn_of_labels(report: ReportSource, sentence: Sentence) -> list[ReportWarning]:
    """A sentence under a level heading that names target or actual and was not understood as an indicator."""
    if not any(heading.level1 or heading.level2 for heading in sentence.passage.headings):
        return []
    labels = [hit for hit in report.lexicon.find("column", sentence.text) if hit.canonical in ("target", "actual")]
    if not labels:
        return []
    return [
        ReportWarning(
            code="indicator_not_read",
            message=f"「{labels[0].wording}」所在的句子未能读作指标",
            evidence=report.place(sentence.start, sentence.start + len(sentence.text), "prose_labels", 0.5),
        )
    ]


def _unreadable_values(indicator: Indicator, stated: Stated) -> list[ReportWarning]:
    unread = [
        (side, text)
        for side, text, state in (
            ("目标值", indicator.target, indicator.target_state),
            ("实际完成值", indicator.actual, indicator.actual_state),
        )
        if state == "unreadable"
    ]
    for column, label, value in (("weight", "分值", indicator.weight), ("score", "得分", indicator.score)):
        text = stated.values.get(column)
        if text and value is None:
            unread.append((label, text))
    return [
        ReportWarning(
            code="unreadable_value",
            message=f"指标「{indicator.name}」的{label}「{text}」未能识别",
            evidence=indicator.evidence,
        )
        for label, text in unread
    ]
