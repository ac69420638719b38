"""Pictures of pages → lines and tables, with the optional extra `ocr`: ruling lines by morphology, text by RapidOCR."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from ingest.errors import DocumentError
from ingest.reading.grids import Rule
from ingest.reading.layout import Glyph, Page, lay_out

_PACKAGES = ("rapidocr", "onnxruntime", "cv2")
_SURE = 0.80
"""From this score of the recogniser on a text counts as certain."""
_LEGIBLE = 0.30
"""What scores lower is a smudge, not text."""
_SHORTEST_LINE = 20.0
"""Points; strokes of characters are shorter, the sides of cells are not."""
_LONG_LINE = 0.2
"""Share of a page's width from which on a line tells how askew the page is."""
_LEAST_SKEW, _MOST_SKEW = 0.1, 5.0
"""Degrees."""


def is_installed() -> bool:
    """Whether the packages of the extra `ocr` are there."""
    return all(find_spec(package) is not None for package in _PACKAGES)


def ocr_not_installed(file_name: str) -> DocumentError:
    """The file is a picture and nothing that reads pictures is installed."""
    return DocumentError(
        "ocr_not_installed",
        zh=f"{file_name}：内容是扫描图片，没有文字。"
        '请运行 pip install "fundperf[ocr]" 后重试，或索取可复制文字的文件。',
        en=f"{file_name}: the content is a scanned picture without text. "
        'Run pip install "fundperf[ocr]" and try again, or ask for a file whose text can be copied.',
        file_name=file_name,
    )


def recognise(picture: Any, number: int, points_per_pixel: float) -> Page:
    """The lines and tables of a page that is a picture.

    Args:
        picture: grey values, an array of height × width bytes.
        number: of the page, counted from 1.
        points_per_pixel: how large a pixel is on the page.
    """
    straight = _straightened(picture)
    horizontal, vertical = _rules(straight, points_per_pixel)
    glyphs = _glyphs(straight, points_per_pixel)
    height, width = straight.shape
    box = (0.0, 0.0, width * points_per_pixel, height * points_per_pixel)
    return lay_out(number, box, glyphs, horizontal, vertical)


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The recogniser; its models take seconds to load."""
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False, "Global.text_score": _LEGIBLE})


def _glyphs(picture: Any, points_per_pixel: float) -> list[Glyph]:
    """Single characters: a recognised line may run over the wall between two cells."""
    import cv2

    found = _engine()(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), return_word_box=True, return_single_char_box=True)
    glyphs = []
    for line, line_score in zip(found.word_results or (), found.scores or (), strict=False):
        for text, score, corners in line:
            if not text.strip():
                continue
            if text == "一" and len(line) == 1:
                # Alone it is the dash of an empty cell: nobody writes a bare number one that way.
                text = "—"
            xs = [float(x) * points_per_pixel for x, _ in corners]
            ys = [float(y) * points_per_pixel for _, y in corners]
            is_doubtful = min(score, line_score) < _SURE
            glyphs.append(Glyph(text, min(xs), min(ys), max(xs), max(ys), is_doubtful))
    return glyphs


def _straightened(picture: Any) -> Any:
    """The picture turned by the few degrees that it lay askew in the scanner, as its long lines show."""
    import cv2
    import numpy

    slopes = []
    long_enough = _LONG_LINE * picture.shape[1]
    # The pieces of a line that lies askew are found first: they are straight.
    for x, y, width, height, component in _line_boxes(_ink(picture), long_enough / 10, is_horizontal=True):
        if width >= long_enough:
            ys, xs = numpy.nonzero(component[y : y + height, x : x + width])
            slopes.append(numpy.polyfit(xs, ys, 1)[0])
    angle = float(numpy.degrees(numpy.arctan(numpy.median(slopes)))) if slopes else 0.0
    if not _LEAST_SKEW <= abs(angle) <= _MOST_SKEW:
        return picture
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)


def _rules(picture: Any, points_per_pixel: float) -> tuple[list[Rule], list[Rule]]:
    ink = _ink(picture)
    p = points_per_pixel
    horizontal = [
        Rule((y + height / 2) * p, x * p, (x + width) * p)
        for x, y, width, height, _ in _line_boxes(ink, _SHORTEST_LINE / p, is_horizontal=True)
    ]
    vertical = [
        Rule((x + width / 2) * p, y * p, (y + height) * p)
        for x, y, width, height, _ in _line_boxes(ink, _SHORTEST_LINE / p, is_horizontal=False)
    ]
    return horizontal, vertical


def _ink(picture: Any) -> Any:
    """What is dark against its surroundings, as white on black."""
    import cv2

    return cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)


def _line_boxes(ink: Any, least: float, *, is_horizontal: bool) -> list[tuple[int, int, int, int, Any]]:
    """Left, top, width and height of the straight lines of one direction, and the picture that shows only them.

    `least` is how many pixels long they are at least.
    """
    import cv2

    length = max(round(least), 8)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if is_horizontal else (1, length))
    # A line that is one pixel askew, or has a speck missing, is still one line.
    thick = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, (1, 3) if is_horizontal else (3, 1)))
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(lines)
    # The first component is the background.
    return [(int(x), int(y), int(width), int(height), lines) for x, y, width, height, _ in boxes[1:]]
