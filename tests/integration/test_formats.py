"""Every layout of `tests/fixtures/layouts` in every office format: one text, one record, and the one a person reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from ingest.accuracy import LabelledCase, evaluate, find_cases, reading_with
from ingest.extraction import extract_document
from ingest.lexicon import load_lexicon
from ingest.reading import Document, read_document
from tests.conftest import ROOT

LAYOUTS = ROOT / "tests" / "fixtures" / "layouts"
REFERENCE = "docx"
OTHER_FORMATS = ("doc", "html", "pdf", "txt", "xls", "xlsx")
NAMES = sorted(path.stem for path in LAYOUTS.glob("*.json"))
CASES = find_cases(LAYOUTS)
# Where a value was read, and the ids that follow from the bytes, differ from file to file.
_OF_THE_FILE = {"evidence", "field_evidence", "places", "report_id"}


@cache
def read(name: str, suffix: str) -> Document:
    """One layout in one format, read."""
    path = LAYOUTS / f"{name}.{suffix}"
    return read_document(path.read_bytes(), path.name)


@cache
def statements(name: str, suffix: str) -> tuple[dict[str, Any], ...]:
    """What the reports of a file say, without where they say it; warnings by code."""
    record = extract_document(read(name, suffix))
    reports = [without_places(report.model_dump(mode="json")) for report in record.reports]
    for report in reports:
        report["warnings"] = sorted(warning["code"] for warning in report["warnings"])
    return tuple(reports)


def without_places(value: Any) -> Any:
    """A record without everything that depends on the file and not on what it says."""
    if isinstance(value, dict):
        return {name: without_places(entry) for name, entry in value.items() if name not in _OF_THE_FILE}
    return [without_places(entry) for entry in value] if isinstance(value, list) else value


def test_every_layout_is_there_in_every_format() -> None:
    assert sorted((case.document.stem, case.format) for case in CASES) == sorted(
        (name, suffix) for name in NAMES for suffix in (REFERENCE, *OTHER_FORMATS)
    )


@pytest.mark.parametrize("suffix", OTHER_FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_format_gives_the_same_text(name: str, suffix: str) -> None:
    assert "".join(read(name, suffix).text.split()) == "".join(read(name, REFERENCE).text.split())


@pytest.mark.parametrize("suffix", [suffix for suffix in OTHER_FORMATS if suffix != "txt"])
@pytest.mark.parametrize("name", NAMES)
def test_every_format_with_tables_gives_the_same_tables(name: str, suffix: str) -> None:
    assert tables(read(name, suffix)) == tables(read(name, REFERENCE))


@dataclass(frozen=True)
class TableCell:
    """A cell as it is compared: its text without space, its place and what it covers."""

    text: str
    row: int
    column: int
    row_span: int
    column_span: int


def tables(document: Document) -> list[list[TableCell]]:
    """The tables of a document, counted from their own first row.

    A sheet is one table: its lines of one single cell are no table of the other formats.
    """
    found: list[list[TableCell]] = []
    for block in document.blocks:
        rows: dict[int, list[TableCell]] = {}
        for cell in block.cells:
            text = "".join(document.text[cell.start : cell.end].split())
            placed = TableCell(text, cell.row, cell.column, cell.row_span, cell.column_span)
            rows.setdefault(cell.row, []).append(placed)
        found += _split_at_lines_of_one_cell(rows)
    return found


def _split_at_lines_of_one_cell(rows: dict[int, list[TableCell]]) -> list[list[TableCell]]:
    parts: list[list[TableCell]] = []
    top: int | None = None
    covered_until = 0
    for number in sorted(rows):
        if len(rows[number]) == 1 and number >= covered_until:
            top = None
            continue
        covered_until = max([covered_until, *(cell.row + cell.row_span for cell in rows[number])])
        if top is None:
            top = number
            parts.append([])
        parts[-1] += [replace(cell, row=number - top) for cell in rows[number]]
    return parts


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_gives_what_a_person_reads_in_it(case: LabelledCase) -> None:
    accuracy = evaluate([case], reading_with(load_lexicon()))
    assert [result.refusal for result in accuracy.results] == [None]
    assert [
        (miss.outcome.field, miss.outcome.within, miss.outcome.expected, miss.outcome.got) for miss in accuracy.misses()
    ] == []


@pytest.mark.parametrize("suffix", OTHER_FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_format_gives_the_same_records(name: str, suffix: str) -> None:
    assert statements(name, suffix) == statements(name, REFERENCE)
