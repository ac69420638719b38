"""Pages → document: running heads and page numbers go, what a page break has cut is put together again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from statistics import median

from ingest.reading.building import DocumentBuilder, TableCell
from ingest.reading.layout import Line, Page, RuledTable, join_wrapped

_PAGE_NUMBER = re.compile(r"[-—–_·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，共of]+\s*\d{1,4}\s*(?:页)?)?[-—–_·•\s]*")
_MARGIN = 0.12
"""Share of a page's height, at the top and at the bottom, where running heads and page numbers stand."""
_NARROWEST = 0.5
"""Share of a page's width that lines have at least where text fills them."""
_FEWEST_REPEATS = 3
_SAME_PLACE = 4.0
_TABLE_EDGE = 8.0
_HEADER_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Measure:
    """Between which places the text of pages of one shape runs, and how large most of it is.

    `right` is infinite where all lines are short: none of them is full then.
    """

    left: float
    right: float
    size: float


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while it still may go on in the next line."""

    text: str
    page: int
    last: Line
    is_doubtful: bool


@dataclass(slots=True)
class _OpenTable:
    """A table while it still may go on on the next page."""

    table: RuledTable
    page: int


def add_pages(builder: DocumentBuilder, pages: Sequence[Page]) -> None:
    """Add what the pages show, in order.

    Raises:
        DocumentError: `too_large`.
    """
    assembler = _Assembler(builder)
    running = _running_heads(pages)
    measures = _measures(pages)
    for page in pages:
        for item in page.items:
            if _is_running(item, page, running):
                continue
            if isinstance(item, Line):
                assembler.add_line(item, page.number, measures[_shape(page)])
            else:
                assembler.add_table(item, page.number)
    assembler.finish()


def _measures(pages: Sequence[Page]) -> dict[tuple[int, int], _Measure]:
    """By the shape of the page: a document may have upright pages and pages that lie on their side."""
    by_shape: dict[tuple[int, int], list[Line | RuledTable]] = {}
    for page in pages:
        by_shape.setdefault(_shape(page), []).extend(page.items)
    return {shape: _measure(items, shape[0]) for shape, items in by_shape.items() if items}


def _measure(items: list[Line | RuledTable], width: float) -> _Measure:
    reach = [(item.left, item.right) if isinstance(item, Line) else (item.xs[0], item.xs[-1]) for item in items]
    sizes = [item.size for item in items if isinstance(item, Line)]
    left, right = min(left for left, _ in reach), max(right for _, right in reach)
    has_full_lines = right - left >= _NARROWEST * width
    return _Measure(left, right if has_full_lines else inf, median(sizes) if sizes else 0.0)


def _shape(page: Page) -> tuple[int, int]:
    """Width and height."""
    left, top, right, bottom = page.box
    return round(right - left), round(bottom - top)


def _place(line: Line, page: Page) -> tuple[str, int] | None:
    """A line of the margins by its words without digits and its height; None for a line of the page's body."""
    _, top, _, bottom = page.box
    margin = _MARGIN * (bottom - top)
    if top + margin < (line.top + line.bottom) / 2 < bottom - margin:
        return None
    return re.sub(r"\d+", "#", line.text.strip()), round((line.top - top) / _SAME_PLACE)


def _running_heads(pages: Sequence[Page]) -> set[tuple[str, int]]:
    counts = Counter(
        place for page in pages for item in page.items if isinstance(item, Line) and (place := _place(item, page))
    )
    needed = max(_FEWEST_REPEATS, len(pages) // 2)
    return {place for place, count in counts.items() if count >= needed}


def _is_running(item: Line | RuledTable, page: Page, running: set[tuple[str, int]]) -> bool:
    if not isinstance(item, Line):
        return False
    place = _place(item, page)
    if place is None:
        return False
    is_outermost = item is page.items[0] or item is page.items[-1]
    return place in running or (is_outermost and _PAGE_NUMBER.fullmatch(item.text.strip()) is not None)


class _Assembler:
    """Puts lines together to paragraphs and the parts of tables to tables."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._paragraph: _Paragraph | None = None
        self._table: _OpenTable | None = None

    def add_line(self, line: Line, page: int, measure: _Measure) -> None:
        """Add a line of a page."""
        self._end_table()
        open_one = self._paragraph
        if open_one is not None and _goes_on(open_one, line, page, measure):
            open_one.text = join_wrapped(open_one.text, line.text.strip())
            open_one.last = line
            open_one.is_doubtful |= line.is_doubtful
            return
        self._end_paragraph()
        self._paragraph = _Paragraph(line.text.strip(), page, line, line.is_doubtful)

    def add_table(self, table: RuledTable, page: int) -> None:
        """Add a table, or the rest of the one that was cut by the page break."""
        self._end_paragraph()
        open_one = self._table
        if open_one is not None and page > open_one.page and _same_edges(open_one.table, table):
            open_one.table = _join(open_one.table, table)
            return
        self._end_table()
        self._table = _OpenTable(table, page)

    def finish(self) -> None:
        """Add what is still open."""
        self._end_paragraph()
        self._end_table()

    def _end_paragraph(self) -> None:
        if self._paragraph is not None:
            one, self._paragraph = self._paragraph, None
            self._builder.add_paragraph(one.text, one.page, is_doubtful=one.is_doubtful)

    def _end_table(self) -> None:
        if self._table is not None:
            one, self._table = self._table, None
            self._builder.add_table(one.table.as_table(), one.page)


def _goes_on(open_one: _Paragraph, below: Line, page: int, measure: _Measure) -> bool:
    """Whether a line continues a paragraph: its last line is full, and this one is not indented as a new one is."""
    above = open_one.last
    size = max(above.size, 1.0)
    is_full = above.right >= measure.right - 2.0 * size
    is_same_type = abs(above.size - below.size) <= 0.2 * size
    is_near = open_one.page != page or below.top - above.bottom <= 1.6 * size
    if not (is_full and is_same_type and is_near):
        return False
    # The last line of a title stands in the middle below the full one.
    is_title = above.size > 1.15 * measure.size
    is_centred = abs(above.left + above.right - below.left - below.right) <= 2.0 * size
    return below.left <= measure.left + 1.2 * size or (is_title and is_centred)


def _same_edges(above: RuledTable, below: RuledTable) -> bool:
    return abs(above.xs[0] - below.xs[0]) <= _TABLE_EDGE and abs(above.xs[-1] - below.xs[-1]) <= _TABLE_EDGE


def _join(above: RuledTable, below: RuledTable) -> RuledTable:
    """One table of two, on the bounds of both; a header that is printed again is left out."""
    xs = _common_bounds(above.xs, below.xs)
    upper, lower = _on_bounds(above, xs), _without_header(_on_bounds(below, xs), above)
    height = max(cell.row + cell.row_span for cell in upper)
    moved = [replace(cell, row=cell.row + height) for cell in lower]
    return RuledTable(above.top, below.bottom, xs, _mend(upper, moved, height))


def _common_bounds(first: list[float], second: list[float]) -> list[float]:
    bounds: list[float] = []
    for at in sorted([*first, *second]):
        if not bounds or at - bounds[-1] > _SAME_PLACE:
            bounds.append(at)
    return bounds


def _on_bounds(table: RuledTable, xs: list[float]) -> list[TableCell]:
    def nearest(at: float) -> int:
        return min(range(len(xs)), key=lambda index: abs(xs[index] - at))

    places = [nearest(at) for at in table.xs]
    return [
        replace(
            cell,
            column=places[cell.column],
            column_span=max(1, places[cell.column + cell.column_span] - places[cell.column]),
        )
        for cell in table.cells
    ]


def _without_header(lower: list[TableCell], above: RuledTable) -> list[TableCell]:
    """The cells below the rows that repeat the first rows of the table above."""
    first, again = _row_texts(above.cells), _row_texts(lower)
    repeated = 0
    while repeated < _HEADER_ROWS and any(again.get(repeated, ())) and again[repeated] == first.get(repeated):
        repeated += 1
    return [replace(cell, row=cell.row - repeated) for cell in lower if cell.row >= repeated]


def _row_texts(cells: list[TableCell]) -> dict[int, list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append("".join(map(str, cell.content)))
    return rows


def _mend(upper: list[TableCell], lower: list[TableCell], seam: int) -> list[TableCell]:
    """Put cells together that the page break has cut: an empty one below a merged one continues it."""
    ending = {(cell.column, cell.column_span): cell for cell in upper if cell.row + cell.row_span == seam}
    beginning = [cell for cell in lower if cell.row == seam]
    is_cut_row = _is_cut_row(ending, beginning)
    mended: list[TableCell] = []
    for cell in lower:
        above = ending.get((cell.column, cell.column_span)) if cell.row == seam else None
        is_merged = above is not None and (above.row_span > 1 or cell.row_span > 1)
        if above is not None and is_cut_row:
            above.content = [join_wrapped("".join(map(str, above.content)), "".join(map(str, cell.content)))]
        elif above is not None and is_merged and not (cell.content and above.content):
            above.content = above.content or cell.content
            above.row_span += cell.row_span
        else:
            mended.append(cell)
    if is_cut_row:
        mended = [replace(cell, row=cell.row - 1) for cell in mended]
    return upper + mended


def _is_cut_row(ending: dict[tuple[int, int], TableCell], beginning: list[TableCell]) -> bool:
    """Whether the first row of a page is the rest of the last row before it: its label is empty, prose goes on."""
    if not beginning or any(cell.row_span > 1 for cell in beginning):
        return False
    above = [ending.get((cell.column, cell.column_span)) for cell in beginning]
    if any(cell is None or cell.row_span > 1 for cell in above) or beginning[0].content:
        return False
    goes_on = [(cell, upper) for cell, upper in zip(beginning, above, strict=True) if cell.content]
    has_label = above[0] is not None and bool(above[0].content)
    return has_label and bool(goes_on) and all(upper is not None and upper.content for _, upper in goes_on)
