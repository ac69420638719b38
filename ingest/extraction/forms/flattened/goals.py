"""The goals of a form and what became of them: free texts between the money and the indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extraction.forms.flattened.pieces import piece_at
from ingest.extraction.forms.flattened.tokens import HAN, FormText, Label, up_to_the_next
from ingest.extraction.forms.rows import Piece

_GOALS = ("goal", "goal_result")
# Also the heading of a column among the indicators.
_COLUMN_OF_RESULTS = "实际完成情况"
_BOX = re.compile(r"(?:(?!\n\s*\n|\||[.…·]{6,}|\n).)+")
_SHORTEST = 4


def read_goals(form: FormText, start: int, end: int) -> list[tuple[str, Piece]]:
    """The texts in `text[start:end]` by section; two labels side by side stand above two texts."""
    labels = [label for label in form.labels(("form_text", "form_column", "form_row"), start, end) if _is_label(label)]
    found: list[tuple[str, Piece]] = []
    waiting: list[str] = []
    for label, limit in up_to_the_next(labels, end):
        waiting.append("goal_result" if label.role == "form_column" else label.canonical)
        pieces = list(_boxes(form, label.end, limit))
        if not pieces:
            continue
        if len(waiting) >= 2 and len(pieces) == 2:
            sections = waiting[-2:]
        else:
            sections = [waiting[0] if len(waiting) == 1 else "goal"] * len(pieces)
        found.extend(zip(sections, pieces, strict=True))
        waiting = []
    return found


def _is_label(label: Label) -> bool:
    return label.canonical in _GOALS or label.role == "form_text" or label.wording == _COLUMN_OF_RESULTS


def _boxes(form: FormText, start: int, end: int) -> Iterator[Piece]:
    """The texts between two labels, one for each cell that a strong separator limits."""
    for match in _BOX.finditer(form.text, start, end):
        body = match.group().strip(" .…·:：")
        if len(body) >= _SHORTEST and HAN.search(body):
            begin = match.start() + match.group().index(body)
            yield piece_at(begin, begin + len(body), 0.85)
