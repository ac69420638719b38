"""The indicator block of a form without its grid: levels, and below them rows of name, target, actual and points."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.extraction.forms.atoms import Manner
from ingest.extraction.forms.cell_kinds import IGNORED_KINDS, CellKinds, cell_kinds
from ingest.extraction.forms.glued_rows import told_apart
from ingest.extraction.forms.labels import is_execution, level_text, without_item_mark
from ingest.extraction.forms.nested_sums import NestedSums, sums_in_text
from ingest.extraction.forms.row_lattice import LatticeRow, RowLattice
from ingest.extraction.forms.rows import FundingRow, IndicatorRow, Piece, Unread
from ingest.extraction.forms.tokens import FormText, Gap, Label, cells
from ingest.lexicon import Lexicon
from ingest.records import Source, Stage

METHOD = "flattened_form"
INDICATOR_COLUMNS = frozenset(
    {
        "level1",
        "level2",
        "name",
        "target",
        "actual",
        "record",
        "weight",
        "score",
        "deviation_reason",
        "nature",
        "measure",
        "ignored",
    }
)
_IN_ROWS = ("name", "nature", "target", "measure", "actual", "weight", "score", "deviation_reason")
# What a block without heading may look like; the one that explains its cells best is taken.
_ASSUMED = (
    ("name", "target", "actual", "weight", "score", "deviation_reason"),
    ("name", "target", "actual", "score", "deviation_reason"),
    ("name", "nature", "target", "measure", "actual", "weight", "score", "deviation_reason"),
    ("name", "weight", "target", "actual", "score", "deviation_reason"),
    ("name", "target", "actual"),
    ("name", "target"),
)
_WIDEST_GAP = 40
_CELLS_OF_A_ROW = 2.5
# Levels whose shorter wordings (项目总成本, 职工满意度) are as often the names of indicators.
_NAMED_LIKE_INDICATORS = ("sat_", "cost_")
_LEVELS_THAT_TELL = 3
_SHORTEST_PLAIN_LEVEL = 4
_SHORTEST_NAME = 2
_START_OF_NAME = 8
_LONGEST_CELLS = 40
_LONGEST_SEGMENT = 4000
_LONGEST_BLOCK = 20_000
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_UNKNOWN_LEVEL = re.compile(r"[\u3400-\u9fff]{2,12}指标")
_LEVEL_WITH_POINTS = re.compile(r"(?P<name>[\u3400-\u9fff]{2,12})[（(]\d{1,3}分[)）]")

_OF_GLUED_CELLS = 0.88
_OF_GLUED_WORDS = 0.7


@dataclass(frozen=True, slots=True)
class IndicatorBlock:
    """The indicators read, the execution rows and the money among them, and the parts not understood."""

    rows: tuple[IndicatorRow, ...]
    execution: tuple[IndicatorRow, ...]
    unread: tuple[Unread, ...]
    funding: tuple[FundingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Level:
    """A level's label in the block."""

    depth: int
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Segment:
    """What stands between two level labels: rows of one level 2."""

    start: int
    end: int
    level1: str | None
    level2: str | None


def columns_in_order(heading: Sequence[Label], lexicon: Lexicon) -> tuple[str, ...]:
    """The columns of a row as the heading orders them.

    A heading of two lines prints the columns that span both first (年度指标值 实际完成值 … 三级指标 指标性质):
    the finer columns stand before the others in every row.
    """
    names = [_column(label, lexicon) for label in heading]
    first = next((place for place, name in enumerate(names) if name in ("level1", "level2", "name")), 0)
    fine, wide = names[first:], names[:first]
    behind_name = fine[fine.index("name") + 1 :] if "name" in fine else fine
    ordered: list[str] = ["name"]
    for name in behind_name:
        if name == "record":
            # What a checklist records is what was reached.
            ordered.append("actual")
        elif name in _IN_ROWS or name in IGNORED_KINDS:
            # 调整指标值 is a second target: it has its place in the row and is not the goal that was set.
            ordered.append("other_value" if name == "target" and name in ordered else name)
    ordered.extend(name for name in wide if name in _IN_ROWS and name not in ordered)
    return tuple(ordered)


def _column(label: Label, lexicon: Lexicon) -> str:
    """A column that is no part of the record is known by its content: a share, a word, a value of another year."""
    if label.canonical != "ignored":
        return label.canonical
    return lexicon.canonical("form_ignored", label.wording) or "ignored"


def find_levels(form: FormText, start: int, end: int) -> list[_Level]:
    """The labels of level 1 and level 2 that stand as cells in `text[start:end]`."""
    accepted: list[tuple[Label, int]] = []
    for label in form.labels(("level1", "level2"), start, end):
        behind = _end_of_level(form, label)
        last = accepted[-1] if accepted else None
        if _is_level(form, label, behind, last[1] if last else None, end) and not _is_name(form, label, accepted):
            accepted.append((label, behind))
    levels: list[_Level] = []
    for place, (label, behind) in enumerate(accepted):
        follower = accepted[place + 1][0] if place + 1 < len(accepted) else None
        is_above = follower is not None and _are_neighbours(form, behind, follower.start)
        depth = _depth(form, label, levels, is_above=is_above)
        levels.append(_Level(depth, _level_name(form, label), label.start, behind))
    common = [
        level
        for level in (
            *_levels_of_common_framework(form, start, end),
            *_plain_levels_run_together(form, start, end, levels),
        )
        # 项目效益 in 项目效益指标 is the shorter wording of what is known.
        if not any(known.start <= level.start and level.end < known.end for known in levels)
    ]
    begins = {level.start for level in common}
    levels = sorted([*common, *(level for level in levels if level.start not in begins)], key=lambda level: level.start)
    return sorted([*levels, *_unknown_levels(form, start, end, levels)], key=lambda level: level.start)


def _levels_of_common_framework(form: FormText, start: int, end: int) -> list[_Level]:
    """项目立项, 资金管理: words of every report, levels only as cells of a form before a name."""
    found = []
    for label in form.labels(("form_level",), start, end):
        behind = _end_of_level(form, label)
        is_cell = form.gap_before(label.start) > Gap.NONE and form.gap_behind(behind) > Gap.NONE
        following = form.flat[behind : min(end, behind + _WIDEST_GAP)].lstrip(" |")
        has_words = len(_CHINESE.findall(following[:_START_OF_NAME])) >= _SHORTEST_NAME
        is_name = has_words and not _begins_as_word_of_value(form, following)
        if is_cell and is_name:
            found.append(_Level(int(label.canonical), level_text(label.wording), label.start, behind))
    return found


def _plain_levels_run_together(form: FormText, start: int, end: int, known: Sequence[_Level]) -> list[_Level]:
    """项目决策项目立项…8项目管理资金管理…: pairs of levels, then levels 2 behind the points of a row, without 指标."""
    if not form.is_glued(start, end) or any(level.name.endswith("指标") for level in known):
        return []
    labels = [
        label
        for label in form.labels(("form_level", "level1", "level2"), start, end)
        if len(label.wording) >= _SHORTEST_PLAIN_LEVEL and form.flat[label.end : end][:1].isalpha()
    ]
    levels: list[_Level] = []
    for place, label in enumerate(labels):
        following = labels[place + 1] if place + 1 < len(labels) else None
        begins = place == 0 or re.match(r"[\d%]", form.flat[label.start - 1]) is not None
        if begins and following is not None and following.start == label.end:
            levels.append(_Level(1, label.wording, label.start, label.end))
        elif levels and (begins or levels[-1].end == label.start):
            levels.append(_Level(2, label.wording, label.start, label.end))
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


def _level_name(form: FormText, label: Label) -> str:
    end = label.word_end
    for tail in form.lexicon.wordings("form_level_tail"):
        if form.flat.startswith(tail, end):
            end += len(tail)
    return level_text(form.flat[label.start : end])


def _end_of_level(form: FormText, label: Label) -> int:
    """Behind the label, its points and what forms add to a level's name (等)."""
    end = label.word_end
    for tail in form.lexicon.wordings("form_level_tail"):
        if form.flat.startswith(tail, end) and form.gap_behind(end + len(tail)) > Gap.NONE:
            return end + len(tail)
    points = re.compile(r"\s{0,2}[（(]\s*[\d.]*\s*分?\s*[)）]\s?[:：]?").match(form.flat, end)
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
    is_before_name = _CHINESE.match(following) is not None and not _begins_as_value(form, following)
    return says_so or (follows_level and is_before_name)


def _begins_as_value(form: FormText, text: str) -> bool:
    """Behind a name stands its target: a number, 大于等于, 不低于, or a word that is a value by itself."""
    return re.match(r"[\d≥≧≤≦>=<═＝%]", text) is not None or _begins_as_word_of_value(form, text)


def _begins_as_word_of_value(form: FormText, text: str) -> bool:
    cell = re.split(r"[\s|]", text, maxsplit=1)[0]
    return form.lexicon.canonical("form_plain_value", cell) is not None or any(
        text.startswith(wording) for wording in form.lexicon.wordings("operator") if _CHINESE.match(wording)
    )


def _depth(form: FormText, label: Label, levels: Sequence[_Level], *, is_above: bool) -> int:
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


def _unknown_levels(form: FormText, start: int, end: int, known: Sequence[_Level]) -> list[_Level]:
    """Cells that call themselves 指标 before a name, or print the points of a block: levels unknown to the lexicon."""
    ends = [level.end for level in known]
    free = [
        entry
        for entry in cells(form.text, start, end)
        if (place := bisect_right(ends, entry.start)) == len(known) or entry.end <= known[place].start
    ]
    found: list[_Level] = []
    for entry, following in itertools.pairwise(free):
        text, behind = form.flat[entry.start : entry.end], form.flat[following.start : following.end]
        with_points = _LEVEL_WITH_POINTS.fullmatch(text)
        if with_points is not None:
            is_above = _LEVEL_WITH_POINTS.fullmatch(behind) is not None
            found.append(_Level(1 if is_above else 2, with_points["name"], entry.start, entry.end))
        elif (
            _UNKNOWN_LEVEL.fullmatch(text)
            and form.lexicon.canonical("form_plain_value", text) is None
            and re.match(r"[\u3400-\u9fff]", behind)
            and (form.starts_a_line(entry.start) or _follows_level(form, ends, entry.start))
        ):
            found.append(_Level(2, text, entry.start, entry.end))
    return found


def read_indicators(form: FormText, start: int, end: int, heading: Sequence[Label]) -> IndicatorBlock:
    """Read the rows in `text[start:end]` below a heading, or by themselves where there is none (`heading` empty)."""
    end, beyond = min(end, start + _LONGEST_BLOCK), end
    levels = find_levels(form, start, end)
    if heading and not {"level1", "level2"} & {label.canonical for label in heading}:
        # Without a column for them, 项目总成本 is a name; only what calls itself 指标 can be a level.
        levels = [level for level in levels if level.name.endswith("指标")]
    segments = [segment for segment in _segments(form, start, end, levels) if segment.end - segment.start > 1]
    manner = _manner(form, start, end)
    kinds = cell_kinds(form.lexicon, is_glued=manner.is_glued)
    read: list[IndicatorRow] = []
    unread: list[Unread] = []
    if beyond > end:
        unread.append(_unread("block_too_long", "指标部分过长，其后内容未读取", end, beyond))
    columns = columns_in_order(heading, form.lexicon) if heading else _best_columns(form, kinds, segments, manner)
    sums = list(sums_in_text(form.flat, start, end, form.lexicon)) if is_checklist(heading) else []
    for segment in (part for whole in segments for part in _behind_sums(form, whole, heading, sums)):
        if segment.end - segment.start > _LONGEST_SEGMENT:
            unread.append(_unread("block_too_long", "该部分过长，未能按指标行读取", segment.start, segment.end))
            continue
        rows, unused, _ = RowLattice(form, kinds, (segment.start, segment.end), columns, manner).rows()
        if manner.is_glued and manner.has_digits:
            rows, in_doubt = told_apart(form, columns, rows)
            unread.extend(_not_told_apart(form, row.start, row.end) for row in in_doubt)
        for row in rows:
            indicator, left = _indicator(form, row, segment, manner)
            read.append(indicator)
            unread.extend(left)
        unread.extend(
            _not_told_apart(form, begin, finish)
            for begin, finish in unused
            if kinds.says_something(form.text[begin:finish])
        )
    is_execution_row = [_is_execution_row(form, row) for row in read]
    return IndicatorBlock(
        tuple(row for row, special in zip(read, is_execution_row, strict=True) if not special),
        tuple(row for row, special in zip(read, is_execution_row, strict=True) if special),
        tuple(unread),
        tuple(_funding(sums)),
    )


def is_checklist(heading: Sequence[Label]) -> bool:
    """Whether a heading is that of a list of checks, which records the money among its indicators."""
    return any(label.canonical == "record" for label in heading)


def _behind_sums(
    form: FormText, segment: _Segment, heading: Sequence[Label], sums: Sequence[tuple[NestedSums, int]]
) -> list[_Segment]:
    """The rows of a checklist behind its money, whose last row goes on with the columns behind the record."""
    last = max((end for _, end in sums if segment.start <= end < segment.end), default=None)
    if last is None:
        return [segment]
    record = next(place for place, label in enumerate(heading) if label.canonical == "record")
    rest = cells(form.text, last, segment.end)[len(heading) - record - 1 :]
    return [replace(segment, start=rest[0].start)] if rest else []


def _funding(sums: Sequence[tuple[NestedSums, int]]) -> Iterator[FundingRow]:
    amounts: dict[Source, dict[Stage, Piece]] = {}
    for found, _ in sums:
        for (source, stage), (begin, finish) in found.items():
            amounts.setdefault(source, {}).setdefault(stage, Piece(begin, finish, METHOD, 0.95))
    for source, by_stage in amounts.items():
        yield FundingRow(source, None, by_stage)


def _segments(form: FormText, start: int, end: int, levels: Sequence[_Level]) -> list[_Segment]:
    segments = []
    level1: str | None = None
    level2: str | None = None
    place = start
    for level in [*levels, None]:
        limit = level.start if level is not None else end
        if re.search(r"[\u3400-\u9fff]", form.text[place:limit]):
            segments.append(_Segment(place, limit, level1, level2))
        if level is None:
            break
        if level.depth == 1:
            level1, level2 = level.name, None
        else:
            level2 = level.name
        place = level.end
    return segments


def _manner(form: FormText, start: int, end: int) -> Manner:
    entries = cells(form.text, start, end)
    per_cell = sum(len(entry.text) for entry in entries) / (1 + form.separators(start, end))
    is_glued = per_cell > _LONGEST_CELLS or (per_cell > _LONGEST_CELLS / 3 and form.is_glued(start, end))
    lines = [line for line in form.text[start:end].split("\n") if line.strip(" |")]
    filled = [entry for entry in entries if not entry.is_blank]
    # A text in one line has no lines to go by.
    lines_are_rows = len(lines) > 2 and len(filled) / len(lines) >= _CELLS_OF_A_ROW
    return Manner(is_glued, lines_are_rows, re.search(r"\d", form.text[start:end]) is not None)


def _best_columns(form: FormText, kinds: CellKinds, segments: Sequence[_Segment], manner: Manner) -> tuple[str, ...]:
    """The assumed heading under which the block's first rows cost least."""
    sample = segments[:4]

    def cost(columns: tuple[str, ...]) -> float:
        return sum(
            RowLattice(form, kinds, (segment.start, min(segment.end, segment.start + 400)), columns, manner).rows()[2]
            for segment in sample
        )

    return min(_ASSUMED, key=cost)


def _confidence(row: LatticeRow, manner: Manner) -> float:
    """How sure the division of a row is: cells that ran together were only told apart by what they look like."""
    if manner.is_glued:
        return _OF_GLUED_CELLS if manner.has_digits else _OF_GLUED_WORDS
    return 0.97 if row.cost < 1.5 and not row.doubtful else 0.9 if row.cost < 4 else 0.8


def _indicator(form: FormText, row: LatticeRow, segment: _Segment, manner: Manner) -> tuple[IndicatorRow, list[Unread]]:
    confidence = _confidence(row, manner)

    def piece(column: str) -> Piece | None:
        # Operator, number and unit of a target are in doubt together.
        doubted = "target" if column in ("nature", "measure") else column
        if column not in row.places or (doubted in row.doubtful and column != "name"):
            return None
        return Piece(*row.places[column], METHOD, confidence)

    begin, finish = row.places["name"]
    begin += without_item_mark(form.text[begin:finish])
    target = tuple(part for column in ("nature", "target", "measure") if (part := piece(column)) is not None)
    unread = []
    if row.doubtful - {"name"}:
        name = form.text[begin:finish]
        unread.append(_unread("cells_not_told_apart", f"指标「{name}」的数字无法确定各属哪一栏", row.start, row.end))
    indicator = IndicatorRow(
        Piece(begin, finish, METHOD, confidence),
        segment.level1,
        segment.level2,
        target,
        piece("actual"),
        piece("weight"),
        piece("score"),
        piece("deviation_reason"),
    )
    return indicator, unread


def _is_execution_row(form: FormText, row: IndicatorRow) -> bool:
    name = re.sub(r"\s", "", form.flat[row.name.start : row.name.end])
    if is_execution(name, form.lexicon):
        return True
    # 预算执行率 预算执行率: the levels print the same words again.
    rest = name
    for hit in form.lexicon.find("form_execution", name):
        rest = rest.replace(hit.wording, "")
    return rest == ""


def _not_told_apart(form: FormText, start: int, end: int) -> Unread:
    return _unread("cells_not_told_apart", f"「{form.text[start:end]}」未能归入任何一栏", start, end)


def _unread(code: str, message: str, start: int, end: int) -> Unread:
    return Unread(code, message, Piece(start, end, METHOD, 0.3))
