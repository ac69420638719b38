"""Indicators in prose: `1)光模块数量，目标值大于等于10支，实际完成15支，分值7.5，得分7.5。`

What a clause says is read in `clauses`; here its context decides whether it speaks of an indicator at all:
under the heading of a level or of the performance, behind a level's name (`数量指标：…`), in a list of goals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.extraction.indicators.clauses import read_clauses
from ingest.extraction.indicators.column_labels import COMMA, has_label, leading_label
from ingest.extraction.indicators.context import Context, RunningContext
from ingest.extraction.indicators.goals import Found, with_results_of_goals, without_repeated_goals
from ingest.extraction.indicators.legend_rows import read_legend_rows
from ingest.extraction.indicators.named_values import ITEM_MARK, bare_name, is_plain_value
from ingest.extraction.indicators.scored_headings import with_scored_headings
from ingest.extraction.indicators.set_forms import names_and_outcome
from ingest.extraction.indicators.stated import SIDES, Stated, has_digit
from ingest.extraction.printed_values import parse_points, typed_values
from ingest.extraction.source import ReportSource, Sentence
from ingest.lexicon import Lexicon
from ingest.quantities import find_money
from ingest.records import Indicator, ReportWarning

# Under 项目实施 what was built is told as often as under the performance.
_WORKS = "implementation"
_LONGEST_NAMING_HEADING = 20
_SHORTEST_PHRASE = 4
_LONGEST_PHRASE = 20
_LONGEST_VALUE = 40
_SATISFACTION = ("满意度", "满意率")
# 人均每月巡山不少于22天: an average is found out afterwards.
_AVERAGE = re.compile("[人户村亩年月日场次]均|平均")
_SPENT = re.compile("(?:支出|支付|执行|使用|到位)率$")
_SEVERAL_PARTS = re.compile("[；;：:]")


def read_indicators(
    report: ReportSource, sentences: Iterable[Sentence]
) -> tuple[list[Indicator], list[ReportWarning], list[Sentence]]:
    """The indicators, warnings on values that could not be read, and the sentences that were no indicator."""
    found: list[Found] = []
    warnings: list[ReportWarning] = []
    rest = []
    running = RunningContext()
    rows = read_legend_rows(report)
    for sentence in _with_values_joined(sentences, report):
        context, start = running.context_of(sentence, report)
        row = rows.get(sentence.passage.start)
        stated = _stated_in(report, sentence, start, context) if row is None else row
        here = _placed(report, sentence, 0 if row is not None else start, context, stated)
        found.extend(here)
        if not here:
            warnings.extend(_warn_of_labels(report, sentence))
        if not _is_used_up(sentence, here):
            rest.append(sentence)
    reached = without_repeated_goals(with_results_of_goals(found))
    warnings.extend(warning for one in reached for warning in _unreadable_values(one.indicator, one.stated))
    indicators = with_scored_headings([one.indicator for one in reached], report)
    numbered = [indicator.model_copy(update={"ordinal": place}) for place, indicator in enumerate(indicators, start=1)]
    return numbered, warnings, rest


def _with_values_joined(sentences: Iterable[Sentence], report: ReportSource) -> Iterator[Sentence]:
    """Sentences of one passage, those that only give a value (目标3套。完成3套。) joined to the one that names it."""
    before: Sentence | None = None
    awaits_values = False
    for sentence in sentences:
        goes_on = before is not None and sentence.passage is before.passage
        label = _label_of_mere_value(sentence.text, report.lexicon) if goes_on else None
        if before is not None and (
            (awaits_values and label in SIDES) or (label == "actual" and _is_one_value(before.text))
        ):
            end = sentence.start + len(sentence.text)
            before = replace(before, text=report.text[before.start : end])
            continue
        if before is not None:
            yield before
        before = sentence
        bare = ITEM_MARK.sub("", sentence.text)
        awaits_values = len(bare) <= _LONGEST_PHRASE and not has_digit(bare)
    if before is not None:
        yield before


def _is_one_value(text: str) -> bool:
    """覆盖率≥80%。 may be followed by 实绩：86.2%。"""
    return len(text) <= _LONGEST_VALUE and has_digit(text) and COMMA.search(text) is None


def _label_of_mere_value(text: str, lexicon: Lexicon) -> str | None:
    """The column of a short sentence that is nothing but a label and its value."""
    label = leading_label(text, lexicon) if len(text) <= _LONGEST_VALUE and text.endswith(("。", "；", ";")) else None
    if label is None or _SEVERAL_PARTS.search(text[label.end :].strip("：: ；;")):
        return None
    return label.canonical


def _is_used_up(sentence: Sentence, found: list[Found]) -> bool:
    """Whether a sentence speaks of labelled indicators and of no other money: nothing else is to be read in it."""
    values = [value for one in found for value in one.stated.values.values()]
    return any(one.stated.is_labelled for one in found) and all(
        any(money.as_written in value for value in values) for money in find_money(sentence.text)
    )


def _stated_in(report: ReportSource, sentence: Sentence, start: int, context: Context) -> list[Stated]:
    """The indicators that the words of a sentence from `start` on state."""
    if context.side is None and not _may_state(sentence, report.lexicon):
        return []
    stated = read_clauses(
        sentence.text[start:],
        report.lexicon,
        context.side or "actual",
        _naming_heading(sentence),
        earns_money=_is_benefit(context, report.lexicon),
        lists_goals=context.side == "target" and sentence.passage.is_numbered,
        tells_times=_is_timeliness(context, report.lexicon),
    )
    if context.side is None:
        stated = _sure_in_plain_prose(stated, sentence, report.lexicon)
    stated = [one for one in stated if not _is_rule(one)]
    if _sums_up(sentence):
        stated = [one for one in stated if one.bare is None or one.bare.is_number]
    if context.is_goal:
        stated = [one for one in stated if _is_goal_or_result(one, report.lexicon)]
    if not stated and context.begins_with_level:
        stated = _only_name(report, sentence, start)
    return stated


def _placed(
    report: ReportSource, sentence: Sentence, start: int, context: Context, stated: list[Stated]
) -> list[Found]:
    """What a sentence states, as indicators with their evidence."""
    # What labels tell of one indicator alone is the whole sentence.
    first, last = sentence.start, sentence.start + len(sentence.text)
    is_whole = len(stated) == 1 and stated[0].is_labelled
    places = [(first, last) if is_whole else (first + start + one.start, first + start + one.end) for one in stated]
    return [
        Found(_indicator(report, one, context, place), one, context.is_goal and "actual" not in one.values)
        for one, place in zip(stated, places, strict=True)
    ]


def _sure_in_plain_prose(stated: list[Stated], sentence: Sentence, lexicon: Lexicon) -> list[Stated]:
    """What nothing but an indicator says, also where no heading and no level announces one."""
    is_item = ITEM_MARK.match(sentence.text) is not None
    works = [one for one in stated if _counts_works(one, lexicon)]
    is_of_works = sentence.passage.section == _WORKS or (sentence.passage.section is None and len(works) > 1)
    return [
        one
        for one in stated
        if one.is_scored()
        or (one.sets_two_quantities() and not _SPENT.search(one.name))
        or (is_item and one.is_no_sum())
        or (is_of_works and one in works)
        or (sentence.passage.section is None and _tells_satisfaction(one))
    ]


def _is_goal_or_result(stated: Stated, lexicon: Lexicon) -> bool:
    """Among goals 完成2023年度53户任务 is no result; 实际完成53户 is one."""
    actual = stated.values.get("actual")
    return actual is None or is_plain_value(actual, lexicon) or lexicon.canonical("done", actual) is not None


def _sums_up(sentence: Sentence) -> bool:
    """Under 总体绩效目标完成情况 words praise the whole; its indicators are told further down."""
    known = next((heading for heading in reversed(sentence.passage.headings) if heading.is_known), None)
    return known is not None and "总体" in known.title


def _is_rule(stated: Stated) -> bool:
    """入户抽查不低于30% says how something is to be done and not what came of it."""
    is_bound = set(stated.values) == {"actual"} and stated.bare_text().startswith(("不低于", "不少于", "不得"))
    return is_bound and _AVERAGE.match(stated.name) is None


def _only_name(report: ReportSource, sentence: Sentence, start: int) -> list[Stated]:
    """The indicator behind a level's name that has no value but an outcome, or not even one."""
    text = sentence.text[start:]
    if report.lexicon.first("column", text) is not None:
        return []
    before = report.text[sentence.start + start - 1]
    single = names_and_outcome(text, report.lexicon) if before in ":： " else None
    if single is None and before == "标":
        single = _mere_name(text)
    return [single] if single is not None else []


def _is_benefit(context: Context, lexicon: Lexicon) -> bool:
    """Under 效益 a sum is what was earned or saved, no funding."""
    is_economic = lexicon.canonical("level2", context.level2 or "") == "economic"
    return is_economic or lexicon.canonical("level1", context.level1 or "") == "BENEFIT"


def _is_timeliness(context: Context, lexicon: Lexicon) -> bool:
    """Under 时效指标 a day is a value."""
    return lexicon.canonical("level2", context.level2 or "") == "timeliness"


def _may_state(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Plain prose states an indicator with a number and a label, or with the number of what was built."""
    if not has_digit(sentence.text):
        return False
    counts_works = sentence.passage.section in (_WORKS, None) and lexicon.first("works_verb", sentence.text) is not None
    tells_satisfaction = any(word in sentence.text for word in _SATISFACTION)
    return counts_works or tells_satisfaction or has_label(sentence.text, lexicon)


def _counts_works(stated: Stated, lexicon: Lexicon) -> bool:
    """`新建渡槽3座`: the number of what was built."""
    is_work = lexicon.first("works_verb", stated.name) is not None
    return stated.bare is not None and stated.bare.is_number and is_work


def _tells_satisfaction(stated: Stated) -> bool:
    """`受助家庭满意度98%` is an indicator wherever it stands."""
    return (
        stated.name.endswith(_SATISFACTION)
        and not stated.name.startswith("各")
        and stated.bare is not None
        and stated.bare.is_number
    )


def _naming_heading(sentence: Sentence) -> str | None:
    """The item or the heading right above, if it is no chapter and no level: it names what the sentence speaks of."""
    head, _, behind = sentence.passage.text.partition("。")
    is_item = sentence.passage.is_numbered and behind.lstrip().startswith(sentence.text)
    if is_item and len(head) <= _LONGEST_NAMING_HEADING and not has_digit(ITEM_MARK.sub("", head)):
        return bare_name(head)
    above = sentence.passage.headings[-1] if sentence.passage.headings else None
    is_name = above is not None and not above.is_known and len(above.title) <= _LONGEST_NAMING_HEADING
    return above.title if above is not None and is_name else None


def _mere_name(text: str) -> Stated | None:
    """`可持续效益指标带动周边经济，延长公路寿命；`: a level's name that opens the phrase itself, without a value."""
    name = text.strip(" ，,；;。")
    is_phrase = _SHORTEST_PHRASE <= len(name) <= _LONGEST_PHRASE and not has_digit(name)
    return Stated(name, 0, len(text)) if is_phrase else None


def _indicator(report: ReportSource, stated: Stated, context: Context, place: tuple[int, int]) -> Indicator:
    target, actual = stated.values.get("target"), stated.values.get("actual")
    method, confidence = _certainty(stated, context, report.lexicon)
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
            "evidence": report.place(*place, method, confidence),
        }
    )


def _certainty(stated: Stated, context: Context, lexicon: Lexicon) -> tuple[str, float]:
    """How an indicator was read and how sure that is: by labels, by labels with a doubt, or by its place alone."""
    if not (stated.is_labelled and _is_plain(stated, lexicon)):
        return "prose_value", 0.75
    # 4.满意度。: a heading that may be a level or a mere chapter.
    is_bare_chapter = context.level2 is None and not (context.level1 or "指标").endswith("指标")
    # 实际平均5.5小时: the first word may belong to the name or be left out.
    is_average = any(value.startswith("平均") for value in stated.values.values())
    return "prose_labels", 0.85 if stated.is_doubtful or is_bare_chapter or is_average else 0.97


def _is_plain(stated: Stated, lexicon: Lexicon) -> bool:
    """Whether both sides are values from end to end, and the name holds no label that was taken for a part of it."""
    are_plain = all(is_plain_value(stated.values.get(side, ""), lexicon) for side in SIDES)
    return are_plain and not has_label(stated.name, lexicon)


def _warn_of_labels(report: ReportSource, sentence: Sentence) -> list[ReportWarning]:
    """A sentence under a level heading that names target or actual and was not understood as an indicator."""
    if not any(heading.level1 or heading.level2 for heading in sentence.passage.headings):
        return []
    labels = [hit for hit in report.lexicon.find("column", sentence.text) if hit.canonical in SIDES]
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
