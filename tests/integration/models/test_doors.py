"""The doors of readers: schemas, marts, and the same under Chinese names, in a copy of the build."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from ingest.resources import project_dir
from tests.support.dbt_runs import dbt, one, rows

YUAN_180000 = Decimal("180000.00")


def test_every_view_answers_in_a_copy_under_another_catalog_name(release: duckdb.DuckDBPyConnection) -> None:
    views = rows(
        release,
        "select schema_name, view_name, sql from duckdb_views() where database_name = 'fp' and not internal",
    )
    assert {view["schema_name"] for view in views} == {"staging", "intermediate", "中文"}
    for view in views:
        assert "build" not in view["sql"].split(" AS ", 1)[0], view["view_name"]
        release.execute(f'select * from "{view["schema_name"]}"."{view["view_name"]}"').fetchall()


def test_the_schemas_are_exactly_those_readers_expect(release: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        release, "select distinct table_schema as name from information_schema.tables where table_catalog = 'fp'"
    )
    own = {"raw", "ops", "reference", "staging", "intermediate", "marts", "中文", "checks"}
    assert {row["name"] for row in found} == own


def test_column_comments_travel_with_the_release(release: duckdb.DuckDBPyConnection) -> None:
    comments = dict(
        release.execute(
            "select column_name, comment from duckdb_columns()"
            " where database_name = 'fp' and table_name = 'fct_execution'"
        ).fetchall()
    )
    assert comments["executed_yuan"].startswith("「全年执行数」")
    assert all(comments.values())


def test_no_mart_carries_a_load(release: duckdb.DuckDBPyConnection) -> None:
    columns = rows(
        release,
        "select table_name, column_name, data_type from information_schema.columns"
        " where table_schema in ('marts', '中文')",
    )
    assert [
        column
        for column in columns
        if "load_id" in column["column_name"] or column["data_type"] == "TIMESTAMP"
        # What a newer reading changed is about loads.
        if column["table_name"] not in ("rpt_reextraction_changes", "重新提取变化")
    ] == []


def test_every_mart_is_stored_in_the_order_of_its_key(release: duckdb.DuckDBPyConnection) -> None:
    keys = {
        "dim_document": "document_id",
        "dim_unit": "unit_id",
        "dim_project": "project_id",
        "dim_programme": "programme_id",
        "dim_fiscal_year": "fiscal_year",
        "dim_indicator": "indicator_key",
        "dim_region": "region_version_id",
        "dim_region_change": "region_change_id",
        "dim_region_harmonised": "region_harmonised_id",
        "fct_execution": "project_year_id",
        "fct_self_evaluation": "project_year_id",
        "rpt_project_years": "project_year_id",
        "dim_red_flag_rule": "rule_id",
        "fct_red_flag": "red_flag_id",
        "fct_red_flag_detail": "red_flag_detail_id",
        "rpt_red_flags": "red_flag_rate_id",
        "rpt_flag_load": "project_year_id",
        "rpt_doubtful_matches": "project_year_id",
        "rpt_programme_county_year": "programme_county_year_id",
        "rpt_county_year": "county_year_id",
        "rpt_county_year_harmonised": "harmonised_county_year_id",
        "rpt_indicator_benchmarks": "benchmark_id",
        "rpt_coverage": "coverage_id",
        "rpt_duplicate_texts": "duplicate_text_id",
        "rpt_population_flags": "population_flag_id",
        "rpt_reextraction_changes": "reextraction_change_id",
        "rpt_score_distribution": "score_distribution_id",
        "rpt_score_heaps": "score_heap_id",
        "rpt_vanished_projects": "vanished_project_id",
    }
    marts = rows(
        release,
        "select table_name as name from information_schema.tables"
        " where table_catalog = 'fp' and table_schema = 'marts'",
    )
    assert keys.keys() < {mart["name"] for mart in marts}
    for mart in marts:
        found = release.execute(f"select {keys.get(mart['name'], 'fact_id')} from marts.{mart['name']}").fetchall()
        assert found == sorted(found), mart["name"]


# --- the same under Chinese names


def marts(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The marts as the manifest has them."""
    return [node for node in manifest["nodes"].values() if node["schema"] == "marts" and "columns" in node]


def test_every_mart_has_a_view_under_chinese_names_with_the_same_rows(
    manifest: dict[str, Any], release: duckdb.DuckDBPyConnection
) -> None:
    names = {mart["name"]: mart["config"]["meta"]["zh"] for mart in marts(manifest) if mart["resource_type"] == "model"}
    views = release.execute("select view_name from duckdb_views() where database_name = 'fp' and schema_name = '中文'")
    assert sorted(name for (name,) in views.fetchall()) == sorted(names.values())
    for mart, view in names.items():
        rows_of_mart = release.execute(f'select * from marts."{mart}"').fetchall()
        rows_of_view = release.execute(f'select * from "中文"."{view}"').fetchall()
        assert rows_of_mart == rows_of_view, mart


def test_a_chinese_view_names_and_explains_every_column_of_its_mart(
    manifest: dict[str, Any], release: duckdb.DuckDBPyConnection
) -> None:
    comments = {
        (view, column): (kind, comment)
        for view, column, kind, comment in release.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns()"
            " where database_name = 'fp' and schema_name in ('marts', '中文')"
        ).fetchall()
    }
    for mart in marts(manifest):
        if mart["resource_type"] != "model":
            continue
        view = mart["config"]["meta"]["zh"]
        described = release.execute(f'describe "中文"."{view}"').fetchall()
        columns = list(mart["columns"].values())
        assert [column[0] for column in described] == [column["config"]["meta"]["zh"] for column in columns], view
        for column in columns:
            kind, comment = comments[mart["name"], column["name"]]
            assert comments[view, column["config"]["meta"]["zh"]] == (kind, f"{comment} [{column['name']}]")


def test_chinese_names_answer_like_the_marts(release: duckdb.DuckDBPyConnection) -> None:
    row = one(
        release,
        "select 项目名称, 项目年度.全年执行数, 总分 from 中文.项目年度 inner join 中文.执行率 using (项目年度标识)"
        " where 项目年度.年度 = 2023",
    )
    assert (row["项目名称"], row["全年执行数"], row["总分"]) == (
        "2023年金保工程网络维护费",
        YUAN_180000,
        Decimal("99.46"),
    )


def test_names_that_would_let_the_chinese_door_drift_stop_the_build(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "models" / "marts").mkdir(parents=True)
    shutil.copytree(project_dir() / "macros", project / "macros")
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copyfile(project_dir() / name, project / name)
    for name in ("fct_a", "fct_b", "fct_c"):
        (project / "models" / "marts" / f"{name}.sql").write_text("select 1 as x, 2 as y\n", encoding="utf-8")

    def column(name: str, zh: str | None) -> dict[str, Any]:
        meta = {"zh": zh} if zh else {}
        return {"name": name, "data_type": "integer", "description": "d", "config": {"meta": meta}}

    def run(columns: dict[str, list[dict[str, Any]]], zh: dict[str, str | None]) -> str:
        models = [
            {"name": name, "columns": columns[name], "config": {"meta": {"zh": zh[name]} if zh[name] else {}}}
            for name in columns
        ]
        content = {"models": models, "groups": [{"name": "warehouse", "owner": {"name": "maintainers"}}]}
        (project / "models" / "marts" / "_m.yml").write_text(json.dumps(content), encoding="utf-8")
        outcome = dbt(tmp_path / "build.duckdb", tmp_path, "run", "--project-dir", str(project))
        return outcome.stdout + outcome.stderr

    odd = {
        "fct_a": [column("x", "甲"), column("y", "甲")],
        "fct_b": [column("x", "乙"), column("y", None)],
        "fct_c": [column("x", "甲"), column("y", "丙")],
    }
    said = run(odd, {"fct_a": "表一", "fct_b": None, "fct_c": "表一"})
    for complaint in (
        "fct_a.y, x: 中文列名重复",
        "fct_b.x: 乙, fct_a.x: 甲 同一列有两个中文名",
        "fct_b.y: 没有中文列名",
        "fct_b: 没有中文表名",
        "fct_c, fct_a: 中文表名重复",
    ):
        assert complaint in said, said
    assert "OK created" not in said

    with duckdb.connect(str(tmp_path / "build.duckdb")) as connection:
        connection.execute('create schema if not exists "中文"; create view "中文"."旧" as select 1 as x')
        connection.execute("create schema if not exists marts; create table marts.fct_old as select 1 as x")
    sound = {name: [column("x", "甲"), column("y", "乙")] for name in ("fct_a", "fct_b", "fct_c")}
    said = run(sound, {"fct_a": "表一", "fct_b": "表二", "fct_c": "表三"})
    assert "Completed successfully" in said, said
    with duckdb.connect(str(tmp_path / "build.duckdb"), read_only=True) as connection:
        left = connection.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
    expected = ["marts.fct_a", "marts.fct_b", "marts.fct_c", "中文.表一", "中文.表三", "中文.表二"]
    assert sorted(name for (name,) in left) == expected
