"""Levels of indicators in prose: as headings above a sentence, and named at the head of one (数量指标：…)."""

from __future__ import annotations

import re

from ingest.extraction.indicators.column_labels import leading_label
from ingest.extraction.indicators.named_values import ITEM_MARK
from ingest.extraction.outline import Heading, level_name
from ingest.extraction.printed_values import POINTS_IN_BRACKETS
from ingest.extraction.source import Sentence
from ingest.lexicon import Lexicon

_PERFORMANCE = frozenset({"performance", "completion", "benefit", "goal_result"})
_POINTS_BEHIND = re.compile(rf"{POINTS_IN_BRACKETS.pattern}\s*$")
_BEHIND_LEVEL = re.compile(
    r"\s*(?:完成情况(?:分析)?|方面|上|完成|情况|实现情况)?\s*(?:[（(]\s*[\d.]+\s*分\s*[)）])?\s*(?P<colon>[:：]|[，,](?=.{4}))?\s*"
)
_LONGEST_LEVEL = 20
# What may stand behind a level's name, with a number before it (（1）社会效益，全年…) and without.
_SIGNS_OF_A_LEVEL = (("指标", "：", ":", "，", ","), ("指标", "：", ":"))


def levels_above(sentence: Sentence, lexicon: Lexicon) -> tuple[str | None, str | None]:
    """Level 1 and level 2 of the headings above a sentence."""
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


def level_at(text: str, start: int, lexicon: Lexicon) -> tuple[str, str, int] | None:
    """The level named at `start`: its role, its name and where the words behind it begin."""
    mark = ITEM_MARK.match(text[start:])
    begin = start + (mark.end() if mark else 0)
    head = text[begin : begin + _LONGEST_LEVEL]
    if not any(sign in head for sign in _SIGNS_OF_A_LEVEL[mark is None]):
        return None
    for role in ("level2", "level1"):
        hit = lexicon.leading(role, head)
        behind = _BEHIND_LEVEL.match(head, hit.end) if hit is not None else None
        # 群众满意度指标值≥85% names a column.
        if hit is None or behind is None or head.startswith("值", hit.end):
            continue
        is_called_so = hit.wording.endswith("指标")
        has_colon = behind["colon"] is not None and behind["colon"] in _SIGNS_OF_A_LEVEL[mark is None]
        # 完成及时性：计划11月底 is an indicator that bears the name of a level.
        is_indicator = not is_called_so and leading_label(head[behind.end() :], lexicon) is not None
        if (has_colon or is_called_so) and not is_indicator:
            return role, level_name(hit.wording, lexicon), begin + behind.end()
    return None


def speaks_of_performance(sentence: Sentence) -> bool:
    """Whether a value without a label is what was reached here: below a level, or in a chapter on results."""
    is_below_level = any(heading.level1 or heading.level2 for heading in _performance_headings(sentence))
    return is_below_level or sentence.passage.section in _PERFORMANCE
