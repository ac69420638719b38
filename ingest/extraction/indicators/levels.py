"""Levels of indicators in prose: as headings above a sentence, and named at the head of one (数量指标：…)."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.extraction.indicators.column_labels import leading_label
from ingest.extraction.indicators.named_values import ITEM_MARK
from ingest.extraction.outline import Heading, level_name
from ingest.extraction.printed_values import POINTS_IN_BRACKETS
from ingest.extraction.source import ReportSource, Sentence
from ingest.lexicon import Lexicon

_PERFORMANCE = frozenset({"performance", "completion", "benefit", "goal_result"})
_POINTS_BEHIND = re.compile(rf"{POINTS_IN_BRACKETS.pattern}\s*$")
_ASPECT = "方面"
_BEHIND_LEVEL = re.compile(
    r"\s*(?:完成情况(?:分析)?|方面|上|完成|情况|实现情况)?\s*(?:共?\d{1,2}[项个条])?\s*(?:[（(]\s*[\d.]+\s*分\s*[)）])?\s*"
    r"(?P<colon>[:：]|[—─-]{1,2}|[，,](?=.{4})|。$)?\s*"
)
_HOW_IT_WENT = re.compile(
    r"(?:(?:已|均|全部|基本|全面|圆满|按期|按时|总体|较好地?)*(?:完成|达标|达到|实现)(?:情况)?(?:较好|良好|很好|预期|目标|预期目标|到位)?|良好|较好)[。；;]"
)
_ORDINAL = re.compile("[一二三四五六七八九]是")
# 1.1 数量指标
_DECIMAL_MARK = re.compile(r"\s*\d{1,2}(?:[.．]\d{1,2}){1,2}[.．、]?\s+(?=[\u4e00-\u9fff])")
_LONGEST_LEVEL = 20
_CHAPTER_AND_LEVEL = 2
_COLONS = ("：", ":", "—", "──", "-")
# What may stand behind a level's name, with a number before it (（1）社会效益，全年…; 6、满意。) and without.
_SIGNS_OF_A_LEVEL = (("指标", *_COLONS, "，", ",", "。"), ("指标", *_COLONS))


def levels_above(sentence: Sentence, report: ReportSource) -> tuple[str | None, str | None]:
    """Level 1 and level 2 of the headings above a sentence."""
    levels = _level_headings(sentence, report)
    level2 = next((heading.level2 for heading in reversed(levels) if heading.level2), None)
    if level2 is None and (inner := _level2_in_chapter(levels, report.lexicon)) is not None:
        level2 = inner.level1
        return level1_above(sentence, level2, report, above=inner), level2
    named, level2 = fused_level(level2, report.lexicon) if level2 is not None else (None, None)
    return level1_above(sentence, level2, report) or named, level2


def level1_above(
    sentence: Sentence, level2: str | None, report: ReportSource, above: Heading | None = None
) -> str | None:
    """Level 1 of the headings above a sentence (above one of them) that stands below a level 2, or below none."""
    levels = [heading for heading in _level_headings(sentence, report) if above is None or heading.depth < above.depth]
    return next((name for heading in reversed(levels) if (name := _level1_of(heading, level2, report))), None)


def _level_headings(sentence: Sentence, report: ReportSource) -> list[Heading]:
    """The headings above a sentence, each as the level that it is beside and below the others.

    Where the head of a report is cut off, （4）成本指标 seems the outermost heading and 2.效益指标 seems to stand
    below it; but nothing called 效益指标 stands below costs: the count goes on one level up.
    """
    headings: list[Heading] = []
    for heading in _performance_headings(sentence):
        if _is_cost(heading, report.lexicon) and _stands_among_level2(heading, report):
            headings.append(replace(heading, level1=None, level2=heading.level1 or heading.level2))
        elif headings and _is_cost(headings[-1], report.lexicon) and _is_level1_only(heading, report.lexicon):
            headings[-1] = replace(heading, level1=heading.level1 or heading.level2, level2=None)
        else:
            headings.append(heading)
    return headings


def _is_cost(heading: Heading, lexicon: Lexicon) -> bool:
    return lexicon.canonical("level1", heading.level1 or heading.level2 or "") == "COST"


def _is_level1_only(heading: Heading, lexicon: Lexicon) -> bool:
    """效益指标 is a level 1 wherever it stands; 成本指标 may be a level 2."""
    name = heading.level1 or heading.level2 or ""
    is_named = name.endswith("指标") and lexicon.canonical("level1", name) is not None
    return is_named and lexicon.canonical("level2", name) is None


def _stands_among_level2(heading: Heading, report: ReportSource) -> bool:
    """Whether the heading beside it at its depth is a level 2 (时效指标), or the one below it another level 1."""
    headings = report.outline.headings
    place = headings.index(heading)
    for beside in (reversed(headings[:place]), headings[place + 1 :]):
        nearest = next((other for other in beside if other.depth <= heading.depth), None)
        if nearest is not None and nearest.depth == heading.depth and nearest.level2 is not None:
            return True
    behind = headings[place + 1] if place + 1 < len(headings) else None
    return behind is not None and behind.depth > heading.depth and _is_level1_only(behind, report.lexicon)


def _level2_in_chapter(levels: list[Heading], lexicon: Lexicon) -> Heading | None:
    """满意度 below the chapter 效益情况 is a level 2 there, whatever it is elsewhere."""
    if len(levels) < _CHAPTER_AND_LEVEL or levels[-1].level1 is None:
        return None
    *_, chapter, inner = levels
    is_chapter = _is_chapter_of_levels(chapter) and chapter.level1 is None and chapter.depth < inner.depth
    return inner if is_chapter and lexicon.canonical("level1", level_name(chapter.title, lexicon)) is not None else None


def _is_chapter_of_levels(heading: Heading) -> bool:
    """产出情况 and 项目效益 can be levels; 项目效益情况 never is one."""
    return not (heading.title.startswith("项目") and heading.title.endswith(("情况", "分析")))


def _level1_of(above: Heading, level2: str | None, report: ReportSource) -> str | None:
    """The level 1 that a heading is.

    产出情况 or 项目效益 alone is a chapter of the report; with points, or with a level 2 below, it is a level, as is
    a title of one word (产出, 效益).
    """
    if above.level2 is not None:
        return None
    name = above.level1 or level_name(above.title, report.lexicon).removesuffix("方面")
    if above.level1 is not None:
        is_level = name.endswith(("指标", "满意度")) or bool(level2 or _POINTS_BEHIND.search(above.title))
    else:
        is_known = report.lexicon.canonical("level1", name) is not None
        is_level = level2 is not None and is_known and _is_chapter_of_levels(above)
    return name if is_level or _is_one_word(above, report) else None


def _is_one_word(above: Heading, report: ReportSource) -> bool:
    """Whether a heading is nothing but 产出 or 效益; 四是效果 goes on telling what was done."""
    is_told = _ORDINAL.match(report.text[above.start : above.end]) is not None
    return not is_told and report.lexicon.canonical("level1_word", above.title.removesuffix("方面")) is not None


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


def level_at(text: str, start: int, lexicon: Lexicon) -> tuple[str, str, int] | None:
    """The level named at `start`: its role, its name and where the words behind it begin."""
    mark = ITEM_MARK.match(text[start:]) or _DECIMAL_MARK.match(text[start:])
    begin = start + (mark.end() if mark else 0)
    head = text[begin : begin + _LONGEST_LEVEL]
    signs = _SIGNS_OF_A_LEVEL[mark is None or _ORDINAL.match(mark.group()) is not None]
    if not any(sign in head for sign in (*signs, _ASPECT)):
        return None
    for role in ("level2", "level1", "level1_word"):
        hit = lexicon.leading(role, head)
        behind = _BEHIND_LEVEL.match(head, hit.end) if hit is not None else None
        # 群众满意度指标值≥85% names a column.
        if hit is None or behind is None or head.startswith("值", hit.end):
            continue
        is_called_so = hit.wording.endswith("指标")
        # 数量方面，全年…: said so, a word alone opens a level too.
        is_aspect = behind["colon"] is not None and behind.group().lstrip().startswith(_ASPECT)
        has_colon = is_aspect or (behind["colon"] is not None and behind["colon"][0] in signs)
        # 完成及时性：计划11月底 is an indicator that bears the name of a level.
        is_indicator = not (is_called_so or is_aspect) and leading_label(head[behind.end() :], lexicon) is not None
        if (has_colon or is_called_so) and not is_indicator:
            went = _HOW_IT_WENT.match(head, hit.end) if is_called_so else None
            end = max(behind.end(), went.end() if went is not None else 0)
            return role, level_name(hit.wording, lexicon), begin + end
    return None


def speaks_of_performance(sentence: Sentence) -> bool:
    """Whether a value without a label is what was reached here: below a level, or in a chapter on results."""
    is_below_level = any(heading.level1 or heading.level2 for heading in _performance_headings(sentence))
    return is_below_level or sentence.passage.section in _PERFORMANCE
