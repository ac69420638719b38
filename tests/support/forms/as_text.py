"""Renderings that lost the table: what is left of a form in a page's text or in a copy of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.support.forms import GeneratedDocument, GeneratedForm

Flatten = Callable[[GeneratedForm], str]


def _rows(form: GeneratedForm, line_break: str) -> Iterator[list[str]]:
    """The cells of every row; a merged cell is written once, in the row where it begins."""
    for row in form.table.rows:
        yield [cell.text.replace("\n", line_break) for cell in row]


def _lines(form: GeneratedForm, rows: list[str]) -> str:
    return "\n".join((*form.lines_above, *rows, *form.lines_below))


def one_line(form: GeneratedForm) -> str:
    """Everything on one line between single spaces; empty cells are gone."""
    cells = (cell for row in _rows(form, " ") for cell in row if cell)
    return " ".join((*form.lines_above, *cells, *form.lines_below))


def spaced_rows(form: GeneratedForm) -> str:
    """A row a line, its cells between single spaces; empty cells are gone."""
    return _lines(form, [" ".join(filter(None, row)) for row in _rows(form, " ") if any(row)])


def cell_per_line(form: GeneratedForm) -> str:
    """A cell a line, an empty cell an empty line."""
    return _lines(form, [cell for row in _rows(form, "\n") for cell in row])


def filled_cell_per_line(form: GeneratedForm) -> str:
    """A cell a line with an empty line between; empty cells are gone."""
    cells = [cell for row in _rows(form, "\n") for cell in row if cell]
    return "\n\n".join((*form.lines_above, *cells, *form.lines_below))


def piped_rows(form: GeneratedForm) -> str:
    """A row a line, a pipe behind every cell."""
    return _lines(form, [" | ".join(row) + " |" for row in _rows(form, " ")])


def framed_rows(form: GeneratedForm) -> str:
    """A row a line, pipes around every cell."""
    return _lines(form, ["| " + " | ".join(row) + " |" for row in _rows(form, "")])


def bare_piped_rows(form: GeneratedForm) -> str:
    """A row a line, pipes only between cells."""
    return _lines(form, [" | ".join(row) for row in _rows(form, "")])


def piped_cells(form: GeneratedForm) -> str:
    """A cell a line with a pipe behind it, empty cells too."""
    return _lines(form, [f"{cell} |".lstrip() for row in _rows(form, " ") for cell in row])


def tabbed_rows(form: GeneratedForm) -> str:
    """A row a line, tabs between cells."""
    return _lines(form, ["\t".join(row) for row in _rows(form, "")])


def glued(form: GeneratedForm) -> str:
    """No separator at all."""
    cells = (cell for row in _rows(form, "") for cell in row)
    return "".join((*form.lines_above, *cells, *form.lines_below))


SEPARATED: Mapping[str, Flatten] = {
    "one_line": one_line,
    "spaced_rows": spaced_rows,
    "cell_per_line": cell_per_line,
    "filled_cell_per_line": filled_cell_per_line,
    "piped_rows": piped_rows,
    "framed_rows": framed_rows,
    "bare_piped_rows": bare_piped_rows,
    "piped_cells": piped_cells,
    "tabbed_rows": tabbed_rows,
}
"""Renderings in which something stands between cells, by name."""

GLUED: Mapping[str, Flatten] = {"glued": glued}
"""Renderings in which nothing does."""


def as_text(document: GeneratedDocument, flatten: Flatten) -> str:
    """The whole document as text: the site's lines first, then its forms."""
    return "\n".join((*document.furniture, *(flatten(form) for form in document.forms)))
