"""A money block stage by stage: 计划安排资金 48 实际到位资金 48 …, and below it every source once for each stage."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extraction.forms.flattened.money_rows import (
    MoneyBlock,
    MoneyCell,
    first_number,
    not_told_apart,
    source_of,
)
from ingest.extraction.forms.flattened.pieces import piece_at
from ingest.extraction.forms.flattened.tokens import Label
from ingest.extraction.forms.labels import is_stage
from ingest.extraction.forms.rows import FundingRow, Piece, Unread
from ingest.records import Source, Stage

_CONFIDENCE = 0.97
Valued = tuple[Label, Sequence[MoneyCell]]
"""A label with the cells behind it."""


def is_stage_by_stage(valued: Sequence[Valued]) -> bool:
    """Stages side by side with a value each, and rows that repeat once for each stage."""
    stages = [label for label, _ in valued if label.role == "form_column" and label.canonical != "rate"]
    rows = [label.wording for label, _ in valued if label.role == "form_row"]
    return len(stages) >= 2 and len(rows) > len(set(rows))


def read_stage_by_stage(valued: Sequence[Valued]) -> MoneyBlock:
    """The i-th occurrence of a row's label belongs to the i-th stage."""
    columns = [entry for entry in valued if entry[0].role == "form_column"]
    rows: dict[str, list[Valued]] = {}
    for entry in valued:
        if entry[0].role == "form_row":
            rows.setdefault(entry[0].wording, []).append(entry)
    sums: dict[Source, dict[Stage, Piece]] = {}
    unread: list[Unread] = []
    for occurrences in (columns, *rows.values()):
        if len(occurrences) != len(columns):
            unread.extend(not_told_apart(label, cells) for label, cells in occurrences if first_number(cells))
            continue
        for (column, _), (label, cells) in zip(columns, occurrences, strict=True):
            stage, number = column.canonical, first_number(cells)
            by_stage = sums.setdefault(source_of(label), {})
            if number is not None and is_stage(stage):
                by_stage.setdefault(stage, piece_at(number.start, number.end, _CONFIDENCE))
    read = (FundingRow(source, by_stage) for source, by_stage in sums.items() if by_stage)
    return MoneyBlock(tuple(read), tuple(unread))
