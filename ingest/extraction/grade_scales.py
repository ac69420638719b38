"""Printed scales of grades in which one is ticked: 优□ 良☑ 中□ 差□, □优 √良, 优（ ）良（√）."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.characters import fold
from ingest.extraction.wordings import any_of
from ingest.lexicon import Lexicon

_TICK = "☑☒■√✓✔●"
# A tick may stand beside its box (□√).
_BOX = rf"(?:[□☐○◯〇]?[{_TICK}]|[□☐○◯〇]|[（(\[【]\s*[□☐]?[{_TICK}]?\s*[)）\]】])"
# 优（90-100分）□: the points that a grade stands for.
_POINTS = r"(?:\s*[（(][^（）()\[\]□☐○◯〇" + _TICK + r"]{2,14}[)）])?"
_BETWEEN = r"[\s|、，,；;/]*"
_TICKED = re.compile(f"[{_TICK}]")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class GradeScale:
    """A scale in a text; `ticked` is where the one ticked grade stands, None where none or several are ticked."""

    end: int
    ticked: tuple[int, int] | None


def grade_scale_at(text: str, start: int, end: int, lexicon: Lexicon) -> GradeScale | None:
    """The scale that begins in `text[start:end]` at its first sign; None where something else stands there."""
    folded = fold(text)
    for pattern in _patterns(lexicon):
        grades: list[re.Match[str]] = []
        place = start
        while (grade := pattern.match(folded, place, end)) is not None:
            grades.append(grade)
            place = grade.end()
        if len(grades) >= _FEWEST:
            ticked = [grade for grade in grades if _TICKED.search(grade["box"])]
            return GradeScale(place, ticked[0].span("word") if len(ticked) == 1 else None)
    return _scale_without_boxes(folded, start, end, lexicon)


def _scale_without_boxes(text: str, start: int, end: int, lexicon: Lexicon) -> GradeScale | None:
    """优 良☑ 中 差: of grades in a row only the tick has a sign; apart from both neighbours it tells nothing."""
    row = _row(lexicon).match(text, start, end)
    if row is None:
        return None
    ticked = [*_beside_tick(lexicon).finditer(text, *row.span())]
    return GradeScale(row.end(), ticked[0].span(ticked[0].lastindex or 0) if len(ticked) == 1 else None)


@lru_cache(maxsize=8)
def _patterns(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A grade with its box behind it, and with its box before it."""
    word, box = f"(?P<word>{any_of(lexicon, 'grade')})", f"(?P<box>{_BOX})"
    return (
        re.compile(rf"{_BETWEEN}{word}{_POINTS}\s*{box}"),
        re.compile(rf"{_BETWEEN}{box}\s*{word}{_POINTS}"),
    )


@lru_cache(maxsize=8)
def _row(lexicon: Lexicon) -> re.Pattern[str]:
    """Three grades or more, with nothing but signs between them, and a tick somewhere."""
    word, sign = any_of(lexicon, "grade"), rf"[\s|、，,；;/{_TICK}]"
    return re.compile(rf"(?=(?:{sign}*{word})*{sign}*[{_TICK}]){sign}*{word}(?:{sign}+{word}){{2,}}[{_TICK}]?")


@lru_cache(maxsize=8)
def _beside_tick(lexicon: Lexicon) -> re.Pattern[str]:
    """A grade that touches the tick on one side only: 良☑, ☑良."""
    word, tick = any_of(lexicon, "grade"), f"[{_TICK}]"
    return re.compile(rf"({word}){tick}(?!{word})|(?<![\u4e00-\u9fff]){tick}({word})")
