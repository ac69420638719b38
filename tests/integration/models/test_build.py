"""The build: without a warning, with contracts and owners, and again over tables that stay."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb

from ingest.resources import project_dir
from tests.support.dbt_runs import dbt, one, rows
from warehouse.corrections import MISFITS_CHECK


def test_the_build_passes_without_a_warning(built: Path) -> None:
    output = (built / "output.txt").read_text(encoding="utf-8")
    assert "WARN=0 ERROR=0 SKIP=0" in output
    assert "deprecat" not in output.lower()
    assert "[WARNING]" not in output


def test_nothing_is_written_into_the_project(built: Path) -> None:
    assert (built / "target" / "manifest.json").is_file()
    assert (built / "logs" / "dbt.log").is_file()
    assert not (project_dir() / "target" / "manifest.json").exists()


def test_every_model_is_a_staging_view_or_keeps_a_contract_and_every_published_column_is_described(
    manifest: dict[str, Any],
) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert len(models) > 40
    for model in models:
        assert model["description"], model["name"]
        if model["schema"] == "staging":
            assert model["config"]["materialized"] == "view"
            continue
        assert model["config"]["contract"]["enforced"], model["name"]
        if model["schema"] == "marts":
            undescribed = [name for name, column in model["columns"].items() if not column["description"]]
            assert undescribed == [], model["name"]


def test_a_model_that_reads_affected_rows_writes_those_of_the_same_table(manifest: dict[str, Any]) -> None:
    """Else rows of project-years that nobody reads would be deleted, or rows twice there."""
    told = {}
    for model in (node for node in manifest["nodes"].values() if node["resource_type"] == "model"):
        read = re.findall(r"affected_rows\('\w+'(?:, '(\w+)')?\)", model["raw_code"])
        written = model["config"]["meta"].get("rebuilt_by")
        told_by = {name or "int_project_years__affected" for name in read}
        assert told_by == ({written} if written else set()), model["name"]
        assert written is None or model["config"]["materialized"] == "table", model["name"]
        told[model["name"]] = written
    assert len([name for name, written in told.items() if written]) > 20


def test_models_have_owners_doors_and_readers(manifest: dict[str, Any]) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert {model["group"] for model in models} == {group["name"] for group in manifest["groups"].values()}
    for model in models:
        assert model["access"] == ("public" if model["schema"] == "marts" else "private"), model["name"]
    read = {node.rpartition(".")[2] for each in manifest["exposures"].values() for node in each["depends_on"]["nodes"]}
    assert {name for name in (model["name"] for model in models) if name.startswith("rpt_")} <= read
    for exposure in manifest["exposures"].values():
        assert exposure["owner"]["name"]
        assert exposure["description"]
    due = {
        source["name"]: (source["freshness"] or {}).get("warn_after") or {} for source in manifest["sources"].values()
    }
    assert {name for name, after in due.items() if after.get("count")} == {"loads", "check_results"}
    assert {"full", "changed_data", "new_reports"} <= set(manifest["selectors"])
    stored = [node for node in manifest["nodes"].values() if node["config"].get("store_failures")]
    assert stored
    # Misfits of corrections are shown by name, so they stand beside the ledger.
    assert {node["name"]: node["schema"] for node in stored if node["schema"] != "checks"} == {MISFITS_CHECK: "ops"}


def test_a_table_that_stays_gets_its_rows_anew_and_keeps_everything_else(built: Path, tmp_path: Path) -> None:
    shutil.copyfile(built / "build.duckdb", tmp_path / "build.duckdb")
    shutil.copytree(built / "target", tmp_path / "target")
    looks = (
        "select table_oid, comment, sql from duckdb_tables() where schema_name = 'marts' order by table_name",
        "select comment, sql from duckdb_views() where schema_name = '中文' order by view_name",
        "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts' order by all",
        "from marts.fct_execution",
        "from marts.fct_red_flag",
        'from "中文"."疑点"',
    )
    with duckdb.connect(str(tmp_path / "build.duckdb")) as connection:
        before = [connection.execute(look).fetchall() for look in looks]
        connection.execute("update marts.fct_execution set fiscal_year = 1; delete from marts.fct_red_flag")
    again = dbt(tmp_path / "build.duckdb", tmp_path, "run", "--selector", "changed_data")
    assert again.returncode == 0, again.stdout
    with duckdb.connect(str(tmp_path / "build.duckdb"), read_only=True) as connection:
        assert [connection.execute(look).fetchall() for look in looks] == before
    assert all(before)


def test_a_load_that_was_not_completed_is_not_seen(release: duckdb.DuckDBPyConnection) -> None:
    assert one(release, "select count(*) as n from raw.documents where file_name = 'unfinished.txt'")["n"] == 1
    assert rows(release, "select * from marts.dim_document where file_name = 'unfinished.txt'") == []


def test_docs_and_freshness_answer(built: Path, tmp_path: Path) -> None:
    shutil.copyfile(built / "build.duckdb", tmp_path / "build.duckdb")
    shutil.copytree(built / "target", tmp_path / "target")
    # The build has compiled every model already.
    documented = dbt(tmp_path / "build.duckdb", tmp_path, "docs", "generate", "--static", "--no-compile")
    assert documented.returncode == 0, documented.stdout
    catalog = json.loads((tmp_path / "target" / "catalog.json").read_text(encoding="utf-8"))
    described = catalog["nodes"]["model.fundperf.fct_execution"]["columns"]["executed_yuan"]["comment"]
    assert described.startswith("「全年执行数」")
    assert (tmp_path / "target" / "static_index.html").is_file()
    # The records of the tests were loaded on a fixed day, so they are stale; the day is found.
    dbt(tmp_path / "build.duckdb", tmp_path, "source", "freshness")
    results = json.loads((tmp_path / "target" / "sources.json").read_text(encoding="utf-8"))["results"]
    found = {result["unique_id"].rpartition(".")[2]: result.get("max_loaded_at") for result in results}
    assert found["loads"]
