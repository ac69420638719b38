"""Goals and results that are one indicator although they stand far apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ingest.extraction.indicators.named_values import is_abridged
from ingest.extraction.indicators.stated import Stated, has_digit
from ingest.records import Indicator

_FIELDS_OF_A_GOAL = ("name", "target", "target_state", "target_operator", "target_value", "target_unit")
_SATISFACTION = ("满意度", "满意率")
_SHORTEST_COMMON_NAME = 4
_SHORTEST_THING = 3


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator with the words it was read from; `is_goal` marks what was only announced."""

    indicator: Indicator
    stated: Stated
    is_goal: bool


def with_results_of_goals(found: list[Found]) -> list[Found]:
    """A goal and the result that is told of it further down are one indicator: 承保水稻15万亩 … 承保水稻15.6万亩."""
    results = [one for one in found if one.indicator.target is None and has_digit(one.indicator.actual or "")]
    merged = list(found)
    for goal in (one for one in found if one.is_goal and one.indicator.actual is None):
        result = next((one for one in results if _is_result_of(one.indicator, goal.indicator)), None)
        if result is None or result not in merged:
            continue
        sides = {field: getattr(goal.indicator, field) for field in _FIELDS_OF_A_GOAL}
        if _says_verb_elsewhere(result.indicator.name, goal.indicator.name):
            sides["name"] = _common_part(result.indicator.name, goal.indicator.name)
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
    if longer.endswith(shorter) or _says_verb_elsewhere(shorter, longer):
        return True
    return len(shorter) >= _SHORTEST_COMMON_NAME and is_abridged(shorter, longer)


def _says_verb_elsewhere(name: str, other: str) -> bool:
    """安装监控点位 and 监控点位安装."""
    return name != other and sorted(name) == sorted(other) and len(_common_part(name, other)) >= _SHORTEST_THING


def _common_part(name: str, other: str) -> str:
    """The longest words that two names have in common: 监控点位."""
    match = SequenceMatcher(None, name, other, autojunk=False).find_longest_match()
    return name[match.a : match.a + match.size]


def without_repeated_goals(found: list[Found]) -> list[Found]:
    """Goals only announce what an indicator with the same value states again."""
    stated = {
        value
        for one in found
        if not one.is_goal
        for value in (one.indicator.target_value, one.indicator.actual_value)
        if value is not None
    }
    named = {one.indicator.name for one in found if not one.is_goal and one.indicator.target is not None}
    return [
        one
        for one in found
        if not one.is_goal or (one.indicator.target_value not in stated and one.indicator.name not in named)
    ]
