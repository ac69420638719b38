"""Filling in a review workbook the way a spreadsheet program leaves it: the same sheets, written anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

CORRECTED, REASON, WHO = "更正值 Correction", "理由 Reason", "更正人 Corrected by"

Sheets = dict[str, list[list[Any]]]


def read_sheets(path: Path) -> Sheets:
    """All cells of a workbook by sheet."""
    workbook = CalamineWorkbook.from_path(str(path))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def write_sheets(path: Path, sheets: Sheets) -> None:
    """A workbook with these cells; numbers stay numbers."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell != "":
                        sheet.write(row, column, cell)


def fill(source: Path, target: Path, entries: list[dict[str, Any]]) -> None:
    """Write corrections into rows.

    Args:
        source: a review workbook.
        target: where the filled one goes.
        entries: each with the cells that find its row (by heading) and, under `set`, the cells to write.
    """
    sheets = read_sheets(source)
    for entry in entries:
        headings, row = _find_row(sheets, {key: text for key, text in entry.items() if key != "set"})
        for heading, cell in entry["set"].items():
            row[headings.index(heading)] = cell
    write_sheets(target, sheets)


def _find_row(sheets: Sheets, wanted: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """The headings of the sheet and the row itself, to be written to."""
    for headings, *rows in sheets.values():
        if not {*wanted, CORRECTED} <= set(headings):
            continue
        for row in rows:
            if all(row[headings.index(heading)] == cell for heading, cell in wanted.items()):
                return headings, row
    raise AssertionError(f"no row of the workbook has {wanted}")
