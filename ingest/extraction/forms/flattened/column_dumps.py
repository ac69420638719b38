"""Indicators dumped column by column: all names below 三级指标, then all targets below 年度指标值, and so on.

The headings stand above their columns, or all of them before the first.

Counts single the reading out: as many targets, values reached and points as names. A column with another count is left
unread, and so is all of it where a score is above its points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile

from ingest.extraction.forms.flattened.cell_kinds import IMPOSSIBLE, cell_kinds
from ingest.extraction.forms.flattened.indicator_block import IndicatorBlock, is_execution_row
from ingest.extraction.forms.flattened.pieces import piece_at, unread_at
from ingest.extraction.forms.flattened.tokens import FormText, Label, Span, cells, up_to_the_next
from ingest.extraction.forms.labels import INDICATOR_COLUMNS, level_text, without_item_mark
from ingest.extraction.forms.rows import IndicatorRow, Piece
from ingest.quantities import parse_decimal

_LINE = re.compile(r"[ ]*(?P<value>[^\s|](?:[^\n|]*[^\s|])?)")
_LEVELS = ("level1", "level2")
_POINTS = ("weight", "score")
_VALUES = ("target", "actual", *_POINTS)
_FEWEST = 2
_FEWEST_BELOW = 3
_LENGTH_OF_POINTS = 60
_POINTS_ALONE = re.compile(r"\d{1,2}(?:\.\d{1,2})?")
_LONGEST_COLUMN = 2000
_MOST_DOUBT = 4.0
_ENDING_ROLES = ("form_total", "form_grade", "form_text", "form_end", "form_field", "form_row")
_WITH_POINTS = 0.9
_WITHOUT_POINTS = 0.8

Columns = Mapping[str, Sequence[Span]]
"""The cells of every column, from top to bottom."""


def find_dumps(form: FormText, labels: Sequence[Label]) -> Iterator[tuple[Label, ...]]:
    """The headings of every dump among the labels of columns: each has its cells behind it."""
    headings = [label for label in labels if label.role == "form_column"]
    for place, label in enumerate(headings):
        if label.canonical != "name" or place + 1 == len(headings):
            continue
        names = _cells(form, label.end, headings[place + 1].start)
        if len(names) < _FEWEST or form.is_glued(label.start, label.end):
            continue
        chain = [*_levels_before(form, headings[:place], label), label]
        chain.extend(_columns_behind(form, headings[place:]))
        if len({label.canonical for label in chain} & set(_VALUES)) >= _FEWEST:
            yield tuple(chain)


def read_dump(form: FormText, heading: Sequence[Label], end: int) -> IndicatorBlock:
    """Read the rows below the headings of a dump, which ends before `end`."""
    by_lines = dict(_columns(form, heading, end, _lines))
    # A name of two words is one cell where every cell has a line.
    columns = by_lines if _are_of_one_length(by_lines) else dict(_columns(form, heading, end, _cells))
    return _block(form, columns, heading[0].start)


def read_dump_below(form: FormText, start: int, end: int, heading: Sequence[Label]) -> IndicatorBlock | None:
    """Read all names, all targets, … in `text[start:end]` below headings side by side; None for rows below them."""
    names = [label.canonical for label in heading if label.canonical not in (*_LEVELS, "deviation_reason")]
    is_known = names[:1] == ["name"] and set(names) <= {"name", *_VALUES} and set(names[-2:]) == set(_POINTS)
    if not is_known or not _ends_in_points(form, start, end):
        return None
    for found in (_lines(form, start, end), _cells(form, start, end)):
        levels = list(takewhile(lambda span: _depth(form, span) is not None, found))
        count, rest = divmod(len(found) - len(levels), len(names))
        if rest or count < _FEWEST_BELOW:
            continue
        columns = {name: found[len(levels) + place * count :][:count] for place, name in enumerate(names)} | {
            column: [span for span in levels if _depth(form, span) == column] for column in _LEVELS
        }
        if len(columns) == len(names) + len(_LEVELS) and _is_sound(form, columns):
            return _block(form, columns, start)
    return None


def _ends_in_points(form: FormText, start: int, end: int) -> bool:
    last = _cells(form, max(start, end - _LENGTH_OF_POINTS), end)[-2 * _FEWEST_BELOW :]
    return len(last) == 2 * _FEWEST_BELOW and all(_POINTS_ALONE.fullmatch(form.flat, *span) for span in last)


def _depth(form: FormText, span: Span) -> str | None:
    """The column of a cell that is a level."""
    text = level_text(form.flat[slice(*span)])
    return next((column for column in _LEVELS if form.lexicon.canonical(column, text) is not None), None)


def _block(form: FormText, columns: Columns, start: int) -> IndicatorBlock:
    names = columns["name"]
    whole = {column: spans for column, spans in columns.items() if len(spans) == len(names)}
    finish = max(spans[-1][1] for spans in columns.values() if spans)
    message = "指标各栏的单元格数目或内容不一致，无法确定各属哪一行"
    unread = unread_at("cells_not_told_apart", message, start, finish)
    if not _is_sound(form, whole):
        return IndicatorBlock((), (), (unread,), ())
    confidence = _WITH_POINTS if set(_POINTS) <= whole.keys() else _WITHOUT_POINTS
    rows = [_row(form, columns, whole, place, confidence) for place in range(len(names))]
    return IndicatorBlock(
        tuple(row for row in rows if not is_execution_row(form, row)),
        tuple(row for row in rows if is_execution_row(form, row)),
        () if set(columns) - set(_LEVELS) <= whole.keys() else (unread,),
        (),
    )


def _cells(form: FormText, start: int, end: int) -> list[Span]:
    return [(cell.start, cell.end) for cell in cells(form.text, start, min(end, start + _LONGEST_COLUMN))]


def _lines(form: FormText, start: int, end: int) -> list[Span]:
    return [match.span("value") for match in _LINE.finditer(form.text, start, min(end, start + _LONGEST_COLUMN))]


def _levels_before(form: FormText, headings: Sequence[Label], name: Label) -> list[Label]:
    """一级指标 and 二级指标 with their cells, right before the names."""
    found: list[Label] = []
    limit = name.start
    for label in reversed(headings):
        if label.canonical not in _LEVELS or not _cells(form, label.end, limit):
            break
        found.insert(0, label)
        limit = label.start
    return found


def _columns_behind(form: FormText, headings: Sequence[Label]) -> Iterator[Label]:
    """The columns behind the names, up to one without cells or one that was there before."""
    seen = {"name"}
    for label, limit in up_to_the_next(headings[1:], len(form.text)):
        found = _cells(form, label.end, limit)
        is_short = len(found) < _FEWEST and label.canonical in _VALUES
        if label.canonical not in INDICATOR_COLUMNS or label.canonical in seen or is_short:
            return
        seen.add(label.canonical)
        yield label


def _columns(
    form: FormText, heading: Sequence[Label], end: int, parted: Callable[[FormText, int, int], list[Span]]
) -> Iterator[tuple[str, list[Span]]]:
    for label, limit in up_to_the_next(heading, end):
        if label.canonical not in (*_LEVELS, "name", *_VALUES):
            continue
        if label is heading[-1]:
            yield label.canonical, _last_column(form, label, parted(form, label.end, _next_box(form, label, limit)))
        else:
            yield label.canonical, parted(form, label.end, limit)


def _are_of_one_length(columns: Columns) -> bool:
    lengths = {len(spans) for column, spans in columns.items() if column not in _LEVELS}
    return len(lengths) == 1 and lengths.pop() >= _FEWEST


def _next_box(form: FormText, label: Label, end: int) -> int:
    """The last column ends before the next box of the form."""
    boxes = form.labels(_ENDING_ROLES, label.end, min(end, label.end + _LONGEST_COLUMN))
    return min((box.start for box in boxes), default=end)


def _last_column(form: FormText, label: Label, found: Sequence[Span]) -> list[Span]:
    """A column of points ends with its last number."""
    if label.canonical not in _POINTS:
        return list(found)
    return list(takewhile(lambda span: parse_decimal(form.flat[slice(*span)]) is not None, found))


def _is_sound(form: FormText, whole: Columns) -> bool:
    """Whether every cell suits its column and no score is above its points."""
    if len(whole.keys() & set(_VALUES)) < _FEWEST:
        return False
    kinds = cell_kinds(form.lexicon, is_glued=False)
    for column in (*_VALUES, "name"):
        limit = _MOST_DOUBT if column not in _POINTS else IMPOSSIBLE
        if any(kinds.cost(column, form.flat[slice(*span)]) >= limit for span in whole.get(column, ())):
            return False
    points = ([parse_decimal(form.flat[slice(*span)]) for span in whole.get(column, ())] for column in _POINTS)
    return all(score is None or weight is None or score <= weight for weight, score in zip(*points, strict=False))


def _row(form: FormText, columns: Columns, whole: Columns, place: int, confidence: float) -> IndicatorRow:
    def piece(column: str) -> Piece | None:
        return piece_at(*whole[column][place], confidence) if column in whole else None

    begin, finish = whole["name"][place]
    target = piece("target")
    return IndicatorRow(
        piece_at(begin + without_item_mark(form.text[begin:finish]), finish, confidence),
        _level(form, columns, whole, "level1", place),
        _level(form, columns, whole, "level2", place),
        (target,) if target is not None else (),
        piece("actual"),
        piece("weight"),
        piece("score"),
    )


def _level(form: FormText, columns: Columns, whole: Columns, column: str, place: int) -> str | None:
    """The only level spans all rows; which rows several span is told by the levels 2 beside these, or not at all."""
    spans = columns.get(column, ())
    span = spans[0] if len(spans) == 1 else whole[column][place] if column in whole else None
    if span is not None:
        return level_text(form.flat[slice(*span)])
    has_beside = column == "level1" and "level2" in whole
    beside = _level(form, columns, whole, "level2", place) if has_beside else None
    levels = [level_text(form.flat[slice(*span)]) for span in spans]
    return None if beside is None else _level_above(form, levels, beside)


def _level_above(form: FormText, levels: Sequence[str], level2: str) -> str | None:
    """Of some levels 1 that of a level 2: 产出指标 of 质量指标, 成本指标 of a cost where there is one."""
    known = {form.lexicon.canonical("level1", level): level for level in levels}
    above = form.lexicon.canonical("level_above", form.lexicon.canonical("level2", level2) or "")
    return known.get(above) or (known.get("OUTPUT") if above == "COST" else None)
