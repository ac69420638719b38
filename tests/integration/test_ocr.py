"""A scanned form: whatever the recogniser makes of it, no wrong figure goes unnoticed."""

from __future__ import annotations

from functools import cache

import pytest

from ingest.accuracy import LabelledCase, evaluate, find_cases
from ingest.accuracy.scoring import Miss
from ingest.extraction import extract_document
from ingest.reading import Document, read_document
from ingest.reading.recognition import is_installed
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
SCAN = FIXTURES / "national_scan.pdf"
TYPED = FIXTURES / "layouts" / "national.docx"
AMOUNTS_AND_SCORES = {
    "funding_amount", "funding_line", "execution_rate", "execution_weight", "execution_score", "total_score",
    "indicator_weight", "indicator_score", "indicator_target", "indicator_actual",
}  # fmt: skip

pytestmark = pytest.mark.skipif(not is_installed(), reason="reading scans needs the extra: pip install fundperf[ocr]")


@cache
def scanned() -> Document:
    """The scan, recognised once: it takes seconds."""
    return read_document(SCAN.read_bytes(), SCAN.name)


@cache
def misses() -> tuple[Miss, ...]:
    """Everything that is not as a person reads it."""
    label = next(case.label for case in find_cases(FIXTURES / "layouts") if case.document == TYPED)
    accuracy = evaluate([LabelledCase(SCAN.name, SCAN, "form", label)], lambda _: extract_document(scanned()))
    assert [result.refusal for result in accuracy.results] == [None]
    return tuple(accuracy.misses())


def test_a_scan_is_marked_as_recognised() -> None:
    assert scanned().remarks == ("ocr",)
    assert scanned().page_count == 1


def test_the_ruled_form_of_a_scan_is_the_table_of_the_typed_one() -> None:
    typed = read_document(TYPED.read_bytes(), TYPED.name)
    assert _positions(scanned()) == _positions(typed)


def _positions(document: Document) -> list[list[tuple[int, int, int, int]]]:
    return [
        [(cell.row, cell.column, cell.row_span, cell.column_span) for cell in block.cells]
        for block in document.blocks
        if block.kind == "table"
    ]


def test_every_amount_and_score_of_a_scan_is_right_or_flagged() -> None:
    unnoticed = [
        (miss.outcome.field, miss.outcome.within, miss.outcome.expected, miss.outcome.got)
        for miss in misses()
        if miss.outcome.field in AMOUNTS_AND_SCORES
        and (miss.review == "none" or (miss.outcome.kind != "missed" and miss.review != "value"))
    ]
    assert unnoticed == []


def test_a_clear_scan_loses_few_figures() -> None:
    lost = [miss for miss in misses() if miss.outcome.field in AMOUNTS_AND_SCORES]
    assert len(lost) <= 3, [(miss.outcome.field, miss.outcome.expected, miss.outcome.got) for miss in lost]
