"""A money block dumped column by column: all row labels, then every heading with its values from top to bottom.

Or all headings and then all values, which counts must single out and Σ sources = total must bear out.

Where a column has fewer values than there are rows, the rows at the bottom are the empty ones, as far as Σ sources =
total bears it out; points and rate are those of the total row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from ingest.extraction.forms.flattened import arithmetic
from ingest.extraction.forms.flattened.money_choosing import choose_readings
from ingest.extraction.forms.flattened.money_rows import MoneyBlock, MoneyCell, MoneyRow, not_told_apart, source_of
from ingest.extraction.forms.flattened.money_stages import Valued
from ingest.extraction.forms.labels import is_stage
from ingest.extraction.forms.rows import FundingRow
from ingest.quantities import parse_decimal

_SURE_OF_BOTTOM_ROWS = 0.85
_FEWEST = 2


def read_column_by_column(valued: Sequence[Valued]) -> MoneyBlock | None:
    """The block of a dump; None for any other block."""
    first = next((place for place, (label, _) in enumerate(valued) if label.role == "form_column"), 0)
    rows, columns = valued[:first], _with_cells(valued[first:], first)
    is_dump = len(rows) >= _FEWEST and len(columns) >= _FEWEST and not any(cells for _, cells in rows)
    if not is_dump or any(label.role != "form_column" for label, _ in valued[first:]):
        return None
    dealt = [(label, _down_the_rows(rows, label.canonical, cells)) for label, cells in columns]
    read = [(label, cells) for label, cells in dealt if cells is not None]
    names = tuple(label.canonical for label, _ in read)
    if not names or len(set(names)) < len(names):
        return None
    block = choose_readings(
        [MoneyRow(label, [cells[place] for _, cells in read], names) for place, (label, _) in enumerate(rows)]
    )
    assumed = {label.canonical for label, cells in columns if 1 < len(cells) < len(rows)}
    unsure = [not_told_apart(*column) for column, (_, cells) in zip(columns, dealt, strict=True) if cells is None]
    return MoneyBlock(tuple(_with_doubt(row, assumed) for row in block.rows), (*block.unread, *unsure))


def _with_cells(columns: Sequence[Valued], rows: int) -> Sequence[Valued]:
    """The columns that have cells; where all cells stand behind the last heading, dealt out to all of them."""
    filled = [entry for entry in columns if entry[1]]
    if min(rows, len(columns)) < _FEWEST or len(filled) != 1 or filled[0] is not columns[-1]:
        return filled
    cells = list(columns[-1][1])
    # Rate and points have one cell, that of the total, or as many as the sums.
    for other in (1, rows):
        sizes = [rows if is_stage(label.canonical) else other for label, _ in columns]
        ends = list(accumulate(sizes))
        dealt = [cells[end - size : end] for size, end in zip(sizes, ends, strict=True)]
        sums = [part for part, (label, _) in zip(dealt, columns, strict=True) if is_stage(label.canonical)]
        if ends[-1] == len(cells) and sums and all(_adds_up(part) for part in sums):
            return [(label, part) for (label, _), part in zip(columns, dealt, strict=True)]
    return filled


def _down_the_rows(rows: Sequence[Valued], column: str, cells: Sequence[MoneyCell]) -> list[MoneyCell] | None:
    """One cell for every row; None where it cannot be told which rows are empty."""
    empty = [MoneyCell(cells[-1].end, cells[-1].end)] * (len(rows) - len(cells))
    if len(cells) > len(rows) or any(cell.is_run for cell in cells):
        return None
    if not empty:
        return list(cells)
    is_of_total = source_of(rows[0][0]) == "total" and (len(cells) == 1 or not is_stage(column) or _adds_up(cells))
    return [*cells, *empty] if is_of_total else None


def _adds_up(cells: Sequence[MoneyCell]) -> bool:
    total, *parts = (parse_decimal(cell.run) for cell in cells)
    return total is not None and arithmetic.sums_to((part for part in parts if part is not None), total)


def _with_doubt(row: FundingRow, assumed: set[str]) -> FundingRow:
    """A source's sum in a column of which not every row has one."""
    if row.source == "total":
        return row
    doubted = {
        stage: replace(place, confidence=_SURE_OF_BOTTOM_ROWS) if stage in assumed else place
        for stage, place in row.amounts.items()
    }
    return replace(row, amounts=doubted)
