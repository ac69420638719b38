"""What pdfium knows of a page: its characters with their boxes and its ruling lines."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ingest.reading.grids import Rule
from ingest.reading.layout import Box, Glyph
from ingest.reading.strokes import IDENTITY, Matrix, Point, apply, rules_of, strokes_of
from ingest.reading.symbols import replace_private

if TYPE_CHECKING:
    import pypdfium2

_DEEPEST_FORM = 8
_MOST_OBJECTS = 100_000
_SHIFTED = 0.3
"""Share of a character's size: the same character that close is the same one, printed twice to look bold."""
# From the page's own axes (up is more) to those of its layout (down is more), by its rotation in degrees.
_TURNS: dict[int, Callable[[float, float], Point]] = {
    0: lambda x, y: (x, -y),
    90: lambda x, y: (y, x),
    180: lambda x, y: (-x, y),
    270: lambda x, y: (-y, -x),
}


class PdfiumPage:
    """One page, in the coordinates of its layout: to the right and down, as it is shown."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._page = page
        self._turn = _TURNS.get(page.get_rotation(), _TURNS[0])

    def box(self) -> Box:
        """Left, top, right and bottom of the page."""
        return self._box(*self._page.get_bbox())

    def glyphs(self) -> list[Glyph]:
        """All characters but spaces: where spaces are is seen from the gaps."""
        raw, found = self._raw, []
        text_page = self._page.get_textpage()
        box = raw.FS_RECTF()
        reference = ctypes.byref(box)
        get_unicode, get_box, handle = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, text_page.raw
        last: Glyph | None = None
        for index in range(text_page.count_chars()):
            code = get_unicode(handle, index)
            # Spaces, control characters, and halves of a pair that stand for nothing.
            if code <= 0x20 or code in (0xA0, 0x3000, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
                continue
            if not get_box(handle, index, reference):
                continue
            glyph = Glyph(replace_private(chr(code)), *self._box(box.left, box.bottom, box.right, box.top))
            if last is None or not _is_same_again(last, glyph):
                found.append(glyph)
            last = glyph
        text_page.close()
        return found

    def rules(self) -> tuple[list[Rule], list[Rule]]:
        """Horizontal and vertical lines."""
        return rules_of(self._strokes())

    def has_picture(self) -> bool:
        """Whether a picture is on the page."""
        raw = self._raw
        kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
        items = (raw.FPDFPage_GetObject(self._page.raw, index) for index in range(self._count()))
        return any(raw.FPDFPageObj_GetType(item) in kinds for item in items)

    def _count(self) -> int:
        return min(int(self._raw.FPDFPage_CountObjects(self._page.raw)), _MOST_OBJECTS)

    def _box(self, left: float, bottom: float, right: float, top: float) -> Box:
        x0, y0 = self._turn(left, bottom)
        x1, y1 = self._turn(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _strokes(self) -> Iterator[Box]:
        for index in range(self._count()):
            yield from self._strokes_of(self._raw.FPDFPage_GetObject(self._page.raw, index), IDENTITY, 0)

    def _strokes_of(self, item: Any, outer: Matrix, depth: int) -> Iterator[Box]:
        raw = self._raw
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield from self._strokes_of_path(item, outer)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
            inner = _product(self._matrix(item), outer)
            for index in range(min(raw.FPDFFormObj_CountObjects(item), _MOST_OBJECTS)):
                yield from self._strokes_of(raw.FPDFFormObj_GetObject(item, index), inner, depth + 1)

    def _strokes_of_path(self, path: Any, outer: Matrix) -> Iterator[Box]:
        raw = self._raw
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
        if not fill.value and not stroke.value:
            return
        matrix = _product(self._matrix(path), outer)
        for points in self._subpaths(path, matrix):
            yield from strokes_of(points, is_drawn=bool(stroke.value))

    def _subpaths(self, path: Any, matrix: Matrix) -> Iterator[list[Point]]:
        raw = self._raw
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[Point] = []
        for index in range(min(raw.FPDFPath_CountSegments(path), _MOST_OBJECTS)):
            segment = raw.FPDFPath_GetPathSegment(path, index)
            raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
                yield points
                points = []
            points.append(self._turn(*apply(matrix, x.value, y.value)))
            if raw.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        if points:
            yield points

    def _matrix(self, item: Any) -> Matrix:
        matrix = self._raw.FS_MATRIX()
        self._raw.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
        return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _is_same_again(before: Glyph, after: Glyph) -> bool:
    shift = _SHIFTED * (after.right - after.left)
    return before.text == after.text and abs(before.left - after.left) < shift and abs(before.top - after.top) < shift


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc, a * ob + b * od,
        c * oa + d * oc, c * ob + d * od,
        e * oa + f * oc + oe, e * ob + f * od + of,
    )  # fmt: skip
