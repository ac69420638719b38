"""The indicator block of a form without its grid: rows of name, target, actual and points below their levels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.extraction.forms.flattened.atoms import Manner, manner_of
from ingest.extraction.forms.flattened.cell_kinds import CellKinds, cell_kinds
from ingest.extraction.forms.flattened.glued_rows import told_apart
from ingest.extraction.forms.flattened.indicator_columns import (
    columns_in_order,
    columns_without_heading,
    has_ordinals,
    have_level_points,
    is_repeated,
)
from ingest.extraction.forms.flattened.indicator_levels import Level, Segment, find_levels, has_points, segments_between
from ingest.extraction.forms.flattened.pieces import piece_at, unread_at
from ingest.extraction.forms.flattened.row_lattice import LatticeRow, RowLattice
from ingest.extraction.forms.flattened.tokens import FormText, Label, Span, cells
from ingest.extraction.forms.labels import is_execution, is_total, without_item_mark
from ingest.extraction.forms.nested_sums import NestedSums, sums_in_text
from ingest.extraction.forms.rows import FundingRow, IndicatorRow, Piece, Unread
from ingest.records import Source, Stage

_LONGEST_SEGMENT = 4000
_LONGEST_BLOCK = 20_000
_OF_GLUED_CELLS = 0.88
_OF_GLUED_WORDS = 0.7
_POINTS_OF_NAME = re.compile(r"(?<=[\u3400-\u9fff])\s?[（(]\s?(?P<points>\d{1,2}(?:\.\d)?)\s?分\s?[)）]$")
_SPACES = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class IndicatorBlock:
    """The indicators read, the execution rows and the money among them, and the parts not understood."""

    rows: tuple[IndicatorRow, ...]
    execution: tuple[IndicatorRow, ...]
    unread: tuple[Unread, ...]
    funding: tuple[FundingRow, ...]


def is_checklist(heading: Sequence[Label]) -> bool:
    """Whether a heading is that of a list of checks, which records the money among its indicators."""
    return any(label.canonical == "record" for label in heading)


def read_indicators(form: FormText, start: int, end: int, heading: Sequence[Label]) -> IndicatorBlock:
    """Read the rows in `text[start:end]` below a heading, or by themselves where there is none (`heading` empty)."""
    unread: list[Unread] = []
    if end > start + _LONGEST_BLOCK:
        unread.append(unread_at("block_too_long", "指标部分过长，其后内容未读取", start + _LONGEST_BLOCK, end))
        end = start + _LONGEST_BLOCK
    segments = list(segments_between(form, start, end, _levels(form, start, end, heading)))
    manner = replace(manner_of(form, start, end), has_ordinals=has_ordinals(heading, form.lexicon))
    kinds = cell_kinds(form.lexicon, is_glued=manner.is_glued)
    if heading:
        columns = columns_in_order(heading, form.lexicon)
    else:
        columns = columns_without_heading(form, kinds, segments, manner)
    sums = list(sums_in_text(form.flat, start, end, form.lexicon)) if is_checklist(heading) else []
    rows: list[IndicatorRow] = []
    execution: list[IndicatorRow] = []
    for segment in segments:
        part = _behind_sums(form, segment, heading, sums)
        if part is not None:
            read, left = _read_segment(form, kinds, part, columns, manner)
            unread.extend(left)
            for row in read:
                if is_execution_row(form, row):
                    execution.append(row)
                elif not _is_no_indicator(form, row):
                    rows.append(row)
    if is_repeated(heading):
        rows = list(_of_the_year(form, rows))
    return IndicatorBlock(tuple(rows), tuple(execution), tuple(unread), tuple(_funding(sums)))


def _of_the_year(form: FormText, rows: Sequence[IndicatorRow]) -> Iterator[IndicatorRow]:
    """Of an indicator that stands for all years and again for the year, the latter."""

    def key(row: IndicatorRow) -> tuple[str | None, str]:
        return row.level2, _SPACES.sub("", form.flat[row.name.start : row.name.end])

    last = {key(row): place for place, row in enumerate(rows)}
    yield from (row for place, row in enumerate(rows) if last[key(row)] == place)


def _levels(form: FormText, start: int, end: int, heading: Sequence[Label]) -> list[Level]:
    have_own_rows = bool(heading) and not {"level1", "level2"} & {label.canonical for label in heading}
    have_points = have_own_rows or have_level_points(heading)
    levels = find_levels(form, start, end, have_points=have_points, may_be_numbered=have_own_rows)
    if have_own_rows:
        # Without a column for them, 项目总成本 is a name; a level calls itself 指标 or prints the points of its rows.
        return [level for level in levels if level.name.endswith("指标") or has_points(form, level)]
    return levels


def _read_segment(
    form: FormText, kinds: CellKinds, segment: Segment, columns: Sequence[str], manner: Manner
) -> tuple[list[IndicatorRow], list[Unread]]:
    """The rows of one level 2, and what is left of it."""
    if segment.end - segment.start > _LONGEST_SEGMENT:
        return [], [unread_at("block_too_long", "该部分过长，未能按指标行读取", segment.start, segment.end)]
    rows, unused, _ = RowLattice(form, kinds, (segment.start, segment.end), columns, manner).rows()
    unread: list[Unread] = []
    if manner.is_glued and manner.has_digits:
        rows, in_doubt = told_apart(form, columns, rows)
        unread.extend(_not_told_apart(form, row.start, row.end) for row in in_doubt)
    indicators = [_indicator(form, row, segment, manner) for row in rows]
    for row, indicator in zip(rows, indicators, strict=True):
        if row.doubtful - {"name"}:
            name = form.text[indicator.name.start : indicator.name.end]
            message = f"指标「{name}」的数字无法确定各属哪一栏"
            unread.append(unread_at("cells_not_told_apart", message, row.start, row.end))
    unread.extend(
        _not_told_apart(form, begin, finish)
        for begin, finish in unused
        if kinds.says_something(form.text[begin:finish])
    )
    return indicators, unread


def _behind_sums(
    form: FormText, segment: Segment, heading: Sequence[Label], sums: Sequence[tuple[NestedSums, int]]
) -> Segment | None:
    """The rows of a checklist behind its money, whose last row goes on with the columns behind the record."""
    last = max((end for _, end in sums if segment.start <= end < segment.end), default=None)
    if last is None:
        return segment
    record = next(place for place, label in enumerate(heading) if label.canonical == "record")
    rest = cells(form.text, last, segment.end)[len(heading) - record - 1 :]
    return replace(segment, start=rest[0].start) if rest else None


def _funding(sums: Sequence[tuple[NestedSums, int]]) -> Iterator[FundingRow]:
    amounts: dict[Source, dict[Stage, Piece]] = {}
    for found, _ in sums:
        for (source, stage), span in found.items():
            amounts.setdefault(source, {}).setdefault(stage, piece_at(*span, 0.95))
    for source, by_stage in amounts.items():
        yield FundingRow(source, by_stage)


def _indicator(form: FormText, row: LatticeRow, segment: Segment, manner: Manner) -> IndicatorRow:
    confidence = _confidence(row, manner)

    def piece(column: str) -> Piece | None:
        # Operator, number and unit of a target are in doubt together.
        doubted = "target" if column in ("nature", "measure", "adjusted_target") else column
        if column not in row.places or doubted in row.doubtful:
            return None
        return piece_at(*row.places[column], confidence)

    begin, finish, points = _name(form, row)
    weight = piece("weight") or (piece_at(*points, confidence) if points is not None else None)
    # 调整指标值 is the goal in force where it is filled.
    goal = "adjusted_target" if piece("adjusted_target") is not None else "target"
    return IndicatorRow(
        piece_at(begin + without_item_mark(form.text[begin:finish]), finish, confidence),
        segment.level1,
        segment.level2,
        tuple(part for column in ("nature", goal, "measure") if (part := piece(column)) is not None),
        piece("actual"),
        weight,
        piece("score"),
        piece("deviation_reason"),
    )


def _name(form: FormText, row: LatticeRow) -> tuple[int, int, Span | None]:
    """Where a name begins and ends, and its points where they stand behind it: 培育示范主体（10分）."""
    begin, finish = row.places["name"]
    points = _POINTS_OF_NAME.search(form.flat, begin, finish)
    return (begin, finish, None) if points is None else (begin, points.start(), points.span("points"))


def _confidence(row: LatticeRow, manner: Manner) -> float:
    """How sure the division of a row is: cells that ran together were only told apart by what they look like."""
    if manner.is_glued:
        return _OF_GLUED_CELLS if manner.has_digits else _OF_GLUED_WORDS
    return 0.97 if row.cost < 1.5 and not row.doubtful else 0.9 if row.cost < 4 else 0.8


def is_execution_row(form: FormText, row: IndicatorRow) -> bool:
    """Whether a row among the indicators is the execution row: 预算执行率."""
    name = _SPACES.sub("", form.flat[row.name.start : row.name.end])
    if is_execution(name, form.lexicon):
        return True
    # 预算执行 预算执行率: the levels print the same words again.
    printed = sum(hit.end - hit.start for hit in form.lexicon.find("form_execution", name))
    return printed == len(name)


def _is_no_indicator(form: FormText, row: IndicatorRow) -> bool:
    """总分 is no name, nor are the levels of the execution row a name with its target: 资金 执行率 预算执行率 100%."""
    if is_total(form.flat[row.name.start : row.name.end], form.lexicon):
        return True
    targets = [form.flat[part.start : part.end] for part in row.target]
    return len(targets) == 1 and row.actual is None and is_execution(targets[0], form.lexicon)


def _not_told_apart(form: FormText, start: int, end: int) -> Unread:
    return unread_at("cells_not_told_apart", f"「{form.text[start:end]}」未能归入任何一栏", start, end)
