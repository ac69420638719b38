"""The areas of a worksheet: what stands together is a table, what stands alone above or below it is a line of text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.errors import DocumentError
from ingest.reading.building import LARGEST_TABLE, Table, TableCell
from ingest.reading.failures import too_large

Position = tuple[int, int]
_Range = tuple[Position, Position]


@dataclass(slots=True)
class Sheet:
    """A worksheet as shown: texts by (row, column), and merged ranges as (first, last) positions, inclusive."""

    texts: Mapping[Position, str]
    merged: Sequence[tuple[Position, Position]] = ()


def contents(sheet: Sheet, file_name: str) -> Iterator[str | Table]:
    """Paragraphs and tables of a sheet, from the top down.

    Raises:
        DocumentError: `too_large`.
    """
    merged = _within_reach(sheet)
    rows = _rows(sheet.texts)
    width = max((column for columns in rows.values() for column in columns), default=0) + 1
    if len(rows) * width > LARGEST_TABLE or not _hide_below(merged, rows):
        raise _too_large(file_name)
    bridges = _bridges(merged, rows)
    if (len(rows) + bridges.row_count) * width > LARGEST_TABLE:
        raise _too_large(file_name)
    joined = _Stretches((top, bottom) for (top, _), (bottom, _) in merged if bottom > top)
    areas = [part for area in _areas(rows, bridges) for part in _at_headings(area, rows, _begun_in(area, merged))]
    for area in areas:
        lone = {row for row in area if len(rows.get(row, ())) == 1 and row not in joined}
        lone_above, body, lone_below = _strip_lone(area, lone)
        yield from (_only_text(rows[row]) for row in lone_above)
        if body:
            yield _table(body, rows, dict(_begun_in(body, merged)))
        yield from (_only_text(rows[row]) for row in lone_below)


class _Stretches:
    """Rows that lie in any of the stretches given, each from its first row to its last."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        for first, last in sorted(stretches):
            if self._lasts and first <= self._lasts[-1]:
                self._lasts[-1] = max(last, self._lasts[-1])
            else:
                self._firsts.append(first)
                self._lasts.append(last)
        self.row_count = sum(self._lasts) - sum(self._firsts) + len(self._firsts)

    def __contains__(self, row: int) -> bool:
        index = bisect_right(self._firsts, row) - 1
        return index >= 0 and row <= self._lasts[index]

    def __iter__(self) -> Iterator[int]:
        for first, last in zip(self._firsts, self._lasts, strict=True):
            yield from range(first, last + 1)


def _too_large(file_name: str) -> DocumentError:
    return too_large(file_name, zh="工作表格数", en="a worksheet has cells", limit=f"{LARGEST_TABLE:,}")


def _within_reach(sheet: Sheet) -> list[_Range]:
    """The merged ranges from the top down, cut off behind the last row and column with a text."""
    last_row = max((row for row, _ in sheet.texts), default=0)
    last_column = max((column for _, column in sheet.texts), default=0)
    return sorted(
        (first, (max(first[0], min(last[0], last_row)), max(first[1], min(last[1], last_column))))
        for first, last in sheet.merged
        if first[0] <= last_row and first[1] <= last_column
    )


def _begun_in(area: Sequence[int], merged: Sequence[_Range]) -> Sequence[_Range]:
    """The merged ranges that begin in an area."""
    return merged[bisect_left(merged, ((area[0], 0), (0, 0))) : bisect_left(merged, ((area[-1] + 1, 0), (0, 0)))]


def _rows(texts: Mapping[Position, str]) -> dict[int, dict[int, str]]:
    """Texts by row and column, both in their order."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in sorted(texts.items()):
        if text.strip():
            rows.setdefault(row, {})[column] = text
    return rows


def _hide_below(merged: Sequence[_Range], rows: dict[int, dict[int, str]]) -> bool:
    """Leave out what is hidden below a merged range; False when the ranges overlap too much to be honest ones."""
    numbers = list(rows)
    n_looked_at = 0
    for (top, left), (bottom, right) in merged:
        reached = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
        n_looked_at += len(reached)
        if n_looked_at > LARGEST_TABLE:
            return False
        for row in reached:
            for column in [c for c in rows[row] if left <= c <= right and (row, c) != (top, left)]:
                del rows[row][column]
    for row in [row for row, columns in rows.items() if not columns]:
        del rows[row]
    return True


def _bridges(merged: Sequence[_Range], rows: dict[int, dict[int, str]]) -> _Stretches:
    """The rows of merged ranges that hold text: they belong together, empty ones among them too."""
    return _Stretches(
        (top, bottom) for (top, left), (bottom, _) in merged if bottom > top and left in rows.get(top, ())
    )


def _areas(rows: dict[int, dict[int, str]], bridges: _Stretches) -> Iterator[list[int]]:
    """Runs of rows without an empty row between them that is not bridged."""
    area: list[int] = []
    for row in sorted({*rows, *bridges}):
        if area and row > area[-1] + 1:
            yield area
            area = []
        area.append(row)
    if area:
        yield area


def _at_headings(area: list[int], rows: dict[int, dict[int, str]], merged: Sequence[_Range]) -> Iterator[list[int]]:
    """The area, cut before each run of heading rows within it: there the next form begins."""
    left = min(column for row in area for column in rows.get(row, ()))
    beside = {row for (row, column), _ in merged if column > left}
    below = _Stretches((top + 1, bottom) for (top, column), (bottom, _) in merged if column == left and bottom > top)
    is_heading = [set(rows.get(row, ())) == {left} and row not in beside and row not in below for row in area]
    start = 0
    for index in range(1, len(area) - 1):
        if is_heading[index] and is_heading[index + 1] and not is_heading[index - 1]:
            yield area[start:index]
            start = index
    yield area[start:]


def _strip_lone(area: list[int], lone: set[int]) -> tuple[list[int], list[int], list[int]]:
    """The lone rows at the top of an area, what is between, and the lone rows at its bottom."""
    start, end = 0, len(area)
    while start < end and area[start] in lone:
        start += 1
    while end > start and area[end - 1] in lone:
        end -= 1
    return area[:start], area[start:end], area[end:]


def _only_text(row: dict[int, str]) -> str:
    return " ".join(row.values())


def _table(body: list[int], rows: dict[int, dict[int, str]], reach: dict[Position, Position]) -> Table:
    columns = {column for row in body for column in rows.get(row, {})}
    left = min(columns)
    right = max(columns | {last[1] for first, last in reach.items() if first[1] in rows.get(first[0], {})})
    covered: set[Position] = set()
    table = Table()
    for row in body:
        for column in range(left, right + 1):
            if (row, column) in covered:
                continue
            bottom, far = reach.get((row, column), (row, column))
            bottom, far = min(bottom, body[-1]), min(far, right)
            if (bottom, far) != (row, column):
                covered.update((r, c) for r in range(row, bottom + 1) for c in range(column, far + 1))
            text = rows.get(row, {}).get(column, "")
            content = (text,) if text else ()
            table.cells.append(TableCell(row, column, content, bottom - row + 1, far - column + 1))
    return table
