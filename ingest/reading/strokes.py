"""What is drawn on a page → its ruling lines.

Coordinates run to the right and down, in points (1/72 inch), whatever the format of the page was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ingest.reading.grids import Rule
from ingest.reading.layout import Box

Point = tuple[float, float]
Matrix = tuple[float, ...]
"""Six numbers (a, b, c, d, e, f): x → a·x + c·y + e, y → b·x + d·y + f."""
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_THIN = 3.0
"""What is thinner is a line, whether it was drawn as one or filled as a rectangle."""


def apply(matrix: Matrix, x: float, y: float) -> Point:
    """Where a matrix puts a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def strokes_of(points: Sequence[Point], *, is_drawn: bool) -> Iterator[Box]:
    """The boxes around what may be lines of a subpath: around itself if it is thin, else around its drawn sides."""
    box = _around(points)
    if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
        yield box
    elif is_drawn:
        yield from map(_around, pairwise(points))


def rules_of(strokes: Iterable[Box]) -> tuple[list[Rule], list[Rule]]:
    """Horizontal and vertical lines among the strokes; slanting ones are none."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for left, top, right, bottom in strokes:
        if bottom - top <= _THIN and right - left > bottom - top:
            horizontal.append(Rule((top + bottom) / 2, left, right))
        elif right - left <= _THIN and bottom - top > right - left:
            vertical.append(Rule((left + right) / 2, top, bottom))
    return horizontal, vertical


def _around(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
