"""Project, unit, department and year of a form, from the cells that name them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from ingest.characters import fold
from ingest.extraction.forms import labels
from ingest.extraction.forms.grid.table import GridTable
from ingest.extraction.forms.rows import Piece
from ingest.reading.document import Cell

_SKIPPED = "skipped"
_INLINE = re.compile(r"^\s*(?P<label>[^:：\n]{2,16})[:：]\s*(?P<value>\S[^\n]*?)\s*$")
_YEAR_ALONE = re.compile(r"\s*[（(]?\s*(?P<year>(?:19|20)\d{2})\s*年\s*度?\s*[)）]?\s*")
_YEAR_OF_PERIOD = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=\s*[年./-])")


def names_project(table: GridTable, cells: Sequence[Cell]) -> bool:
    """Whether a row asks for the project's name."""
    return any(
        labels.field_of(table.text(cell), table.lexicon) == "project_name"
        or any(name == "project_name" for name, _ in _inline(table, cell))
        for cell in cells
    )


def has_field(table: GridTable, cells: Sequence[Cell]) -> bool:
    """Whether any cell of a row is the label of an identifying field."""
    return any(labels.field_of(table.text(cell), table.lexicon) not in (None, _SKIPPED) for cell in cells)


def read_identity(table: GridTable, cells: Sequence[Cell]) -> Iterator[tuple[str, Piece]]:
    """The identifying fields of a row with their pieces; a field may come more than once."""
    for cell, following in zip_longest(cells, cells[1:]):
        for name, piece in _named_by(table, cell, following):
            if name != _SKIPPED:
                yield name, piece


def _named_by(table: GridTable, cell: Cell, following: Cell | None) -> Iterator[tuple[str, Piece]]:
    text, lexicon = table.text(cell), table.lexicon
    if (year := _YEAR_ALONE.fullmatch(fold(text))) is not None:
        yield "fiscal_year", table.piece(cell, *year.span("year"))
    elif following is not None and lexicon.canonical("form_period", text) is not None:
        yield from _year_of_period(table, following)
    elif following is not None and (name := labels.field_of(text, lexicon)) is not None:
        value = table.value(following)
        if value is not None and not labels.is_any_label(table.text(following), lexicon):
            yield name, value
    else:
        yield from _inline(table, cell)


def _inline(table: GridTable, cell: Cell) -> Iterator[tuple[str, Piece]]:
    """`项目名称：…`: label and value in one cell."""
    inline = _INLINE.match(table.text(cell))
    name = labels.field_of(inline["label"], table.lexicon) if inline is not None else None
    if inline is not None and name is not None:
        yield name, table.piece(cell, *inline.span("value"))


def _year_of_period(table: GridTable, cell: Cell) -> Iterator[tuple[str, Piece]]:
    """项目起止时间 within one year tells that year."""
    years = list(_YEAR_OF_PERIOD.finditer(fold(table.text(cell))))
    if len({year[0] for year in years}) == 1:
        yield "fiscal_year", table.piece(cell, *years[0].span())
