"""Placed characters and ruling lines of a page → its lines of text and its tables.

Coordinates run to the right and down, in points (1/72 inch), whatever the format of the page was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.characters import CHINESE
from ingest.reading.building import TableCell
from ingest.reading.grids import Grid, GridCell, Rule, find_grids

Box = tuple[float, float, float, float]

_CHINESE = re.compile(f"[{CHINESE}]")
_LETTER = re.compile("[A-Za-z]")
_NEIGHBOURS = 8
# Gaps in widths of a character, from which on there is a space between two characters of a line.
_GAP_LATIN, _GAP_CHINESE, _GAP_IN_CELL = 0.2, 0.7, 2.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character or a recognised piece of text, with its box."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_doubtful: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of its box."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """The height of its box."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its box and the size of its characters."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    is_doubtful: bool = False


@dataclass(slots=True)
class RuledTable:
    """A table of a page: cells with their text, where its columns are bounded, and the size of its characters."""

    top: float
    bottom: float
    xs: list[float]
    size: float
    cells: list[TableCell] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """A page's lines and tables from the top down, and its own box (left, top, right, bottom)."""

    number: int
    box: Box
    items: list[Line | RuledTable]


def lay_out(
    number: int,
    box: Box,
    glyphs: Iterable[Glyph],
    horizontal: Sequence[Rule],
    vertical: Sequence[Rule],
) -> Page:
    """What a page shows.

    Args:
        number: of the page, counted from 1.
        box: left, top, right and bottom of the page.
        glyphs: all characters.
        horizontal: lines from left to right.
        vertical: lines from top to bottom.
    """
    grids = find_grids(horizontal, vertical) if horizontal and vertical else []
    loose: list[Glyph] = []
    within: dict[int, dict[GridCell, list[Glyph]]] = {}
    for glyph in glyphs:
        x, y = glyph.middle
        index = next((index for index, grid in enumerate(grids) if grid.contains(x, y)), None)
        if index is None:
            loose.append(glyph)
        else:
            within.setdefault(index, {}).setdefault(grids[index].cell_at(x, y), []).append(glyph)
    items: list[Line | RuledTable] = list(_lines_of(loose))
    items.extend(_ruled_table(grid, within[index]) for index, grid in enumerate(grids) if index in within)
    items.sort(key=lambda item: item.top)
    return Page(number, box, items)


def _lines_of(glyphs: list[Glyph], *, in_cell: bool = False) -> list[Line]:
    """Characters as lines from the top down; within a cell wide gaps are taken for spaced-out words."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.middle[1]):
        if rows and glyph.middle[1] - _height_of(rows[-1]) <= 0.5 * max(glyph.height, rows[-1][0].height):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [_line(row, in_cell=in_cell) for row in rows]


def join_lines(above: str, below: str) -> str:
    """Two lines of one paragraph: nothing between Chinese characters or digits, a space between words."""
    if not above or not below:
        return above + below
    last, first = above[-1], below[0]
    is_word = (_LETTER.match(last) or _LETTER.match(first)) and last.isalnum() and first.isalnum()
    has_chinese = _CHINESE.match(last) or _CHINESE.match(first)
    return f"{above} {below}" if is_word and not has_chinese else above + below


def _height_of(row: list[Glyph]) -> float:
    # The last ones tell where a line that rises or falls has got to.
    last = row[-_NEIGHBOURS:]
    return sum(glyph.middle[1] for glyph in last) / len(last)


def _line(row: list[Glyph], *, in_cell: bool) -> Line:
    row.sort(key=lambda glyph: glyph.left)
    size = sorted(glyph.height for glyph in row)[len(row) // 2]
    pieces = [row[0].text]
    for before, glyph in pairwise(row):
        if glyph.left - before.right > _space_from(before.text, glyph.text, in_cell=in_cell) * size:
            pieces.append(" ")
        pieces.append(glyph.text)
    return Line(
        "".join(pieces),
        row[0].left,
        min(glyph.top for glyph in row),
        max(glyph.right for glyph in row),
        max(glyph.bottom for glyph in row),
        size,
        any(glyph.is_doubtful for glyph in row),
    )


def _space_from(before: str, after: str, *, in_cell: bool) -> float:
    if _CHINESE.match(before[-1]) or _CHINESE.match(after[0]):
        return _GAP_IN_CELL if in_cell else _GAP_CHINESE
    return _GAP_LATIN


def _ruled_table(grid: Grid, within: dict[GridCell, list[Glyph]]) -> RuledTable:
    heights = sorted(glyph.height for glyphs in within.values() for glyph in glyphs)
    table = RuledTable(grid.ys[0], grid.ys[-1], grid.xs, heights[len(heights) // 2])
    for cell in grid.cells:
        lines = _lines_of(within.get(cell, []), in_cell=True)
        text = ""
        for line in lines:
            text = join_lines(text, line.text)
        is_doubtful = any(line.is_doubtful for line in lines)
        content = (text,) if text.strip() else ()
        table.cells.append(TableCell(cell.row, cell.column, content, cell.row_span, cell.column_span, is_doubtful))
    return table
