"""The areas of a worksheet: what stands together is a table, what stands alone above or below it is a line of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.reading.building import LARGEST_TABLE, Table, TableCell
from ingest.reading.failures import too_large

Position = tuple[int, int]


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
    rows = _rows(sheet.texts, merged)
    width = max((column for columns in rows.values() for column in columns), default=0) + 1
    if len(rows) * width > LARGEST_TABLE:
        raise too_large(file_name, zh="工作表格数", en="a worksheet has cells", limit=f"{LARGEST_TABLE:,}")
    spans = dict(merged)
    areas = [part for area in _areas(rows, merged) for part in _at_headings(area, rows, merged)]
    for area in areas:
        lone_above, body, lone_below = _strip_lone(area, {row for row in area if _is_lone(row, rows, merged)})
        yield from (_only_text(rows[row]) for row in lone_above)
        if body:
            yield _table(body, rows, spans)
        yield from (_only_text(rows[row]) for row in lone_below)


def _within_reach(sheet: Sheet) -> list[tuple[Position, Position]]:
    """The merged ranges, cut off behind the last row and column with a text."""
    last_row = max((row for row, _ in sheet.texts), default=0)
    last_column = max((column for _, column in sheet.texts), default=0)
    return [
        (first, (max(first[0], min(last[0], last_row)), max(first[1], min(last[1], last_column))))
        for first, last in sheet.merged
        if first[0] <= last_row and first[1] <= last_column
    ]


def _rows(texts: Mapping[Position, str], merged: Sequence[tuple[Position, Position]]) -> dict[int, dict[int, str]]:
    """Texts by row and column; what is hidden below a merged range is left out."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in texts.items():
        if text.strip():
            rows.setdefault(row, {})[column] = text
    for (top, left), (bottom, right) in merged:
        for row in range(top, bottom + 1):
            for column in [c for c in rows.get(row, ()) if left <= c <= right and (row, c) != (top, left)]:
                del rows[row][column]
    return {row: columns for row, columns in sorted(rows.items()) if columns}


def _areas(rows: dict[int, dict[int, str]], merged: Sequence[tuple[Position, Position]]) -> Iterator[list[int]]:
    """Runs of rows without an empty row between them; a merged range that holds text bridges empty rows."""
    bridged: set[int] = set()
    for (top, left), (bottom, _) in merged:
        if bottom > top and left in rows.get(top, {}):
            bridged.update(range(top, bottom + 1))
    area: list[int] = []
    for row in sorted(rows.keys() | bridged):
        if area and row > area[-1] + 1:
            yield area
            area = []
        area.append(row)
    if area:
        yield area


def _at_headings(
    area: list[int], rows: dict[int, dict[int, str]], merged: Sequence[tuple[Position, Position]]
) -> Iterator[list[int]]:
    """The area, cut before each run of heading rows within it: there the next form begins."""
    left = min(column for row in area for column in rows.get(row, ()))
    beside = {row for (row, column), _ in merged if column > left}
    beside.update(row for (top, column), (bottom, _) in merged if column == left for row in range(top + 1, bottom + 1))
    is_heading = [set(rows.get(row, ())) == {left} and row not in beside for row in area]
    start = 0
    for index in range(1, len(area) - 1):
        if is_heading[index] and is_heading[index + 1] and not is_heading[index - 1]:
            yield area[start:index]
            start = index
    yield area[start:]


def _is_lone(row: int, rows: dict[int, dict[int, str]], merged: Sequence[tuple[Position, Position]]) -> bool:
    """Whether a row holds a single text and no merged label connects it with its neighbours."""
    return len(rows.get(row, ())) == 1 and not any(top <= row <= bottom > top for (top, _), (bottom, _) in merged)


def _strip_lone(area: list[int], lone: set[int]) -> tuple[list[int], list[int], list[int]]:
    """The lone rows at the top of an area, what is between, and the lone rows at its bottom."""
    start, end = 0, len(area)
    while start < end and area[start] in lone:
        start += 1
    while end > start and area[end - 1] in lone:
        end -= 1
    return area[:start], area[start:end], area[end:]


def _only_text(row: dict[int, str]) -> str:
    return " ".join(text for _, text in sorted(row.items()))


def _table(body: list[int], rows: dict[int, dict[int, str]], spans: dict[Position, Position]) -> Table:
    reach = {first: last for first, last in spans.items() if body[0] <= first[0] <= body[-1]}
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
