"""What a person learns about checks that failed: meaning, rows, next step; from the tables and from the command."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.check_results import CheckResult, batch_failure, failure_rows
from ingest.raw_store import insert_rows, open_build
from tests.conftest import Call
from tests.support.small_archive import Report, write_build
from warehouse.check_failures import check_limits, read_failures
from warehouse.commands import exit_codes
from warehouse.failing_rows import split_languages
from warehouse.home import Home, find_home
from warehouse.release import publish
from warehouse.signoffs import keep_signoffs, read_waiting
from warehouse.sql import run_sql
from warehouse.standing_dbt import StandingDbt

NET = Report("金保网", 2020)
ROAD = Report("通村路", 2022, county="西平县", executed="500000.00", budget="500000.00")
FUNDING, YEARS = "model.fundperf.fct_funding", "model.fundperf.rpt_project_years"
LOAD = "20230501T000000000000Z-1"


def _model(name: str) -> dict[str, Any]:
    return {"resource_type": "model", "schema": "marts", "name": name, "alias": name}


def _test(name: str, column: str | None, query: str, severity: str = "ERROR", **facts: Any) -> dict[str, Any]:
    attached = {"attached_node": FUNDING, "column_name": column} if column else {}
    return {
        "resource_type": "test", "name": name, "compiled_code": query, "config": {"severity": severity},
        "depends_on": {"nodes": [FUNDING]}, **attached, **facts,
    }  # fmt: skip


TESTS = {
    "test.fundperf.stage": _test(
        "accepted_values_stage", "stage", "select stage as found from marts.fct_funding where stage <> 'executed'",
        test_metadata={"name": "accepted_values", "kwargs": {"values": ["executed"]}},
    ),
    "test.fundperf.years": _test(
        "years_are_known", "project_year_id",
        "select project_year_id as from_field from marts.fct_funding where project_year_id = 'gone'",
        depends_on={"nodes": [FUNDING, YEARS]},
        test_metadata={"name": "relationships", "kwargs": {"field": "project_year_id"}},
    ),
    "test.fundperf.sums": _test(
        "sums_fit", None, "select project_year_id, 'budget' as figure from marts.rpt_project_years", "warn",
        description="合计与明细一致。Sums are what their\n  parts add up to.",
    ),
    "test.fundperf.broken": _test("broken", None, "select * from nothing"),
}  # fmt: skip
MANIFEST = {"nodes": {FUNDING: _model("fct_funding"), YEARS: _model("rpt_project_years"), **TESTS}, "sources": {}}
OUTCOMES = {"stage": ("fail", 1), "years": ("fail", 1), "sums": ("warn", 1), "broken": ("error", None)}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Readers have two reports; the build lost one of them and has four tests that fail, its load a check that did."""
    home = write_build(find_home(tmp_path / "数据 仓"), [NET, ROAD])
    publish(home)
    write_build(home, [NET])
    with open_build(home.build_file) as connection:
        connection.execute(
            "insert into marts.fct_funding values ('金保网-2020', 'bogus', 'total', 5), "
            "('金保网-2020', 'bogus', 'total', 6), ('gone', 'executed', 'total', 7)"
        )
        _load(connection)

    def run(dbt: StandingDbt, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        results = [
            {"unique_id": f"test.fundperf.{name}", "status": status, "message": f"dbt says {status}",
             "failures": count, "compiled_code": TESTS[f"test.fundperf.{name}"]["compiled_code"]}
            for name, (status, count) in OUTCOMES.items()
        ]  # fmt: skip
        (dbt.home.dbt_target / "run_results.json").write_text(json.dumps({"results": results}), encoding="utf-8")
        (dbt.home.dbt_target / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
        return subprocess.CompletedProcess(command, int("stage" in OUTCOMES), stdout="")

    monkeypatch.setattr(StandingDbt, "run", run)
    return home


def _load(connection: duckdb.DuckDBPyConnection) -> None:
    rows = tuple({"file_name": f"{number}.txt", "amount_yuan": "-5.00"} for number in range(100))
    found = CheckResult("funding_lines", "sane.v1", "critical", "不为负。", "Not negative.", False, "x", 200, 120, rows)
    checked_at = datetime(2023, 5, 1)
    connection.execute(
        "insert into ops.check_results (run_id, checked_at, kind, result) values (?, ?, 'batch', false)",
        [LOAD, checked_at],
    )
    insert_rows(connection, "ops.check_failures", list(failure_rows(batch_failure(found), LOAD, checked_at)))


def _checks(call: Call, home: Home, *options: str) -> dict[str, dict[str, Any]]:
    outcome = call("check", *options, "--format", "json", "--home", home.root)
    assert outcome.code == exit_codes.FAILED, outcome.err
    return {entry["check_name"]: entry for entry in json.loads(outcome.out)}


def test_every_failed_check_has_its_meaning_its_rows_and_a_next_step(call: Call, home: Home) -> None:
    page = home.data_docs / LOAD / "index.html"
    page.parent.mkdir()
    page.touch()
    found = _checks(call, home)
    assert set(found) == {
        "accepted_values_stage", "years_are_known", "sums_fit", "broken", "sane.v1", "vanished_project",
    }  # fmt: skip
    stage = found["accepted_values_stage"]
    assert stage["subject"] == "marts.fct_funding.stage"
    assert stage["n_failed"] == 2, "the rows themselves, not the wrong values"
    assert [row["amount_yuan"] for row in stage["rows"]] == ["5.00", "6.00"]
    first = {"stage": "bogus", "file_name": "doc-金保网-2020.txt", "fiscal_year": "2020", "region_county": "盐边县",
             "unit_name": "县局", "project_name": "金保网", "source": "total"}  # fmt: skip
    assert list(stage["rows"][0].items())[: len(first)] == list(first.items())
    assert (stage["meaning_zh"], stage["meaning_en"]) == (
        "stage 只取下列值：executed。", "stage says one of these, or nothing: executed.",
    )  # fmt: skip
    assert "fundperf lineage marts.fct_funding.stage" in stage["next_zh"]
    assert "rpt_project_years.project_year_id" in found["years_are_known"]["meaning_en"]
    assert found["sums_fit"]["severity"] == "warn"
    assert (found["sums_fit"]["meaning_zh"], found["sums_fit"]["meaning_en"]) == (
        "合计与明细一致。", "Sums are what their parts add up to.",
    )  # fmt: skip
    assert found["sums_fit"]["rows"][0]["project_name"] == "金保网"
    assert (found["broken"]["n_failed"], found["broken"]["rows"]) == (None, [{"message": "dbt says error"}])
    assert (found["sane.v1"]["n_failed"], len(found["sane.v1"]["rows"])) == (120, 100)
    assert str(page) in found["sane.v1"]["next_en"]
    vanished = found["vanished_project"]
    assert (vanished["rows"][0]["subject"], vanished["rows"][0]["before"]) == ("西平县 县局 通村路", "2022 500000.00")
    assert "sign-off" in vanished["next_en"]


def test_the_screen_shows_rows_in_both_languages_as_many_as_asked_for(call: Call, home: Home) -> None:
    english = call("check", "--home", home.root)
    assert english.code == exit_codes.FAILED
    assert "0 passed, 1 warned, 3 failed" in english.out
    assert (
        "failed, stops the release: accepted_values_stage (marts.fct_funding.stage), rows that fail: 2" in english.out
    )
    assert "broken (marts.fct_funding), could not be run" in english.out
    assert "waits for a sign-off: vanished_project" in english.out
    assert english.out.index("vanished_project") < english.out.index("sums_fit"), "what stops comes first"
    assert "4.txt" in english.out
    assert "5.txt" not in english.out
    assert "5 of 120 rows" in english.out
    chinese = call("check", "--last", "--limit", 7, "--lang", "zh", "--home", home.root)
    assert chinese.code == exit_codes.FAILED
    assert "未通过，相应文件未载入：sane.v1" in chinese.out
    assert "应当：不为负。" in chinese.out
    assert "6.txt" in chinese.out
    assert "7.txt" not in chinese.out
    assert "已检查" not in chinese.out


def test_the_csv_has_a_line_for_every_row(call: Call, home: Home) -> None:
    _checks(call, home)
    out = call("check", "--last", "--format", "csv", "--limit", 3, "--home", home.root).out
    lines = list(csv.DictReader(io.StringIO(out)))
    sane = [json.loads(line["failing_row"])["file_name"] for line in lines if line["check_name"] == "sane.v1"]
    assert sane == ["0.txt", "1.txt", "2.txt"]


def test_readers_find_the_failures_in_the_release(call: Call, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stage", "years", "broken"):
        monkeypatch.delitem(OUTCOMES, name)
    assert call("check", "--home", home.root).code == exit_codes.PEOPLE_NEEDED
    waiting = read_waiting(home)
    assert waiting is not None
    keep_signoffs(home, waiting, (), reason="并入他处", signed_by="王某", signed_on=date(2023, 5, 2))
    release = publish(home)
    query = "select check_name, meaning_zh, failing_row from ops.check_failures where kind = 'dbt_test'"
    with run_sql(release, query) as answer:
        [row] = answer.table.to_pylist()
    assert (row["check_name"], row["meaning_zh"]) == ("sums_fit", "合计与明细一致。")
    assert json.loads(row["failing_row"])["figure"] == "budget"
    found = read_failures(home).found
    assert {entry.failure.check_name for entry in found} == {"sums_fit", "sane.v1"}, "what was signed waits no more"


def test_limits_are_kept_beside_the_tests(home: Home) -> None:
    def kept() -> Sequence[Any]:
        with duckdb.connect(str(home.build_file), read_only=True) as connection:
            return connection.execute(
                "select check_name, result, n_failed from ops.check_results where kind = 'release_limit' "
                "order by checked_at"
            ).fetchall()

    check_limits(home, lambda: datetime(2023, 5, 2, tzinfo=UTC))
    note = home.build_note.read_text(encoding="utf-8")
    home.build_note.unlink()
    check_limits(home, lambda: datetime(2023, 5, 3, tzinfo=UTC))
    assert kept() == [("vanished_project", False, 1), ("release_limit", None, None)]
    home.build_note.write_text(note, encoding="utf-8")
    waiting = read_waiting(home)
    assert waiting is not None
    keep_signoffs(home, waiting, (), reason="并入他处", signed_by="王某", signed_on=date(2023, 5, 2))
    check_limits(home, lambda: datetime(2023, 5, 4, tzinfo=UTC))
    assert kept()[-1] == ("release_limit", True, 0)
    assert read_waiting(home) is None


def test_nothing_found_is_said(call: Call, tmp_path: Path) -> None:
    home = write_build(find_home(tmp_path / "home"), [NET])
    outcome = call("check", "--last", "--home", home.root)
    assert (outcome.code, outcome.out) == (0, "No check has failed.\n")
    missing = call("check", "--last", "--home", tmp_path / "none")
    assert missing.code == exit_codes.FAILED
    assert "fundperf run" in missing.err


@pytest.mark.parametrize(
    ("description", "parts"),
    [
        ("一。二；三。One. Two.", ("一。二；三。", "One. Two.")),
        ("只有中文。", ("只有中文。", "只有中文。")),
        ("按 DRG 付费。 A case.", ("按 DRG 付费。", "A case.")),
    ],
)
def test_descriptions_are_told_apart(description: str, parts: tuple[str, str]) -> None:
    assert split_languages(description) == parts
