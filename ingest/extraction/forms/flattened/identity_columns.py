"""Identifying labels dumped column by column: 项目名称 实施单位 主管部门, then as many values in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.extraction.forms.flattened.pieces import piece_at, unread_at
from ingest.extraction.forms.flattened.tokens import HAN, FormText, Label, Span, cells
from ingest.extraction.forms.rows import Piece, Unread

_CONFIDENCE = 0.88
_FEWEST = 2
_LINE = re.compile(r"[ ]*(?P<value>[^\s|](?:[^\n|]*[^\s|])?)")
_LONGEST_VALUE = 80


def read_dumped_labels(
    form: FormText, labels: Sequence[Label], end: int
) -> tuple[dict[Label, Piece | None], list[Unread]]:
    """The labels that stand side by side above their values, with these; None where the counts do not agree.

    A single value behind several labels is that of the last: the others are empty.
    """
    found: dict[Label, Piece | None] = {}
    unread: list[Unread] = []
    for asking, start, limit in _runs(form, labels, end):
        values = _values(form, start, limit, asking)
        if values is None:
            continue
        if len(values) != len(asking):
            found.update(dict.fromkeys(asking))
            names = "、".join(label.wording for label in asking)
            unread.append(
                unread_at(
                    "cells_not_told_apart", f"「{names}」与其后的内容无法一一对应", asking[0].start, values[-1][1]
                )
            )
            continue
        found.update((label, piece_at(*value, _CONFIDENCE)) for label, value in zip(asking, values, strict=True))
    return {label: value for label, value in found.items() if label.canonical != "skipped"}, unread


def _runs(form: FormText, labels: Sequence[Label], end: int) -> Iterator[tuple[list[Label], int, int]]:
    """Labels with nothing between that ask for values of their own, and where what stands behind them begins and ends.

    项目资金 and 年度总体目标 stand beside parts of the form and ask for no value.
    """
    run: list[Label] = []
    for place, label in enumerate(labels):
        run.append(label)
        limit = labels[place + 1].start if place + 1 < len(labels) else end
        if not form.text[label.end : limit].strip(" \n|"):
            continue
        asking = [other for other in run if _asks(form, other)]
        if len(asking) >= _FEWEST and all(other.role in ("form_field", "form_text", "form_box") for other in run):
            yield asking, label.end, limit
        run = []


def _asks(form: FormText, label: Label) -> bool:
    return label.role == "form_field" and form.lexicon.canonical("form_block", label.wording) is None


def _values(form: FormText, start: int, end: int, asking: Sequence[Label]) -> list[Span] | None:
    """The values, one a line or one a cell; None where there is one at most, or none that holds words."""
    lines = [match.span("value") for match in _LINE.finditer(form.text, start, end)]
    apart = [(cell.start, cell.end) for cell in cells(form.text, start, end)]
    values = lines
    if len(lines) != len(asking) and len(apart) == len(asking) and _are_organisations(form, asking, apart):
        values = apart
    is_dump = len(values) >= _FEWEST and HAN.search(form.text, start, end) is not None
    return values if is_dump and all(finish - begin <= _LONGEST_VALUE for begin, finish in values) else None


def _are_organisations(form: FormText, asking: Sequence[Label], values: Sequence[Span]) -> bool:
    """Whether what stands for a body is called one: a space within a name parts it as well."""
    tails = tuple(form.lexicon.wordings("organisation_tail"))
    bodies = [
        form.flat[slice(*value)]
        for label, value in zip(asking, values, strict=True)
        if label.canonical in ("unit", "department")
    ]
    return bool(bodies) and all(body.endswith(tails) for body in bodies)
