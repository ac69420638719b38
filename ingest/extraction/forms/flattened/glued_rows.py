"""Rows of a text without any separator: which of them are told apart for sure, and which of their cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.extraction.forms.flattened.cell_kinds import IGNORED_KINDS
from ingest.extraction.forms.flattened.row_lattice import LatticeRow
from ingest.extraction.forms.flattened.tokens import FormText
from ingest.extraction.forms.labels import without_item_mark
from ingest.quantities import parse_decimal

_TOO_DEAR = 4.0
_MOST_UNKNOWN_COLUMNS = 1
_NUMBER_OF_ITEM = re.compile(r"指标\s*\d|(?P<number>\d{1,2})[.)）、]")


def told_apart(
    form: FormText, columns: Sequence[str], rows: Sequence[LatticeRow]
) -> tuple[list[LatticeRow], list[LatticeRow]]:
    """The rows whose names are sure, with their cells in doubt marked; then the rows that are not told apart.

    A row is in doubt when nothing in it looks like its column, when its name may begin with the reason of the row
    above, or when its first digit may be the last one of the row above.
    """
    if sum(column in IGNORED_KINDS for column in columns) > _MOST_UNKNOWN_COLUMNS:
        return [], list(rows)
    sure: list[LatticeRow] = []
    in_doubt: list[LatticeRow] = []
    follows_nothing = False
    for place, row in enumerate(rows):
        above = rows[place - 1] if place else None
        says_nothing = _says_nothing(columns, row)
        # Where a row that says nothing ends, the next begins by chance.
        if says_nothing or follows_nothing or (above is not None and _may_hold_reason(form, columns, above, row)):
            in_doubt.append(row)
        elif above is not None and _shares_digits(form, rows, place):
            in_doubt.append(row)
            if sure and sure[-1].end == above.end:
                sure[-1] = replace(sure[-1], doubtful=sure[-1].doubtful | {_last_column(above)})
        else:
            sure.append(row)
        follows_nothing = says_nothing
    return sure, in_doubt


def _says_nothing(columns: Sequence[str], row: LatticeRow) -> bool:
    values = {"target", "actual"} & set(columns)
    return row.cost > _TOO_DEAR or bool(values and not values & set(row.places))


def _may_hold_reason(form: FormText, columns: Sequence[str], above: LatticeRow, row: LatticeRow) -> bool:
    """Behind a row that lost points its reason may stand, with nothing between it and the next name."""
    begin, finish = row.places["name"]
    if "deviation_reason" not in columns or without_item_mark(form.text[begin:finish]) or _lost_nothing(form, above):
        return False
    return bool(form.lexicon.find("form_reason_word", form.flat[begin:finish]))


def _lost_nothing(form: FormText, row: LatticeRow) -> bool:
    weight, score = row.places.get("weight"), row.places.get("score")
    if weight is None or score is None:
        return False
    return parse_decimal(form.flat[slice(*weight)]) == parse_decimal(form.flat[slice(*score)])


def _shares_digits(form: FormText, rows: Sequence[LatticeRow], place: int) -> bool:
    """9.83D影像 is 9.8 and 3D or 9.83 and D; 9.82.购置 is told apart where it is the second item."""
    start = rows[place].start
    if not (form.flat[start].isdigit() and form.flat[start - 1].isdigit()):
        return False
    numbers = [_NUMBER_OF_ITEM.match(form.flat, row.start) for row in rows[: place + 1]]
    counted = [int(match["number"]) for match in numbers if match is not None and match["number"]]
    return len(counted) <= place or any(one + 1 != other for one, other in pairwise(counted))


def _last_column(row: LatticeRow) -> str:
    return max(row.places, key=lambda column: row.places[column])
