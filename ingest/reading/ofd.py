"""OFD (GB/T 33190, the national fixed-layout format) → Document: text and path objects of each page by their place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from ingest.reading.building import DocumentBuilder
from ingest.reading.document import Document
from ingest.reading.layout import Box, Glyph, Page, lay_out
from ingest.reading.packages import Package
from ingest.reading.pages import add_pages, refuse_too_many
from ingest.reading.strokes import IDENTITY, Point, apply, rules_of, strokes_of
from ingest.reading.symbols import replace_private

MEDIA_TYPE = "application/ofd"
_NAME = "OFD"
_POINTS_PER_MM = 72 / 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)
_LONGEST_RUN = 10_000
_PATH = re.compile(r"([A-Za-z])|(-?\d+(?:\.\d+)?)")
# How many numbers follow a letter of a path; the last two are where it leads.
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def read_ofd(data: bytes, file_name: str) -> Document:
    """Read an OFD document: ruled tables as grids, the text around them as paragraphs.

    Raises:
        DocumentError: `damaged_file`, `password_protected`, `too_large` or `empty_document`.
    """
    package = Package(data, file_name, _NAME)
    builder = DocumentBuilder(data, file_name, MEDIA_TYPE)
    pages: list[Page] = []
    for root in _texts(package.xml("OFD.xml"), "DocRoot"):
        pages.extend(_Book(package, root.lstrip("/")).pages(len(pages)))
    add_pages(builder, pages)
    return builder.build(page_count=len(pages))


class _Book:
    """One document of the package: its pages and the templates behind them."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._folder = posixpath.dirname(main)
        self._root = package.xml(main)
        self._templates = {
            str(node.get("ID")): str(node.get("BaseLoc")) for node in _elements(self._root, "TemplatePage")
        }
        self._box = _box_of(self._root, _A4)

    def pages(self, before: int) -> Iterator[Page]:
        """The pages, counted on from the `before` ones of earlier documents."""
        nodes = [node for node in _elements(self._root, "Page") if node.get("BaseLoc")]
        refuse_too_many(before + len(nodes), self._package.file_name)
        for number, node in enumerate(nodes, before + 1):
            yield self._page(number, str(node.get("BaseLoc")))

    def _page(self, number: int, place: str) -> Page:
        root = self._part(place)
        glyphs: list[Glyph] = []
        strokes: list[Box] = []
        behind = [self._templates.get(str(node.get("TemplateID"))) for node in _elements(root, "Template")]
        for layer in [*(self._part(name) for name in behind if name is not None), root]:
            for item in _elements(layer, "TextObject"):
                glyphs.extend(_glyphs(item))
            for item in _elements(layer, "PathObject"):
                strokes.extend(_strokes(item))
        left, top, width, height = (side * _POINTS_PER_MM for side in _box_of(root, self._box))
        return lay_out(number, (left, top, left + width, top + height), glyphs, *rules_of(strokes))

    def _part(self, place: str) -> etree._Element:
        name = place.lstrip("/") if place.startswith("/") else posixpath.normpath(posixpath.join(self._folder, place))
        return self._package.xml(name)


def _glyphs(item: etree._Element) -> Iterator[Glyph]:
    left, top, _, _ = _numbers(item.get("Boundary"), 4) or _A4
    matrix = _numbers(item.get("CTM"), 6) or IDENTITY
    size = (_numbers(item.get("Size"), 1) or (4.0,))[0]
    width, height = size * (abs(matrix[0]) or 1), size * (abs(matrix[3]) or 1)
    for code in _elements(item, "TextCode"):
        text = code.text or ""
        xs = _places(code.get("X"), code.get("DeltaX"), len(text))
        ys = _places(code.get("Y"), code.get("DeltaY"), len(text))
        for character, x, y, step in zip(text, xs, ys, _widths(text, xs, size), strict=True):
            if character.isspace():
                continue
            x, y = apply(matrix, x, y)
            # A character stands on its base line: a little of it reaches below.
            yield Glyph(
                replace_private(character),
                (left + x) * _POINTS_PER_MM,
                (top + y - 0.85 * height) * _POINTS_PER_MM,
                (left + x + step * width) * _POINTS_PER_MM,
                (top + y + 0.15 * height) * _POINTS_PER_MM,
            )


def _places(first: str | None, deltas: str | None, count: int) -> list[float]:
    """Where each of `count` characters begins; steps that are not given are none."""
    place = (_numbers(first, 1) or (0.0,))[0]
    places = [place]
    for step in _steps(deltas, count):
        places.append(places[-1] + step)
    return (places + [places[-1]] * count)[:count]


def _widths(text: str, xs: list[float], size: float) -> list[float]:
    """How wide each character is, in sizes: as far as the next one, and what is usual where that is far away."""
    usual = [0.55 if character.isascii() else 1.0 for character in text]
    steps = [(after - before) / size if size else 0.0 for before, after in pairwise(xs)]
    return [step if 0 < step <= 1.0 else width for step, width in zip([*steps, 0.0], usual, strict=False)]


def _steps(deltas: str | None, most: int) -> list[float]:
    """Steps as written, `g 3 2.5` standing for 2.5 three times."""
    words = (deltas or "").split()
    steps: list[float] = []
    index = 0
    while index < len(words) and len(steps) < min(most, _LONGEST_RUN):
        if words[index] == "g" and index + 2 < len(words):
            steps.extend([_number(words[index + 2])] * min(int(_number(words[index + 1])), most))
            index += 3
        else:
            steps.append(_number(words[index]))
            index += 1
    return steps


def _strokes(item: etree._Element) -> Iterator[Box]:
    """What may be lines of a path."""
    left, top, _, _ = _numbers(item.get("Boundary"), 4) or _A4
    matrix = _numbers(item.get("CTM"), 6) or IDENTITY
    data = next(iter(_texts(item, "AbbreviatedData")), "")
    is_drawn = item.get("Stroke", "true").lower() != "false"
    for points in _subpaths(data):
        moved = (apply(matrix, x, y) for x, y in points)
        placed = [((left + x) * _POINTS_PER_MM, (top + y) * _POINTS_PER_MM) for x, y in moved]
        yield from strokes_of(placed, is_drawn=is_drawn)


def _subpaths(data: str) -> Iterator[list[Point]]:
    points: list[Point] = []
    for letter, numbers in _commands(data):
        if letter in "SM":
            if points:
                yield points
            points = []
        if letter == "C" and points:
            points.append(points[0])
        elif len(numbers) >= 2:
            points.append((numbers[-2], numbers[-1]))
    if points:
        yield points


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    letter, numbers = "", list[float]()
    for match in _PATH.finditer(data):
        if match[1]:
            if letter in _OPERANDS:
                yield letter, numbers[: _OPERANDS[letter]]
            letter, numbers = match[1].upper(), []
        else:
            numbers.append(float(match[2]))
    if letter in _OPERANDS:
        yield letter, numbers[: _OPERANDS[letter]]


def _box_of(node: etree._Element, default: tuple[float, ...]) -> tuple[float, ...]:
    return _numbers(next(iter(_texts(node, "PhysicalBox")), None), 4) or default


def _elements(node: etree._Element, name: str) -> Iterator[etree._Element]:
    # Producers differ in the namespace they use.
    yield from node.iter(f"{{*}}{name}")


def _texts(node: etree._Element, name: str) -> list[str]:
    return [found.text.strip() for found in _elements(node, name) if found.text]


def _numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    words = (text or "").split()
    return tuple(_number(word) for word in words[:count]) if len(words) >= count else None


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return 0.0
