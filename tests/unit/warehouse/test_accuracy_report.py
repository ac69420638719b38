"""A measurement as tables, Markdown, CSV and JSON; the gate of `--require`; the command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from ingest.accuracy import Accuracy, LabelledCase, evaluate, find_cases
from ingest.errors import DocumentError, UsageError
from ingest.records import DocumentRecord
from tests.conftest import SAMPLES
from warehouse.accuracy_report import Requirement, read_requirements, unmet, write_csv, write_json, write_markdown


@pytest.fixture
def measured(tmp_path: Path) -> Accuracy:
    """A measurement of one refused case."""

    def refuse(case: LabelledCase) -> DocumentRecord:
        raise DocumentError("damaged_file", zh="坏", en="bad")

    (tmp_path / "001-甲.txt").write_text("甲", encoding="utf-8")
    label = {"layout": "prose", "unit": "甲|局", "fiscal_year": 2023}
    (tmp_path / "001-甲.json").write_text(json.dumps(label), encoding="utf-8")
    return evaluate(find_cases(tmp_path), refuse)


def test_markdown_is_tables_that_nothing_in_a_document_breaks(measured: Accuracy) -> None:
    stream = io.StringIO()
    write_markdown(stream, measured, by=None, with_misses=True, lang="en")
    text = stream.getvalue()
    assert "1 labelled cases, 1 of them refused" in text
    assert "| overall | 2 | 0 | 0 |  | 0.000 | 0.000 |" in text
    assert "甲\\|局" in text


def test_csv_is_one_table(measured: Accuracy) -> None:
    for by, with_misses, heading, n_rows in (
        (None, False, "field", 3),
        ("layout", False, "layout", 3),
        (None, True, "document", 2),
    ):
        stream = io.StringIO()
        write_csv(stream, measured, by=by, with_misses=with_misses)
        rows = list(csv.reader(io.StringIO(stream.getvalue())))
        assert (rows[0][0], len(rows) - 1) == (heading, n_rows)


def test_json_holds_everything(measured: Accuracy) -> None:
    stream = io.StringIO()
    write_json(stream, measured)
    content: dict[str, Any] = json.loads(stream.getvalue())
    assert content["fields"]["overall"]["missed"] == 2
    assert content["fields"]["overall"]["precision"] is None
    assert content["layouts"].keys() == {"prose"}
    assert content["refused"] == {"001-甲.txt": "damaged_file"}
    assert [(miss["field"], miss["confidence"]) for miss in content["misses"]] == [
        ("fiscal_year", None),
        ("unit", None),
    ]


def test_what_is_required_and_not_reached_is_named(measured: Accuracy) -> None:
    wanted = read_requirements("overall_recall=0.5, overall_precision=0.5,region.county_f1=0,unit_recall=0")
    assert list(unmet(measured, wanted)) == [
        (Requirement("overall", "recall", 0.5), 0.0),
        (Requirement("overall", "precision", 0.5), None),
        (Requirement("region.county", "f1", 0.0), None),
    ]


@pytest.mark.parametrize(
    "typed", ["overall=0.9", "all_recall=0.9", "overall_recall=97", "overall_recall=x", "unit_recall"]
)
def test_a_requirement_in_another_form_is_a_wrong_call(typed: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_requirements(typed)
    assert raised.value.code == "bad_requirement"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with one case that the product reads."""
    folder = tmp_path / "cases"
    folder.mkdir()
    text = (SAMPLES / "yanbian-jinbao-2020.txt").read_text(encoding="utf-8")
    (folder / "101-x.txt").write_text(text, encoding="utf-8")
    (folder / "101-x.json").write_text('{"layout": "prose", "fiscal_year": 2020}', encoding="utf-8")
    return folder


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
@pytest.mark.parametrize("by", ["layout", "format", None])
def test_the_command_prints_every_form(cases: Path, call: Any, form: str, by: str | None) -> None:
    printed = call("evaluate", cases, "--format", form, "--misses", *(("--by", by) if by else ()))
    assert (printed.code, printed.err) == (0, "")
    assert "fiscal_year" in printed.out or "101-x" in printed.out


def test_the_gate_of_the_command(cases: Path, call: Any) -> None:
    assert call("evaluate", cases, "--require", "fiscal_year_recall=1").code == 0
    failed = call("evaluate", cases, "--require", "overall_precision=1")
    assert failed.code == 1
    assert "overall_precision: 1.000 required" in failed.err
    assert call("evaluate", cases.parent / "nowhere").code == 2
    assert call("evaluate", cases, "--require", "x").code == 2
    assert call("evaluate", cases, "--set", "development").code == 2
