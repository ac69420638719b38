"""Ruling lines → grids: which cells a table has, from nothing but its lines.

Coordinates run to the right and down, in points (1/72 inch). Any page with lines can use it: PDF, OFD, a scan.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SNAP = 2.5
"""Lines closer than this are one line: double rules, and pieces that were drawn cell by cell."""
_GAP = 3.0
"""Pieces of a line with a smaller gap between them are one piece."""
_OVERHANG = 6.0
"""How far lines must reach beyond the last line across them to close an open side."""
_SMALLEST = 12.0
_MOST_POSITIONS = 100_000
"""Rows times columns beyond which lines are a drawing and no table that anybody could fill in on a page."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight piece of line: at `at`, from `start` to `end`. What it is across of is told by the list it is in."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell by its root position and its reach in rows and columns."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(slots=True)
class Grid:
    """A ruled table: where its columns (`xs`) and rows (`ys`) are bounded, and its cells."""

    xs: list[float]
    ys: list[float]
    cells: list[GridCell]
    _owners: dict[tuple[int, int], GridCell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    self._owners[row, column] = cell

    def contains(self, x: float, y: float) -> bool:
        """Whether a point is in the table."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def cell_at(self, x: float, y: float) -> GridCell:
        """The cell that a point of the table is in."""
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        return self._owners[row, column]


def find_grids(horizontal: Iterable[Rule], vertical: Iterable[Rule]) -> list[Grid]:
    """The tables that lines make up, from the top down; a table drawn within a cell of another belongs to that cell."""
    across, down = _joined(horizontal), _joined(vertical)
    grids = []
    for rows, columns in _components(across, down):
        grid = _grid(rows, columns)
        if grid is not None and len(grid.cells) > 1:
            grids.append(grid)
    grids.sort(key=lambda grid: (grid.ys[-1] - grid.ys[0]) * (grid.xs[-1] - grid.xs[0]), reverse=True)
    outer: list[Grid] = []
    for grid in grids:
        centre = ((grid.xs[0] + grid.xs[-1]) / 2, (grid.ys[0] + grid.ys[-1]) / 2)
        if not any(other.contains(*centre) for other in outer):
            outer.append(grid)
    return sorted(outer, key=lambda grid: (grid.ys[0], grid.xs[0]))


def bounds_of(places: Iterable[float], apart: float) -> list[float]:
    """The places in their order, one for those that are no further than `apart` from the first of them."""
    bounds: list[float] = []
    for at in sorted(places):
        if not bounds or at - bounds[-1] > apart:
            bounds.append(at)
    return bounds


def nearest(at: float, bounds: Sequence[float]) -> int:
    """Which of the bounds is nearest to a place."""
    return min(range(len(bounds)), key=lambda index: abs(bounds[index] - at))


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Lines on one height as one line, as far as they touch."""
    joined: list[Rule] = []
    group: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if group and rule.at - group[0].at > _SNAP:
            joined.extend(_pieces(group))
            group = []
        group.append(rule)
    joined.extend(_pieces(group))
    return joined


def _pieces(group: list[Rule]) -> list[Rule]:
    if not group:
        return []
    at = sum(rule.at for rule in group) / len(group)
    pieces: list[Rule] = []
    for rule in sorted(group, key=lambda rule: rule.start):
        if pieces and rule.start <= pieces[-1].end + _GAP:
            pieces[-1] = Rule(at, pieces[-1].start, max(pieces[-1].end, rule.end))
        else:
            pieces.append(Rule(at, rule.start, rule.end))
    return [piece for piece in pieces if piece.end - piece.start > _SNAP]


def _components(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that touch each other, directly or through others, as (horizontal, vertical)."""
    parents = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    places = [rule.at for rule in across]
    for offset, column in enumerate(down, len(across)):
        first = bisect_right(places, column.start - _GAP)
        last = bisect_right(places, column.end + _GAP)
        for index in range(first, last):
            if across[index].start - _GAP <= column.at <= across[index].end + _GAP:
                parents[root(offset)] = root(index)
    components: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index, rule in enumerate(across):
        components.setdefault(root(index), ([], []))[0].append(rule)
    for index, rule in enumerate(down, len(across)):
        components.setdefault(root(index), ([], []))[1].append(rule)
    return [component for component in components.values() if all(component)]


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    xs = _bounds([rule.at for rule in down], [end for rule in across for end in (rule.start, rule.end)])
    ys = _bounds([rule.at for rule in across], [end for rule in down for end in (rule.start, rule.end)])
    if len(xs) < 2 or len(ys) < 2 or xs[-1] - xs[0] < _SMALLEST or ys[-1] - ys[0] < _SMALLEST:
        return None
    if (len(xs) - 1) * (len(ys) - 1) > _MOST_POSITIONS:
        return None
    right_walls = _walls(down, xs, ys)
    lower_walls = _walls(across, ys, xs)
    return Grid(xs, ys, _cells(len(ys) - 1, len(xs) - 1, right_walls, lower_walls))


def _bounds(lines: list[float], ends: list[float]) -> list[float]:
    """Where the lines are, and the ends of the lines across them on a side that was left open."""
    bounds = bounds_of(lines, _SNAP)
    if min(ends) < bounds[0] - _OVERHANG:
        bounds.insert(0, min(ends))
    if max(ends) > bounds[-1] + _OVERHANG:
        bounds.append(max(ends))
    return bounds


def _walls(rules: list[Rule], bounds: list[float], across: list[float]) -> set[tuple[int, int]]:
    """(bound, interval) pairs: along this bound there is a line over this interval of the other direction."""
    middles = [(start + end) / 2 for start, end in pairwise(across)]
    walls: set[tuple[int, int]] = set()
    for rule in rules:
        bound = nearest(rule.at, bounds)
        first, last = bisect_right(middles, rule.start), bisect_right(middles, rule.end)
        walls.update((bound, interval) for interval in range(first, last))
    return walls


def _cells(
    rows: int, columns: int, right_walls: set[tuple[int, int]], lower_walls: set[tuple[int, int]]
) -> list[GridCell]:
    """Positions without a line between them are one cell, if together they are a rectangle."""
    seen: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in seen:
                region = _region(row, column, (rows, columns), right_walls, lower_walls)
                cells.extend(_rectangles(region))
                seen |= region
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _region(
    row: int,
    column: int,
    size: tuple[int, int],
    right_walls: set[tuple[int, int]],
    lower_walls: set[tuple[int, int]],
) -> set[tuple[int, int]]:
    region, waiting = {(row, column)}, [(row, column)]
    while waiting:
        r, c = waiting.pop()
        for there, wall, walls in (
            ((r, c + 1), (c + 1, r), right_walls),
            ((r, c - 1), (c, r), right_walls),
            ((r + 1, c), (r + 1, c), lower_walls),
            ((r - 1, c), (r, c), lower_walls),
        ):
            is_inside = 0 <= there[0] < size[0] and 0 <= there[1] < size[1]
            if is_inside and there not in region and wall not in walls:
                region.add(there)
                waiting.append(there)
    return region


def _rectangles(region: set[tuple[int, int]]) -> list[GridCell]:
    """The region as one cell; one that is no rectangle (a line is missing) as a cell for each run in a row."""
    top, left = min(row for row, _ in region), min(column for _, column in region)
    height = max(row for row, _ in region) - top + 1
    width = max(column for _, column in region) - left + 1
    if height * width == len(region):
        return [GridCell(top, left, height, width)]
    cells: list[GridCell] = []
    for row, column in sorted(region):
        last = cells[-1] if cells else None
        if last is not None and last.row == row and last.column + last.column_span == column:
            cells[-1] = GridCell(row, last.column, 1, last.column_span + 1)
        else:
            cells.append(GridCell(row, column, 1, 1))
    return cells
