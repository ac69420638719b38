"""The levels of an indicator block: the labels of level 1 and level 2, and the rows that stand between them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.extraction.forms.flattened.tokens import HAN, Cell, FormText, Gap, Label, cells
from ingest.extraction.forms.labels import level_text

_WIDEST_GAP = 40
# Levels whose shorter wordings (项目总成本, 职工满意度) are as often the names of indicators.
_NAMED_LIKE_INDICATORS = ("sat_", "cost_")
_LEVELS_THAT_TELL = 3
_SHORTEST_PLAIN_LEVEL = 4
_SHORTEST_NAME = 2
_START_OF_NAME = 8
_UNKNOWN_LEVEL = re.compile(r"[\u3400-\u9fff]{2,12}指标")
_SATISFACTION = re.compile(r"[\u3400-\u9fff]{2,10}满意度")
_LEVEL_WITH_POINTS = re.compile(r"(?P<name>[\u3400-\u9fff]{2,12})[（(]\d{1,3}分[)）]")
_POINTS = re.compile(r"\s{0,2}[（(]\s*[\d.]*\s*分?\s*[)）]\s?[:：]?")
_NUMBER_OF_LEVEL = re.compile(r"^(?:[（(][一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}[、.．])\s?")
_NUMBER_BEFORE_LEVEL = re.compile(f"(?<![^ |]){_NUMBER_OF_LEVEL.pattern.removeprefix('^')}$")
_LONGEST_NUMBER = 6
_POINTS_IN_CELL = re.compile(r"[ |]+\d{1,3}(?:\.\d{1,2})?(?=[ |])")
_END_OF_POINTS = re.compile(r"[\d%]")
_START_OF_VALUE = re.compile(r"[\d≥≧≤≦>=<═＝%]")
_CELL_LIMIT = re.compile(r"[\s|]")


@dataclass(frozen=True, slots=True)
class Level:
    """A level's label in the block: `depth` 1 or 2."""

    depth: int
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands between two level labels: rows of one level 2."""

    start: int
    end: int
    level1: str | None
    level2: str | None


def segments_between(form: FormText, start: int, end: int, levels: Sequence[Level]) -> Iterator[Segment]:
    """The parts of `text[start:end]` that say anything, each with the levels above it."""
    level1: str | None = None
    level2: str | None = None
    place = start
    for level, limit in zip([*levels, None], [*(level.start for level in levels), end], strict=True):
        if limit - place > 1 and HAN.search(form.text, place, limit):
            yield Segment(place, limit, level1, level2)
        if level is not None:
            level1, level2 = (level.name, None) if level.depth == 1 else (level1, level.name)
            place = level.end


def find_levels(
    form: FormText, start: int, end: int, *, have_points: bool = False, may_be_numbered: bool = False
) -> list[Level]:
    """The labels of level 1 and level 2 that stand as cells in `text[start:end]`.

    `have_points`: the points of each level stand in a cell behind it (决策 | 20 | 项目立项 | 8 | …).
    `may_be_numbered`: a level has a row of its own and may begin it with a number (（一）产出指标 | 50).
    """
    accepted: list[tuple[Label, int]] = []
    for label in form.labels(("level1", "level2"), start, end):
        behind = _end_of_level(form, label, have_points=have_points)
        last = accepted[-1] if accepted else None
        label = _with_number(form, label, start) if may_be_numbered else label
        if _is_level(form, label, behind, last[1] if last else None, end) and not _is_name(form, label, accepted):
            accepted.append((label, behind))
    levels: list[Level] = []
    for place, (label, behind) in enumerate(accepted):
        follower = accepted[place + 1][0] if place + 1 < len(accepted) else None
        is_above = follower is not None and _are_neighbours(form, behind, follower.start)
        depth = _depth(form, label, levels, is_above=is_above)
        levels.append(Level(depth, _level_name(form, label), label.start, behind))
    common = [
        level
        for level in (
            *_levels_of_common_framework(form, start, end, have_points=have_points),
            *_plain_levels_run_together(form, start, end, levels),
        )
        # 项目效益 in 项目效益指标 is the shorter wording of what is known.
        if not any(known.start <= level.start and level.end < known.end for known in levels)
    ]
    begins = {level.start for level in common}
    levels = sorted([*common, *(level for level in levels if level.start not in begins)], key=lambda level: level.start)
    levels = [_below_points(form, level, levels) for level in levels]
    levels = sorted([*levels, *_upright_levels(form, start, end)], key=lambda level: level.start)
    return sorted([*levels, *_unknown_levels(form, start, end, levels)], key=lambda level: level.start)


def _upright_levels(form: FormText, start: int, end: int) -> Iterator[Level]:
    """The levels 1 whose signs begin the lines of their rows; they stand where the first sign does."""
    for name, places in form.upright:
        if start <= places[0] < end and form.lexicon.canonical("level1", name) is not None:
            yield Level(1, name, places[0], places[0] + 1)


def _below_points(form: FormText, level: Level, levels: Sequence[Level]) -> Level:
    """满意度 without points, where every level 1 above it prints its own (项目效益(25)), is a level 2.

    So is 成本指标 in the rest of a form, where every level 1 below it prints its own.
    """
    if level.depth == 2 or has_points(form, level):
        return level
    others = [other for other in levels if other.depth == 1 and other is not level]
    meaning = form.lexicon.canonical("level1", level.name)
    if meaning == "SATISFACTION":
        telling = [other for other in others if other.start < level.start]
        is_below = len(telling) >= _LEVELS_THAT_TELL
    else:
        telling = others
        is_below = meaning == "COST" and len(others) > 1 and level is levels[0]
    return replace(level, depth=2) if is_below and all(has_points(form, other) for other in telling) else level


def has_points(form: FormText, level: Level) -> bool:
    """Whether a level prints the points of its rows: 项目决策（10分）."""
    return _POINTS.search(form.flat, level.start, level.end) is not None


def _levels_of_common_framework(form: FormText, start: int, end: int, *, have_points: bool) -> list[Level]:
    """项目立项, 资金管理: words of every report, levels only as cells of a form before a name."""
    found = []
    for label in form.labels(("form_level",), start, end):
        behind = _end_of_level(form, label, have_points=have_points)
        ends_as_cell = behind > label.word_end or form.gap_behind(behind) > Gap.NONE
        is_cell = form.gap_before(label.start) > Gap.NONE and ends_as_cell
        following = form.flat[behind : min(end, behind + _WIDEST_GAP)].lstrip(" |")
        has_words = len(HAN.findall(following[:_START_OF_NAME])) >= _SHORTEST_NAME
        is_name = has_words and not _begins_as_word_of_value(form, following)
        if is_cell and is_name:
            found.append(Level(int(label.canonical), level_text(label.wording), label.start, behind))
    return found


def _plain_levels_run_together(form: FormText, start: int, end: int, known: Sequence[Level]) -> list[Level]:
    """项目决策项目立项…8项目管理资金管理…: pairs of levels, then levels 2 behind the points of a row, without 指标."""
    if not form.is_glued(start, end) or any(level.name.endswith("指标") for level in known):
        return []
    labels = [
        label
        for label in form.labels(("form_level", "level1", "level2"), start, end)
        if len(label.wording) >= _SHORTEST_PLAIN_LEVEL and form.flat[label.end : end][:1].isalpha()
    ]
    levels: list[Level] = []
    for place, label in enumerate(labels):
        following = labels[place + 1] if place + 1 < len(labels) else None
        begins = place == 0 or _END_OF_POINTS.match(form.flat, label.start - 1) is not None
        if begins and following is not None and following.start == label.end:
            levels.append(Level(1, label.wording, label.start, label.end))
        elif levels and (begins or levels[-1].end == label.start):
            levels.append(Level(2, label.wording, label.start, label.end))
    return levels if sum(level.depth == 1 for level in levels) >= 2 else []


def _is_name(form: FormText, label: Label, accepted: Sequence[tuple[Label, int]]) -> bool:
    """服务对象满意度 below levels that all call themselves 指标 is the indicator, not its level."""
    if label.wording.endswith("指标") or not accepted:
        return False
    last, end_of_last = accepted[-1]
    if _are_neighbours(form, end_of_last, label.start):
        return last.wording.endswith("指标") and last.role == label.role == "level2"
    second = [other.wording.endswith("指标") for other, _ in accepted if other.role == "level2"]
    return label.canonical.startswith(_NAMED_LIKE_INDICATORS) and len(second) >= _LEVELS_THAT_TELL and all(second)


def _are_neighbours(form: FormText, end: int, start: int) -> bool:
    return end <= start <= end + _WIDEST_GAP and not form.text[end:start].strip(" \n|")


def _follows_level(form: FormText, ends: Sequence[int], start: int) -> bool:
    place = bisect_right(ends, start)
    return place > 0 and _are_neighbours(form, ends[place - 1], start)


def _with_number(form: FormText, label: Label, start: int) -> Label:
    """（一）产出指标 as one label."""
    number = _NUMBER_BEFORE_LEVEL.search(form.flat, max(start, label.start - _LONGEST_NUMBER), label.start)
    return replace(label, start=number.start()) if number is not None else label


def _level_name(form: FormText, label: Label) -> str:
    end = label.word_end
    for tail in form.lexicon.wordings("form_level_tail"):
        if form.flat.startswith(tail, end):
            end += len(tail)
    return level_text(_NUMBER_OF_LEVEL.sub("", form.flat[label.start : end]))


def _end_of_level(form: FormText, label: Label, *, have_points: bool) -> int:
    """Behind the label, its points and what forms add to a level's name (等)."""
    end = label.word_end
    in_cell = _POINTS_IN_CELL.match(form.flat, end) if have_points else None
    if in_cell is not None:
        return in_cell.end()
    for tail in form.lexicon.wordings("form_level_tail"):
        if form.flat.startswith(tail, end) and form.gap_behind(end + len(tail)) > Gap.NONE:
            return end + len(tail)
    points = _POINTS.match(form.flat, end)
    return points.end() if points else end


def _is_level(form: FormText, label: Label, behind: int, end_of_last: int | None, limit: int) -> bool:
    """A cell of its own; or, where nothing separates cells, a full wording or the neighbour of a level."""
    says_so = label.wording.endswith("指标")
    follows_level = end_of_last is not None and _are_neighbours(form, end_of_last, label.start)
    if form.gap_before(label.start) > Gap.NONE and form.gap_behind(behind) > Gap.NONE:
        following = form.flat[behind : min(limit, behind + _WIDEST_GAP)].lstrip(" |")
        return says_so or (following != "" and not _begins_as_value(form, following))
    if not form.is_glued(label.start, behind):
        return behind > label.word_end and form.gap_before(label.start) > Gap.NONE
    following = form.flat[behind : min(limit, behind + _WIDEST_GAP)]
    is_before_name = HAN.match(following) is not None and not _begins_as_value(form, following)
    return says_so or (follows_level and is_before_name)


def _begins_as_value(form: FormText, text: str) -> bool:
    """Behind a name stands its target: a number, 大于等于, 不低于, or a word that is a value by itself."""
    return _START_OF_VALUE.match(text) is not None or _begins_as_word_of_value(form, text)


def _begins_as_word_of_value(form: FormText, text: str) -> bool:
    cell = _CELL_LIMIT.split(text, maxsplit=1)[0]
    return form.lexicon.canonical("form_plain_value", cell) is not None or any(
        text.startswith(wording) for wording in form.lexicon.wordings("operator") if HAN.match(wording)
    )


def _depth(form: FormText, label: Label, levels: Sequence[Level], *, is_above: bool) -> int:
    """成本指标 is a level 1 since 2021 and a level 2 under 产出 before; 满意度指标 may stand in both columns."""
    is_first = form.lexicon.canonical("level1", label.wording) is not None
    is_second = form.lexicon.canonical("level2", label.wording) is not None
    if not is_first:
        return 2
    last = levels[-1] if levels else None
    if last is not None and last.depth == 1 and _are_neighbours(form, last.end, label.start):
        return 2
    if not is_second:
        return 1
    above = next((level.name for level in reversed(levels) if level.depth == 1), None)
    under_output = above is not None and form.lexicon.canonical("level1", above) == "OUTPUT"
    return 2 if not is_above and (under_output or (last is not None and last.depth == 2 and above is None)) else 1


def _unknown_levels(form: FormText, start: int, end: int, known: Sequence[Level]) -> list[Level]:
    """Cells that call themselves 指标 before a name, or print the points of a block: levels unknown to the lexicon."""
    ends = [level.end for level in known]
    free = [
        entry
        for entry in cells(form.text, start, end)
        if (place := bisect_right(ends, entry.start)) == len(known) or entry.end <= known[place].start
    ]
    found: list[Level] = []
    for entry, following in pairwise(free):
        text, behind = form.flat[entry.start : entry.end], form.flat[following.start : following.end]
        with_points = _LEVEL_WITH_POINTS.fullmatch(text)
        if with_points is not None and not _begins_as_value(form, behind):
            is_above = _LEVEL_WITH_POINTS.fullmatch(behind) is not None
            found.append(Level(1 if is_above else 2, with_points["name"], entry.start, entry.end))
        elif (
            _UNKNOWN_LEVEL.fullmatch(text)
            and form.lexicon.canonical("form_plain_value", text) is None
            and HAN.match(behind)
            and (form.starts_a_line(entry.start) or _follows_level(form, ends, entry.start))
        ) or _is_satisfaction_above_name(form, known, entry, behind):
            found.append(Level(2, text, entry.start, entry.end))
    return found


def _is_satisfaction_above_name(form: FormText, known: Sequence[Level], entry: Cell, behind: str) -> bool:
    """满意度 群众满意度 村民代表满意度: the second is the level 2 of the third."""
    above = next((level for level in reversed(known) if level.end <= entry.start), None)
    return (
        above is not None
        and above.depth == 1
        and form.lexicon.canonical("level1", above.name) == "SATISFACTION"
        and _are_neighbours(form, above.end, entry.start)
        and (
            _SATISFACTION.fullmatch(entry.text) is not None
            or form.lexicon.canonical("form_satisfied", entry.text) is not None
        )
        and behind.endswith(tuple(form.lexicon.wordings("form_name_tail")))
    )
