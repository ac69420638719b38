"""What is made of dbt's artefacts; dbt itself is replaced by a function that writes them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.errors import BuildError, CheckError, UnreachableError
from warehouse import project_identity
from warehouse.build import build, describe_content, fingerprint, read_note, run_checks
from warehouse.home import Home, find_home
from warehouse.pipeline import build_state
from warehouse.release import publish
from warehouse.standing_dbt import StandingDbt

MakeBuild = Callable[..., Home]
FULL = "build --selector full --full-refresh"
CHANGED_DATA = "build --selector changed_data"
NEW_REPORTS = "build --selector new_reports"

MANIFEST: dict[str, Any] = {
    "nodes": {
        "model.fundperf.fct_funding": {
            "resource_type": "model",
            "schema": "marts",
            "name": "fct_funding",
            "alias": "fct_funding",
            "config": {"meta": {"zh": "资金"}},
            "depends_on": {"nodes": ["model.fundperf.stg", "seed.fundperf.grade_labels"]},
        },
        "model.fundperf.stg": {
            "resource_type": "model",
            "schema": "staging",
            "name": "stg",
            "alias": "stg",
            "depends_on": {"nodes": ["source.fundperf.reports.funding_lines"]},
        },
        "seed.fundperf.grade_labels": {
            "resource_type": "seed",
            "schema": "reference",
            "name": "grade_labels",
            "alias": "grade_labels",
        },
        "test.fundperf.unique.1": {
            "resource_type": "test",
            "name": "unique_fct_funding_fact_id",
            "attached_node": "model.fundperf.fct_funding",
            "column_name": "fact_id",
            "config": {"severity": "ERROR"},
        },
        "test.fundperf.warn.2": {
            "resource_type": "test",
            "name": "weights_sum",
            "attached_node": "model.fundperf.fct_funding",
            "config": {"severity": "warn"},
        },
    },
    "sources": {
        "source.fundperf.reports.funding_lines": {
            "schema": "raw",
            "name": "funding_lines",
            "identifier": "funding_lines",
        }
    },
    "unit_tests": {
        "unit_test.fundperf.fct_funding.zero": {
            "name": "test_zero_total",
            "depends_on": {"nodes": ["model.fundperf.fct_funding"]},
        }
    },
}


def _result(unique_id: str, status: str, message: str | None = None, failures: int | None = None) -> dict[str, Any]:
    return {"unique_id": unique_id, "status": status, "message": message, "failures": failures, "execution_time": 0.1}


GOOD = [
    _result("seed.fundperf.grade_labels", "success"),
    _result("model.fundperf.stg", "success"),
    _result("model.fundperf.fct_funding", "success"),
    _result("unit_test.fundperf.fct_funding.zero", "pass"),
    _result("test.fundperf.unique.1", "pass", failures=0),
    _result("test.fundperf.warn.2", "pass", failures=0),
]
FakeDbt = Callable[..., None]


@pytest.fixture
def fake_dbt(monkeypatch: pytest.MonkeyPatch) -> FakeDbt:
    """Makes the next dbt run end with these results."""

    def install(results: list[dict[str, Any]] | None, returncode: int = 0, output: str = "") -> None:
        def run(dbt: StandingDbt, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
            if results is not None:
                content = json.dumps({"results": results})
                (dbt.home.dbt_target / "run_results.json").write_text(content, encoding="utf-8")
                (dbt.home.dbt_target / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
            return subprocess.CompletedProcess(command, returncode, stdout=output)

        monkeypatch.setattr(StandingDbt, "run", run)

    return install


def _changed(unique_id: str, status: str, message: str = "", failures: int | None = None) -> list[dict[str, Any]]:
    changed = _result(unique_id, status, message, failures)
    return [changed if result["unique_id"] == unique_id else result for result in GOOD]


def _recorded(home: Home) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.build_file), read_only=True) as connection:
        return connection.execute(
            "select kind, check_name, subject, severity, result, n_failed from ops.check_results order by check_name"
        ).fetchall()


def test_build_counts_what_dbt_did_and_keeps_every_test(home: Home, fake_dbt: FakeDbt) -> None:
    fake_dbt(GOOD)
    result = build(home)
    assert (result.models, result.seeds, result.passed) == (2, 1, 3)
    assert (result.failed, result.warned) == ((), ())
    assert _recorded(home) == [
        ("dbt_unit_test", "test_zero_total", "marts.fct_funding", "error", True, None),
        ("dbt_test", "unique_fct_funding_fact_id", "marts.fct_funding.fact_id", "error", True, 0),
        ("dbt_test", "weights_sum", "marts.fct_funding", "warn", True, 0),
    ]


@pytest.fixture
def commands(home: Home, fake_dbt: FakeDbt, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each build asked dbt for, which has built it all."""
    fake_dbt(GOOD)
    asked: list[str] = []
    run = StandingDbt.run

    def watch(dbt: StandingDbt, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        asked.append(" ".join(command))
        return run(dbt, command)

    monkeypatch.setattr(StandingDbt, "run", watch)
    _make_relations(home)
    return asked


def _make_relations(home: Home) -> None:
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("create schema if not exists staging; create schema if not exists reference")
        connection.execute("create table reference.grade_labels as select 1 as x")
        connection.execute("create view staging.stg as select 1 as x")


def test_new_data_alone_change_only_what_descends_from_them(home: Home, commands: list[str]) -> None:
    assert not build(home).is_partial
    assert build(home).is_partial
    run_checks(home)
    build(home, from_scratch=True)
    assert commands == [FULL, NEW_REPORTS, "test", FULL]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into raw.own_reference by name select 'grade_labels' as table_name, 'x' as row_key, 1 as line",
        "insert into raw.text_measures by name select 'r' as record_id, 'r' as report_id, 'new' as measures_key",
    ],
)
def test_what_decides_how_every_report_is_seen_changes_every_row(
    home: Home, commands: list[str], statement: str
) -> None:
    build(home)
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute(statement)
    build(home)
    build(home)
    assert commands == [FULL, CHANGED_DATA, NEW_REPORTS]


def test_another_project_builds_everything(home: Home, commands: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    build(home)
    monkeypatch.setattr(project_identity, "__version__", "9.9")
    build(home)
    assert commands == [FULL, FULL]


def test_another_build_file_builds_everything(home: Home, commands: list[str]) -> None:
    build(home)
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("drop view staging.stg")
    build(home)
    assert commands == [FULL, FULL]


def test_an_older_build_file_that_was_put_back_builds_everything(home: Home, commands: list[str]) -> None:
    build(home)
    older = home.build_file.read_bytes()
    build(home)
    home.build_file.write_bytes(older)
    build(home)
    build(home)
    assert commands == [FULL, NEW_REPORTS, FULL, NEW_REPORTS]


def test_a_build_that_left_something_out_is_no_ground_for_the_next(
    home: Home, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GOOD[2], "status", "skipped")
    build(home)
    build(home)
    assert commands == [FULL, FULL]


def test_compiled_queries_of_what_was_not_built_again_stay(
    home: Home, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = MANIFEST["nodes"]
    for model, query in (("stg", "select 1 as x"), ("fct_funding", "select 2 as x")):
        monkeypatch.setitem(nodes[f"model.fundperf.{model}"], "columns", {})
        monkeypatch.setitem(nodes[f"model.fundperf.{model}"], "compiled_code", query)
    build(home)
    monkeypatch.delitem(nodes["model.fundperf.stg"], "compiled_code")
    build(home)
    assert commands == [FULL, NEW_REPORTS]
    assert json.loads(home.compiled.read_text(encoding="utf-8")) == {
        "marts.fct_funding": "select 2 as x",
        "staging.stg": "select 1 as x",
        "中文.资金": "select  from marts.fct_funding",
    }


def test_the_start_of_dbt_is_told_apart(home: Home, fake_dbt: FakeDbt) -> None:
    later = (datetime.now(UTC) + timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    latest = (datetime.now(UTC) + timedelta(seconds=40)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    timed = [result | {"timing": [{"name": "compile", "started_at": latest}]} for result in GOOD]
    timed[0] = timed[0] | {
        "timing": [{"name": "compile", "started_at": later}, {"name": "execute", "started_at": None}]
    }
    fake_dbt(timed)
    assert build(home).startup_seconds == pytest.approx(30, abs=2)


def test_release_keeps_the_parents_of_every_relation(home: Home, fake_dbt: FakeDbt) -> None:
    fake_dbt(GOOD)
    build(home)
    assert publish(home).parents == {
        "marts.fct_funding": ["reference.grade_labels", "staging.stg"],
        "reference.grade_labels": [],
        "staging.stg": ["raw.funding_lines"],
        "中文.资金": ["marts.fct_funding"],
    }


def test_failed_data_test_is_kept_and_stops_the_release(home: Home, fake_dbt: FakeDbt) -> None:
    failing = _changed("test.fundperf.unique.1", "fail", "Got 2 results, configured to fail if != 0", 2)
    fake_dbt(failing, returncode=1)
    result = build(home)
    assert [check.name for check in result.failed] == ["unique_fct_funding_fact_id"]
    assert ("dbt_test", "unique_fct_funding_fact_id", "marts.fct_funding.fact_id", "error", False, 2) in _recorded(home)
    with pytest.raises(CheckError) as refusal:
        publish(home)
    assert "unique_fct_funding_fact_id" in refusal.value.en


def test_warning_is_kept_and_stops_nothing(home: Home, fake_dbt: FakeDbt) -> None:
    fake_dbt(_changed("test.fundperf.warn.2", "warn", "Got 3 results, configured to warn if != 0", 3))
    assert [check.name for check in build(home).warned] == ["weights_sum"]
    assert publish(home).checks.warned == 1


def test_failed_model_names_node_reason_and_log(home: Home, fake_dbt: FakeDbt) -> None:
    message = "Runtime Error in model fct_funding (models/marts/fct_funding.sql)\n  Binder Error: no column x\n"
    fake_dbt(_changed("model.fundperf.fct_funding", "error", message), returncode=1)
    with pytest.raises(BuildError) as failure:
        build(home)
    for text in (failure.value.en, failure.value.zh):
        assert "fct_funding" in text
        assert "no column x" in text
        assert "dbt.log" in text
        assert "\n" not in text
    assert read_note(home) is None
    with pytest.raises(CheckError):
        publish(home)


def test_failed_unit_test_stops_the_build(home: Home, fake_dbt: FakeDbt) -> None:
    fake_dbt(_changed("unit_test.fundperf.fct_funding.zero", "fail", "actual differs from expected"), returncode=1)
    with pytest.raises(BuildError) as failure:
        build(home)
    assert "test_zero_total" in failure.value.en


def test_project_that_cannot_be_read_says_what_dbt_said(home: Home, fake_dbt: FakeDbt) -> None:
    fake_dbt(None, returncode=2, output="Running with dbt\nCompilation Error\n  macro x is undefined\n")
    with pytest.raises(BuildError) as failure:
        build(home)
    assert "macro x is undefined" in failure.value.en
    assert "Running with dbt" not in failure.value.en


def test_a_dbt_that_was_killed_is_said_to_be(home: Home, fake_dbt: FakeDbt) -> None:
    fake_dbt(None, returncode=-9, output="Running with dbt\nFound 110 models\n")
    with pytest.raises(BuildError) as failure:
        build(home)
    assert "dbt was ended by signal 9" in failure.value.en
    assert "Running with dbt" not in failure.value.en


def test_results_of_an_earlier_run_are_never_read_again(home: Home, fake_dbt: FakeDbt) -> None:
    fake_dbt(GOOD)
    build(home)
    fake_dbt(None, returncode=2, output="Compilation Error")
    with pytest.raises(BuildError):
        build(home)


def test_checks_alone_are_kept_and_leave_the_build_complete(home: Home, fake_dbt: FakeDbt) -> None:
    fake_dbt(GOOD)
    build(home)
    fake_dbt([result for result in GOOD if "test" in result["unique_id"]])
    assert run_checks(home).passed == 3
    assert len(_recorded(home)) == 6
    assert read_note(home) is not None


def test_nothing_loaded_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError) as failure:
        build(find_home(tmp_path / "empty"))
    assert "fundperf run" in failure.value.en


def test_state_is_stale_then_built_then_published(home: Home, fake_dbt: FakeDbt) -> None:
    home.build_note.unlink()
    assert build_state(home) == "stale"
    fake_dbt(GOOD)
    build(home)
    assert build_state(home) == "built"
    publish(home)
    assert build_state(home) == "published"


def test_load_that_brings_nothing_new_changes_no_identity(home: Home) -> None:
    before = describe_content(home.build_file), fingerprint(home)
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("insert into ops.loads (load_id, load_sequence, loaded) values ('x', 1, 0)")
    assert (describe_content(home.build_file), fingerprint(home)) == before


@pytest.mark.parametrize(
    "statement",
    [
        "insert into ops.loads (load_id, load_sequence, loaded) values ('x', 1, 1)",
        "insert into ops.load_files (document_sha256, file_name, outcome) values ('s', 'another name', 'unchanged')",
        "insert into raw.corrections (correction_id, field) values ('c', 'amount_yuan')",
        "insert into raw.own_reference (table_name, row_key) values ('t', 'k')",
    ],
)
def test_whatever_the_models_would_see_changes_the_identity(home: Home, statement: str) -> None:
    before = fingerprint(home)
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute(statement)
    assert fingerprint(home) != before


def test_changed_project_file_changes_the_identity(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    model = project / "models" / "a.sql"
    model.write_text("select 1", encoding="utf-8")
    monkeypatch.setattr(project_identity, "project_dir", lambda: project)
    before = fingerprint(home)
    model.write_text("select 2", encoding="utf-8")
    changed = fingerprint(home)
    model.rename(project / "models" / "b.sql")
    assert len({before, changed, fingerprint(home)}) == 3
