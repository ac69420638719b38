"""What stands below the rows of a form: the sum of points, the grade, the boxes with free text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from ingest.extraction.forms.flattened import arithmetic
from ingest.extraction.forms.flattened.pieces import piece_at
from ingest.extraction.forms.flattened.tokens import HAN, FormText, Gap, Label, cells, up_to_the_next
from ingest.extraction.forms.rows import IndicatorRow, Piece
from ingest.extraction.grade_scales import grade_scale_at
from ingest.quantities import parse_decimal

_FULL_MARK = Decimal(100)
_NUMBERS = re.compile(
    # The points of every level's column may stand before the last: 100 | | 100 | | 94.42.
    r"[\s|:：（(分)）]*(?:100(?:\.0+)?[\s|]+(?=100(?:\.0+)?[\s|]+[^\n]*\d))*(?P<first>\d[\d.]*)"
    r"(?:(?:[\s|分]|(?<=[\s|])[-—/](?=[\s|]))*(?P<second>\d[\d.]*))?\s?分?"
)
_SHORTEST_TEXT = 4

_WORD = re.compile(r"[\s|:：“\"]*(?P<word>[^\s|”\"。，（(]{1,4})(?=[\s|”\"。，）)]|$)")
_SENTENCE = re.compile(r"\s*\d{1,3}(?:\.\d+)?分?[，,；;](?!\d)")


@dataclass(frozen=True, slots=True)
class Totals:
    """`end` is behind the last thing that was read."""

    score: Piece | None
    grade: Piece | None
    texts: tuple[tuple[str, Piece], ...]
    end: int


def read_totals(form: FormText, start: int, end: int, rows: Sequence[IndicatorRow]) -> Totals:
    """Read the total row, the grade and the free texts in `text[start:end]`, below the indicator rows."""
    labels = [
        label
        for label in form.labels(("form_total", "form_grade", "form_text", "form_end"), start, end)
        if (form.gap_before(label.start) > Gap.NONE or label.start == start or label.role == "form_total")
        and not _is_in_a_sentence(form, label, end)
    ]
    score: Piece | None = None
    grade: Piece | None = None
    texts: list[tuple[str, Piece]] = []
    last = start
    for label, limit in up_to_the_next(labels, end):
        if label.role == "form_end":
            break
        if label.role == "form_total":
            found, behind = _score(form, label, limit, rows)
            score = score or found
            grade = grade or _grade(form, behind, limit)
        elif label.role == "form_grade":
            grade = grade or _grade(form, label.end, limit)
        elif (piece := _text(form, label.end, limit)) is not None:
            texts.append((label.canonical, piece))
            last = max(last, piece.end)
        last = max([last, label.end, *(piece.end for piece in (score, grade) if piece is not None)])
    return Totals(score, grade, tuple(texts), last)


def _is_in_a_sentence(form: FormText, label: Label, end: int) -> bool:
    """自评总分97.5分，… is the beginning of a conclusion and no total row: it is read as prose."""
    return label.role == "form_total" and _SENTENCE.match(form.flat, label.end, end) is not None


def read_score_above(form: FormText, start: int, end: int) -> Piece | None:
    """The score where a form prints it above its blocks: 总分：92.4分, 自评总分(分) 95.9."""
    for label in form.labels(("form_total",), start, end):
        match = _NUMBERS.match(form.flat, label.end, end)
        value = None if match is None or match["second"] else parse_decimal(match["first"])
        if match is not None and value is not None and value <= _FULL_MARK and not _is_sum_of_points(form, label):
            return piece_at(*match.span("first"), 0.95)
        if match is None and (below := _score_below(form, label, end)) is not None:
            return below
    return None


def _is_sum_of_points(form: FormText, label: Label) -> bool:
    """合计 stands before the points to be had as often as before those awarded."""
    return form.lexicon.canonical("form_sum_of_points", label.wording) is not None


def _score_below(form: FormText, label: Label, end: int) -> Piece | None:
    """自评得分 above numbers that stand beside bodies: 自评得分 主管部门 某局 97 实施单位 某站 95.

    The body that carries the project out is the one that reports.
    """
    boxes = form.labels(("form_field", "form_column", "form_text"), label.end, end)
    if len(boxes) < 2 or form.flat[label.end : boxes[0].start].strip(" |"):
        return None
    beside = list(takewhile(lambda entry: entry[1] is not None, _numbers_beside(form, boxes, end)))
    own = [number for box, number in beside if box.canonical == "unit"]
    return next(iter([*own, *(number for _, number in beside)]), None)


def _numbers_beside(form: FormText, boxes: Sequence[Label], end: int) -> Iterator[tuple[Label, Piece | None]]:
    """The boxes with a name and a score in them."""
    for box, limit in up_to_the_next(boxes, end):
        within = cells(form.text, box.end, _end_of_line(form, box.end, limit))
        filled = [cell for cell in within if not cell.is_blank]
        value = parse_decimal(filled[1].text) if len(filled) == 2 else None
        is_score = value is not None and value <= _FULL_MARK
        yield box, piece_at(filled[1].start, filled[1].end, 0.9) if is_score else None


def _end_of_line(form: FormText, start: int, end: int) -> int:
    """A line that goes on behind a value ends the box; one that breaks before it does not."""
    place = form.text.find("\n", start, end)
    return place if place > 0 and len(form.text[start:place].split()) > 1 else end


def _score(form: FormText, label: Label, limit: int, rows: Sequence[IndicatorRow]) -> tuple[Piece | None, int]:
    """总分 100 96 prints the points to be had, then those awarded; 合计 100 only the former."""
    match = _NUMBERS.match(form.flat, label.end, limit)
    if match is None:
        return None, label.end
    if match["second"] is not None:
        awarded = parse_decimal(match["second"])
        is_score = awarded is not None and awarded <= _FULL_MARK
        # 合计 2560.00 2610.72 adds up sums.
        return piece_at(*match.span("second"), 0.95) if is_score else None, match.end()
    run = match["first"]
    if len(run) > 3 and run.startswith("100") and arithmetic.is_printed_number(run[3:]):
        return piece_at(match.start("first") + 3, match.end("first"), 0.9), match.end()
    value = parse_decimal(run)
    if value is None or value > _FULL_MARK:
        return None, match.end()
    if value == _FULL_MARK and (_is_sum_of_points(form, label) or not _all_points_awarded(form, rows)):
        return None, match.end()
    return piece_at(*match.span("first"), 0.95), match.end()


def _all_points_awarded(form: FormText, rows: Sequence[IndicatorRow]) -> bool:
    scored = [row for row in rows if row.score is not None]
    return bool(scored) and all(
        row.weight is None or form.flat[row.weight.start : row.weight.end] == form.flat[row.score.start : row.score.end]
        for row in scored
        if row.score is not None
    )


def _grade(form: FormText, start: int, limit: int) -> Piece | None:
    """A word of the grade scale that stands as a cell of its own, or the one that is ticked on the scale."""
    scale = grade_scale_at(form.flat, start, limit, form.lexicon)
    if scale is not None:
        return piece_at(*scale.ticked, 0.95) if scale.ticked is not None else None
    match = _WORD.match(form.flat, start, limit)
    if match is None or form.lexicon.canonical("grade", match["word"]) is None:
        return None
    return piece_at(*match.span("word"), 0.95)


def _text(form: FormText, start: int, limit: int) -> Piece | None:
    printed = form.text[start:limit]
    body = printed.strip(" \n|:：")
    if len(body) < _SHORTEST_TEXT or not HAN.search(body):
        return None
    begin = start + printed.index(body)
    return piece_at(begin, begin + len(body), 0.85)
