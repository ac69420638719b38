"""Pages → document: running heads and page numbers go, what a page break has cut is put together again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from ingest.reading.building import DocumentBuilder
from ingest.reading.failures import too_large
from ingest.reading.layout import Line, Page, RuledTable, join_lines
from ingest.reading.page_tables import OpenTable

MOST_PAGES = 5_000
"""A page costs some milliseconds and its text stays in memory until the last one is read."""
_PAGE_NUMBER = re.compile(r"[-—–_·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，共of]+\s*\d{1,4}\s*(?:页)?)?[-—–_·•\s]*")
_HEAD_MARGIN, _NUMBER_MARGIN = 0.07, 0.12
"""Share of a page's height, at the top and at the bottom, where running heads and where page numbers stand."""
_LARGER = 1.15
"""From this many times the size of the text on a line is a title."""
_NARROWEST = 0.5
"""Share of a page's width that lines have at least where text fills them."""
_FEWEST_REPEATS = 3
_SAME_PLACE = 4.0


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


def refuse_too_many(page_count: int, file_name: str) -> None:
    """Refuse a document of more than `MOST_PAGES` pages.

    Raises:
        DocumentError: `too_large`.
    """
    if page_count > MOST_PAGES:
        raise too_large(file_name, zh="页数", en="the pages are", limit=f"{MOST_PAGES:,}")


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
            measure = measures[_shape(page)]
            if _is_running(item, page, running, measure.size):
                continue
            if isinstance(item, Line):
                assembler.add_line(item, page.number, measure)
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
    # Every line counts once, and every cell like a line.
    sizes = [item.size for item in items for _ in range(1 if isinstance(item, Line) else len(item.cells))]
    left, right = min(left for left, _ in reach), max(right for _, right in reach)
    has_full_lines = right - left >= _NARROWEST * width
    return _Measure(left, right if has_full_lines else inf, sorted(sizes)[len(sizes) // 2])


def _shape(page: Page) -> tuple[int, int]:
    """Width and height."""
    left, top, right, bottom = page.box
    return round(right - left), round(bottom - top)


def _running_heads(pages: Sequence[Page]) -> set[tuple[str, int]]:
    counts = Counter(
        _place(item, page)
        for page in pages
        for item in page.items
        if isinstance(item, Line) and _is_within(_HEAD_MARGIN, item, page)
    )
    needed = max(_FEWEST_REPEATS, len(pages) // 2)
    return {place for place, count in counts.items() if count >= needed}


def _place(line: Line, page: Page) -> tuple[str, int]:
    """A line by its words without digits and its height on the page."""
    return re.sub(r"\d+", "#", line.text.strip()), round((line.top - page.box[1]) / _SAME_PLACE)


def _is_within(margin: float, line: Line, page: Page) -> bool:
    _, top, _, bottom = page.box
    share = ((line.top + line.bottom) / 2 - top) / max(bottom - top, 1.0)
    return share <= margin or share >= 1.0 - margin


def _is_running(item: Line | RuledTable, page: Page, running: set[tuple[str, int]], size: float) -> bool:
    """Whether it is a page number, or a head or foot that many pages repeat; the title of a form is larger."""
    if not isinstance(item, Line):
        return False
    is_outermost = item is page.items[0] or item is page.items[-1]
    if is_outermost and _is_within(_NUMBER_MARGIN, item, page) and _PAGE_NUMBER.fullmatch(item.text.strip()):
        return True
    is_head = _is_within(_HEAD_MARGIN, item, page) and _place(item, page) in running
    return is_head and item.size <= _LARGER * size


class _Assembler:
    """Puts lines together to paragraphs and the parts of tables to tables."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._paragraph: _Paragraph | None = None
        self._table: OpenTable | None = None

    def add_line(self, line: Line, page: int, measure: _Measure) -> None:
        """Add a line of a page."""
        self._end_table()
        open_one = self._paragraph
        if open_one is not None and _goes_on(open_one, line, page, measure):
            open_one.text = join_lines(open_one.text, line.text.strip())
            open_one.last = line
            open_one.is_doubtful |= line.is_doubtful
            return
        self._end_paragraph()
        self._paragraph = _Paragraph(line.text.strip(), page, line, line.is_doubtful)

    def add_table(self, table: RuledTable, page: int) -> None:
        """Add a table, or the rest of the one that was cut by the page break."""
        self._end_paragraph()
        if self._table is not None and self._table.takes(table, page):
            self._table.add(table, page)
            return
        self._end_table()
        self._table = OpenTable(table, page)

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
            self._builder.add_table(one.table(), one.page)


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
    is_title = above.size > _LARGER * measure.size
    is_centred = abs(above.left + above.right - below.left - below.right) <= 2.0 * size
    return below.left <= measure.left + 1.2 * size or (is_title and is_centred)
