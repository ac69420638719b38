"""What no document says is in no record: no report from ordinary pages, no figure from forms without figures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import LayoutError
from ingest.records import ReportRecord
from tests.conftest import ROOT, SAMPLES, extract_file, extract_text
from tests.fixtures.layout_parts import LAYOUTS, Cell, Part
from tests.fixtures.make_layouts import as_html
from tests.support.ordinary_texts import KINDS, PAGES_PER_KIND, as_text, ordinary_page

CASES = ROOT / "tests" / "cases"
TEXTS = sorted([*SAMPLES.glob("*.txt"), *CASES.glob("*.txt")])
_DIGITS = re.compile(r"[0-9０-９]")
# Numbers in Chinese words are figures too, but 一 also counts headings: only those with a measure behind them go.
_NUMBERS_IN_WORDS = re.compile(
    r"[〇零一二三四五六七八九十百千两]+(?=[^、，．.）)〇零一二三四五六七八九十百千两])|[壹贰叁肆伍陆柒捌玖拾佰仟]+"
)


@pytest.mark.parametrize("kind", KINDS)
def test_ordinary_texts_are_no_reports(kind: str) -> None:
    taken = [number for number in range(PAGES_PER_KIND) if not _is_refused(as_text(ordinary_page(kind, number)), "txt")]
    assert taken == []


@pytest.mark.parametrize("kind", KINDS)
def test_ordinary_web_pages_are_no_reports(kind: str) -> None:
    taken = [
        number for number in range(PAGES_PER_KIND) if not _is_refused(as_html(ordinary_page(kind, number)), "html")
    ]
    assert taken == []


def _is_refused(text: str, suffix: str) -> bool:
    return not _reports_of(text, suffix)


def _reports_of(text: str, suffix: str) -> tuple[ReportRecord, ...]:
    """The reports in a text; none when it is refused as no report, which is the only refusal that may happen."""
    try:
        return extract_text(text, f"page.{suffix}").reports
    except LayoutError as refusal:
        if refusal.code != "no_report":
            raise
        return ()


def _declarations() -> list[Path]:
    """Labelled documents that hold targets and planned money, and nothing that has happened."""
    labels = [*CASES.glob("*.json"), ROOT / "tests" / "fixtures" / "layouts" / "declaration.json"]
    found = []
    for path in sorted(labels):
        label = json.loads(path.read_text(encoding="utf-8"))
        only_targets = label["indicators"] and not any(
            entry["actual"] or entry["score"] for entry in label["indicators"]
        )
        if only_targets and {line["stage"] for line in label["funding"]} == {"planned"}:
            found += [other for other in path.parent.glob(f"{path.stem}.*") if other.suffix != ".json"]
    return sorted(found)


@pytest.mark.parametrize("path", _declarations(), ids=lambda path: path.name)
def test_a_target_declaration_has_no_results(path: Path) -> None:
    for report in extract_file(path).reports:
        assert {line.stage for line in report.funding} <= {"planned"}
        assert [entry.name for entry in report.indicators if entry.actual is not None or entry.score is not None] == []
        assert report.execution.stated_rate_pct is None
        assert report.execution.score is None
        assert report.evaluation.total_score is None
        assert report.evaluation.grade is None


def test_there_are_declarations_to_look_at() -> None:
    assert len(_declarations()) >= 9


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_a_text_without_digits_has_no_figures(path: Path) -> None:
    text = _without_numbers(path.read_text(encoding="utf-8"))
    assert _figures_of(text, "txt") == []


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_form_without_digits_has_no_figures(name: str) -> None:
    assert _figures_of(as_html([_part_without_numbers(part) for part in LAYOUTS[name]]), "html") == []


def _part_without_numbers(part: Part) -> Part:
    if isinstance(part, str):
        return _without_numbers(part)
    return [[_cell_without_numbers(cell) for cell in row] for row in part]


def _without_numbers(text: str) -> str:
    return _NUMBERS_IN_WORDS.sub("", _DIGITS.sub("", text))


def _cell_without_numbers(cell: Cell) -> Cell:
    return _without_numbers(cell) if isinstance(cell, str) else (_without_numbers(cell[0]), *cell[1:])


def _figures_of(text: str, suffix: str) -> list[tuple[str, str]]:
    return [figure for report in _reports_of(text, suffix) for figure in _figures(report)]


def _figures(report: ReportRecord) -> Iterator[tuple[str, str]]:
    """Every number of a report that is not a place in the text or a count of its own."""
    content = report.model_dump(exclude={"ordinal", "report_id", "field_evidence"})
    yield from _numbers(content, "report")


def _numbers(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            if key not in ("evidence", "places", "ordinal"):
                yield from _numbers(entry, f"{name}.{key}")
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _numbers(entry, name)
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        yield name, str(value)
