"""What the models answer: one build over records with known facts, and the answers a person worked out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.resources import project_dir
from tests.support.dbt_runs import dbt, one, rows
from tests.support.sample_records import GOLDEN_INDICATORS, land, maintenance_2023, sample_records
from warehouse.compiled_queries import compiled_queries
from warehouse.corrections import MISFITS_CHECK
from warehouse.lineage import ROWS, Project, read_columns
from warehouse.metrics import read_semantics, run_metrics
from warehouse.release import CheckSummary, Release

YUAN_16800 = Decimal("16800.00")
YUAN_180000 = Decimal("180000.00")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one build: `build.duckdb`, the release copy `other_name.duckdb`, `target/` and `output.txt`."""
    work = tmp_path_factory.mktemp("models")
    records = sample_records()
    land(work / "build.duckdb", [records[:3], records[3:]])
    # The unit tests need no data: `fundperf check` runs them (tests/end_to_end/test_review.py).
    run = dbt(work / "build.duckdb", work, "build", "--exclude-resource-type", "unit_test")
    (work / "output.txt").write_text(run.stdout + run.stderr, encoding="utf-8")
    assert run.returncode == 0, run.stdout
    shutil.copyfile(work / "build.duckdb", work / "other_name.duckdb")
    return work


@pytest.fixture(scope="session")
def release(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the copy, attached read-only under another catalog name."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{(built / 'other_name.duckdb').as_posix()}' as fp (read_only)")
        connection.execute("use fp")
        yield connection


# --- the build itself


def test_the_build_passes_without_a_warning(built: Path) -> None:
    output = (built / "output.txt").read_text(encoding="utf-8")
    assert "WARN=0 ERROR=0 SKIP=0" in output
    assert "deprecat" not in output.lower()
    assert "[WARNING]" not in output


def test_nothing_is_written_into_the_project(built: Path) -> None:
    assert (built / "target" / "manifest.json").is_file()
    assert (built / "logs" / "dbt.log").is_file()
    assert not (project_dir() / "target" / "manifest.json").exists()


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


def test_every_model_is_a_staging_view_or_keeps_a_contract_and_every_published_column_is_described(built: Path) -> None:
    manifest = json.loads((built / "target" / "manifest.json").read_text(encoding="utf-8"))
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


def marts(built: Path) -> list[dict[str, Any]]:
    """The marts as the manifest has them."""
    manifest = json.loads((built / "target" / "manifest.json").read_text(encoding="utf-8"))
    return [node for node in manifest["nodes"].values() if node["schema"] == "marts" and "columns" in node]


def test_every_mart_has_a_view_under_chinese_names_with_the_same_rows(
    built: Path, release: duckdb.DuckDBPyConnection
) -> None:
    names = {mart["name"]: mart["config"]["meta"]["zh"] for mart in marts(built) if mart["resource_type"] == "model"}
    views = release.execute("select view_name from duckdb_views() where database_name = 'fp' and schema_name = '中文'")
    assert sorted(name for (name,) in views.fetchall()) == sorted(names.values())
    for mart, view in names.items():
        rows_of_mart = release.execute(f'select * from marts."{mart}"').fetchall()
        rows_of_view = release.execute(f'select * from "中文"."{view}"').fetchall()
        assert rows_of_mart == rows_of_view, mart


def test_a_chinese_view_names_and_explains_every_column_of_its_mart(
    built: Path, release: duckdb.DuckDBPyConnection
) -> None:
    comments = {
        (view, column): (kind, comment)
        for view, column, kind, comment in release.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns()"
            " where database_name = 'fp' and schema_name in ('marts', '中文')"
        ).fetchall()
    }
    for mart in marts(built):
        if mart["resource_type"] != "model":
            continue
        view = mart["config"]["meta"]["zh"]
        described = release.execute(f'describe "中文"."{view}"').fetchall()
        columns = list(mart["columns"].values())
        assert [column[0] for column in described] == [column["config"]["meta"]["zh"] for column in columns], view
        for column in columns:
            kind, comment = comments[mart["name"], column["name"]]
            assert comments[view, column["config"]["meta"]["zh"]] == (kind, f"{comment} [{column['name']}]")


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


def test_every_column_of_every_mart_is_made_of_raw_columns_reference_tables_or_constants(built: Path) -> None:
    manifest = json.loads((built / "target" / "manifest.json").read_text(encoding="utf-8"))
    columns = read_columns(built / "other_name.duckdb")
    project = Project(compiled_queries(manifest), columns)
    followed = [(relation, column) for relation in columns for column in columns[relation] if "marts." in relation]
    assert len(followed) > 300
    for start in followed:
        way = project.follow_column(start)
        assert way.origins, start
        for node in way.nodes.values():
            assert node.column == ROWS or node.column in columns[node.relation], (start, node)
        for origin in way.origins:
            if origin.kind == "constant":
                # Whatever is written in a query is shown as it is written.
                assert origin.expression, (start, origin)
            else:
                assert origin.relation.startswith(("raw.", "ops.", "reference.")), (start, origin)
    assert project.unresolved == {}


def test_lineage_of_a_rate_names_the_money_it_is_made_of(built: Path) -> None:
    manifest = json.loads((built / "target" / "manifest.json").read_text(encoding="utf-8"))
    project = Project(compiled_queries(manifest), read_columns(built / "other_name.duckdb"))
    origins = {(node.relation, node.column) for node in project.follow("fct_execution.execution_rate").origins}
    assert {("raw.funding_lines", name) for name in ("amount_yuan", "source", "stage")} <= origins
    assert {relation for relation, _ in origins} == {"raw.funding_lines", "raw.corrections"}
    # The Chinese name means the same way.
    chinese = project.follow("执行率.执行率")
    assert chinese.nodes[chinese.start].parents == (("marts.fct_execution", "execution_rate"),)
    assert {(node.relation, node.column) for node in chinese.origins} == origins
    counted = project.follow("dim_document.n_reports").origins
    assert [(node.relation, node.column) for node in counted] == [("raw.reports", ROWS)]


def test_models_have_owners_doors_and_readers(built: Path) -> None:
    manifest = json.loads((built / "target" / "manifest.json").read_text(encoding="utf-8"))
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
    assert {"full", "changed_data"} <= set(manifest["selectors"])
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


def test_docs_and_freshness_answer(built: Path, tmp_path: Path) -> None:
    shutil.copyfile(built / "build.duckdb", tmp_path / "build.duckdb")
    shutil.copytree(built / "target", tmp_path / "target")
    documented = dbt(tmp_path / "build.duckdb", tmp_path, "docs", "generate", "--static")
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


def test_metrics_are_the_sums_of_the_marts(built: Path, tmp_path: Path, release: duckdb.DuckDBPyConnection) -> None:
    published = Release("r", "", "", "", "", 0, {}, CheckSummary(), {}, tmp_path)
    shutil.copyfile(built / "build.duckdb", published.file)
    shutil.copyfile(built / "target" / "semantic_manifest.json", published.semantics_file)
    semantics = read_semantics(published)
    for metric in semantics.metrics:
        # Every metric can be asked for, and is explained in both languages.
        with run_metrics(published, [metric.name]) as table:
            assert table.num_rows == 1
        assert metric.label
        assert "。" in metric.description
    with run_metrics(published, ["outlay", "budget", "project_years"], by=["fiscal_year", "region_county"]) as table:
        asked = {tuple(row.values()) for row in table.to_pylist()}
    expected = release.execute(
        "select fiscal_year, region_county, sum(executed_yuan), sum(budget_yuan), count(*) from marts.rpt_project_years"
        " where kind = 'project_self_evaluation' group by all"
    ).fetchall()
    assert asked == set(expected)
    with run_metrics(published, ["execution_rate"], where="年度 = 2023") as table:
        (rate,) = (row["execution_rate"] for row in table.to_pylist())
    spent, budget = one(
        release,
        "select sum(executed_yuan) as s, sum(budget_yuan) as b from marts.rpt_project_years where fiscal_year = 2023"
        " and kind = 'project_self_evaluation' and budget_stage = 'adjusted_budget' and execution_rate is not null",
    ).values()
    assert rate == pytest.approx(float(spent / budget))
    with run_metrics(published, ["flags"], by=["rule_id"]) as table:
        flags = {row["rule_id"]: row["flags"] for row in table.to_pylist()}
    counted = "select rule_id, count(*) from marts.fct_red_flag where result = 'flagged' group by all"
    assert flags == dict(release.execute(counted).fetchall())
    # One definition of a measure: what a mart says of a project-year is what the metric of that name says.
    with run_metrics(published, ["flag_load", "flagged_rule_rate"], by=["fiscal_year"]) as table:
        shares = {row["fiscal_year"]: (row["flag_load"], row["flagged_rule_rate"]) for row in table.to_pylist()}
    pooled = release.execute(
        "select fiscal_year, 10 * sum(n_flagged_checks) / sum(n_evaluable_checks),"
        " sum(n_flagged_rules) / sum(n_evaluable_rules) from marts.rpt_flag_load group by all"
    ).fetchall()
    assert shares == {year: (pytest.approx(load), pytest.approx(rate)) for year, load, rate in pooled}


def test_dimensions_are_called_as_the_columns_they_are(built: Path) -> None:
    manifest = json.loads((built / "target" / "manifest.json").read_text(encoding="utf-8"))
    for semantic_model in manifest["semantic_models"].values():
        (mart,) = semantic_model["depends_on"]["nodes"]
        columns = manifest["nodes"][mart]["columns"]
        for dimension in semantic_model["dimensions"]:
            if dimension["name"] in columns and not dimension["expr"]:
                assert dimension["label"] == columns[dimension["name"]]["config"]["meta"]["zh"], dimension["name"]


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
        column for column in columns if "load_id" in column["column_name"] or column["data_type"] == "TIMESTAMP"
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


# --- 2020: money only


def test_2020_has_its_money_with_a_named_denominator_and_no_score(release: duckdb.DuckDBPyConnection) -> None:
    execution = one(release, "select * from marts.fct_execution where fiscal_year = 2020")
    assert execution["approved_yuan"] == execution["executed_yuan"] == YUAN_16800
    assert execution["execution_rate"] == 1.0
    assert execution["execution_rate_denominator"] == "approved"
    assert execution["stated_execution_rate"] is None
    assert execution["execution_weight_points"] is None
    evaluation = one(release, "select * from marts.fct_self_evaluation where fiscal_year = 2020")
    for column in ("stated_total_points", "recomputed_total_points", "stated_grade", "derived_grade", "weight_profile"):
        assert evaluation[column] is None, column
    assert evaluation["n_indicators"] == evaluation["n_scored_indicators"] == 0
    assert rows(release, "select * from marts.fct_indicator_attainment where fiscal_year = 2020") == []


def test_2020_names_payee_document_number_dates_and_findings(release: duckdb.DuckDBPyConnection) -> None:
    report = one(release, "select * from marts.rpt_project_years where fiscal_year = 2020")
    assert report["region_county"] == "盐边县"
    assert report["unit_name"] == "盐边县人力资源和社会保障局"
    assert report["project_name"] == "金保网网络运行"
    assert report["payee_names"] == "中国电信股份有限公司攀枝花分公司"
    assert report["document_numbers"] == "盐边财政〔2020〕8号"
    assert (report["evaluated_on"], report["revised_on"]) == ("2021-09-03", "2021-09-07")
    assert report["n_indicators"] == 0
    citation = one(release, "select * from marts.fct_citation")
    assert citation["as_written_text"] == "盐边财政【2020】8号"
    kinds = rows(release, "select finding_kind as kind from marts.fct_finding order by ordinal")
    assert [row["kind"] for row in kinds] == ["problem", "suggestion"]
    mentioned = rows(release, "select mention_kind as kind, mentioned_value as value from marts.fct_mention"
                              " where fiscal_year = 2020 order by all")  # fmt: skip
    assert mentioned == [{"kind": "count", "value": 14}, {"kind": "money", "value": 16800}]


# --- 2023: thirteen indicators, 99.46


def test_2023_has_equal_sums_for_every_stage(release: duckdb.DuckDBPyConnection) -> None:
    funding = rows(
        release, "select stage, source, amount_yuan from marts.fct_funding where fiscal_year = 2023 order by ordinal"
    )
    for stage in ("initial_budget", "adjusted_budget", "executed"):
        amounts = {row["source"]: row["amount_yuan"] for row in funding if row["stage"] == stage}
        assert amounts == {"total": YUAN_180000, "fiscal": YUAN_180000, "other": Decimal("0.00")}
    execution = one(release, "select * from marts.fct_execution where fiscal_year = 2023")
    assert execution["execution_rate"] == execution["execution_rate_on_received"] == execution["arrival_rate"] == 1.0
    assert execution["stated_execution_rate"] == 1.0
    assert execution["execution_rate_difference"] == 0.0
    assert execution["execution_rate_denominator"] == "adjusted_budget"
    assert execution["has_total_mismatch"] is False


def test_2023_indicators_keep_points_and_scores_and_name_the_rule_that_gives_them(
    release: duckdb.DuckDBPyConnection,
) -> None:
    indicators = rows(release, "select * from marts.fct_indicator_attainment where fiscal_year = 2023 order by ordinal")
    assert [row["indicator_name"] for row in indicators] == [golden[2] for golden in GOLDEN_INDICATORS]
    assert [row["stated_score_points"] for row in indicators] == [Decimal(golden[6]) for golden in GOLDEN_INDICATORS]
    assert [row["attainment_ratio"] for row in indicators] == [
        1.5, 1.5, 1.030928, 1.020408, 1.020408, None, 1.0, 1.0, 0.885417, 0.9, None, None, 1.030928,
    ]  # fmt: skip
    assert [row["score_rule"] for row in indicators] == [
        *["RATIO_POS"] * 5, "QUALITATIVE", *["EQ_AS_POS"] * 4, "QUALITATIVE", "QUALITATIVE", "RATIO_POS",
    ]  # fmt: skip
    for ordinal, score in ((9, "2.21"), (10, "2.25")):
        row = indicators[ordinal - 1]
        assert row["score_rules_matching"] == "EQ_AS_POS,EQ_SYM"
        assert row["recomputed_score_points"] == Decimal(score)
        assert row["score_difference_points"] == 0
        assert row["is_target_met"] is False


def test_2023_total_is_recomputed_with_an_implied_execution_score(release: duckdb.DuckDBPyConnection) -> None:
    evaluation = one(release, "select * from marts.fct_self_evaluation where fiscal_year = 2023")
    assert evaluation["stated_total_points"] == evaluation["recomputed_total_points"] == Decimal("99.46")
    assert evaluation["total_difference_points"] == 0
    assert evaluation["indicator_score_points"] == Decimal("89.46")
    assert evaluation["indicator_weight_points"] == 90
    assert evaluation["weight_sum_points"] == 100
    assert evaluation["execution_score_points"] == 10
    assert evaluation["execution_score_basis"] == "implied"
    assert evaluation["weight_profile"] == "NAT-2020"
    assert (evaluation["stated_grade_text"], evaluation["stated_grade"]) == ("A", "EXCELLENT")
    assert evaluation["derived_grade"] == "EXCELLENT"
    assert evaluation["has_grade_agreement"] is True


def test_2023_names_no_region_but_keeps_the_hint_and_the_warning_with_both_places(
    release: duckdb.DuckDBPyConnection,
) -> None:
    report = one(release, "select * from marts.rpt_project_years where fiscal_year = 2023")
    assert report["region_province"] is report["region_city"] is report["region_county"] is None
    assert report["region_hint_text"] == "自治区"
    assert report["unit_name"] is None
    assert report["identity_basis"] == "document"
    assert report["n_warnings"] == 1
    warning = one(release, "select * from marts.fct_warning")
    assert warning["n_places"] == 2
    assert "20万元" in warning["places_text"]
    assert "18.00万元" in warning["places_text"]


# --- side by side


def test_both_years_are_one_family_and_the_growth_rate_is_refused(release: duckdb.DuckDBPyConnection) -> None:
    earlier, later = rows(
        release, "select * from marts.rpt_project_years where programme_family = '金保工程' order by fiscal_year"
    )
    assert (earlier["fiscal_year"], earlier["programme_sub_type"]) == (2020, "line_lease")
    assert (later["fiscal_year"], later["programme_sub_type"]) == (2023, "equipment_and_room_maintenance")
    assert later["compared_project_year_id"] == earlier["project_year_id"]
    assert later["compared_executed_yuan"] == YUAN_16800
    assert later["executed_ratio"] == 10.714286
    assert later["growth_rate"] is None
    assert later["is_comparable"] is False
    assert later["refusal_codes"] == (
        "county_unknown,different_sub_type,different_project,different_denominator,year_gap"
    )
    assert "没有写明县" in later["refusal_reasons"]


def test_growth_of_one_project_in_one_county_is_given_in_constant_prices(release: duckdb.DuckDBPyConnection) -> None:
    report = one(
        release,
        "select * from marts.rpt_project_years"
        " where region_county = '青山县' and programme_family = '政务网络' and fiscal_year = 2022",
    )
    assert report["comparison_basis"] == "same_project"
    assert report["is_comparable"] is True
    assert report["executed_ratio"] == 1.2
    # 1.2 ÷ 1.02 − 1: prices rose 2.0 % from 2021 to 2022.
    assert report["growth_rate"] == 0.176471
    assert report["price_base_year"] == 2020
    assert report["refusal_codes"] is None


def test_prices_are_chained_to_2020(release: duckdb.DuckDBPyConnection) -> None:
    levels = dict(release.execute("select fiscal_year, price_level from marts.dim_fiscal_year").fetchall())
    assert levels[2020] == 100
    assert levels[2021] == Decimal("100.9")
    assert levels[2022] == Decimal("102.918")
    assert levels[2019] == Decimal("97.5610")


# --- identity and versions


def test_reports_that_name_neither_unit_nor_region_stay_apart(release: duckdb.DuckDBPyConnection) -> None:
    found = rows(release, "select * from marts.rpt_project_years where project_name = '道路维修'")
    assert len(found) == 2
    assert len({row["project_year_id"] for row in found}) == 2
    assert {row["identity_basis"] for row in found} == {"document"}


def test_equal_unit_names_of_two_counties_stay_apart(release: duckdb.DuckDBPyConnection) -> None:
    other = one(release, "select * from marts.rpt_project_years where region_county = '绿水县'")
    assert other["n_versions"] == 1
    assert other["comparison_basis"] == "same_family"
    assert other["refusal_codes"] == "different_county,different_project"


def test_a_revised_report_is_current_and_the_replaced_one_stays_visible(release: duckdb.DuckDBPyConnection) -> None:
    report = one(release, "select * from marts.rpt_project_years where project_name = '校舍维修'")
    assert report["executed_yuan"] == 75000
    assert report["n_versions"] == 2
    versions = rows(
        release,
        "select published_on, is_current from intermediate.int_report_versions where project_year_id = ?"
        " order by version_number",
        report["project_year_id"],
    )
    assert versions == [
        {"published_on": date(2023, 3, 1), "is_current": False},
        {"published_on": date(2023, 6, 1), "is_current": True},
    ]


def test_two_forms_of_one_document_are_two_projects(release: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        release, "select executed_yuan from marts.rpt_project_years where project_name = '水渠维修' order by 1"
    )
    assert [row["executed_yuan"] for row in found] == [10000, 20000]


def test_a_zero_total_gives_way_to_the_money_beneath_it(release: duckdb.DuckDBPyConnection) -> None:
    execution = one(
        release, "select e.* from marts.fct_execution as e inner join marts.rpt_project_years as r"
        " using (project_year_id) where r.region_county = '东湖区'"
    )  # fmt: skip
    assert execution["stated_executed_yuan"] == 0
    assert execution["executed_yuan"] == Decimal("899740.00")
    assert execution["execution_rate"] == 0.999711
    assert execution["has_total_mismatch"] is True
    assert execution["stated_execution_score_points"] == 0
    assert execution["recomputed_execution_score_points"] == 10
    assert execution["execution_score_difference_points"] == -10


def test_a_load_that_was_not_completed_is_not_seen(release: duckdb.DuckDBPyConnection) -> None:
    assert one(release, "select count(*) as n from raw.documents where file_name = 'unfinished.txt'")["n"] == 1
    assert rows(release, "select * from marts.dim_document where file_name = 'unfinished.txt'") == []


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


# --- corrections: a second, partial build


def correction(row_id: str, field: str, expect: str | None, corrected: str | None) -> dict[str, Any]:
    return {
        "load_id": "load-1",
        "correction_id": f"{row_id}-{field}",
        "row_id": row_id,
        "field": field,
        "expect": expect,
        "corrected": corrected,
        "reason": "test",
        "corrected_by": "test",
        "corrected_on": date(2026, 1, 2),
    }


def test_a_correction_whose_expected_value_is_gone_fails_and_names_itself(tmp_path: Path) -> None:
    from ingest.records import stable_id

    record = maintenance_2023()
    report_id = record.reports[0].report_id
    line, indicator = record.reports[0].funding[0], record.reports[0].indicators[0]
    line_id = stable_id(report_id, "funding_lines", line.stage, line.source, line.as_written, 1)
    indicator_id = stable_id(report_id, "indicators", indicator.name, indicator.target, 1)
    land(
        tmp_path / "build.duckdb",
        [[record]],
        corrections=[
            correction(line_id, "amount_yuan", "180000", "170000"),
            correction(report_id, "unit", None, "青山县人力资源和社会保障局"),
            correction(report_id, "grade", "B", "A"),
            correction(report_id, "total_score", "99.46", "ninety"),
            correction(report_id, "execution_stated_rate_pct", "100", "99.1234567"),
            correction(report_id, "fiscal_year", "2023", "2022.5"),
            correction(report_id, "kind", "project_self_evaluation", "self_evaluation"),
            correction(report_id, "execution_weight", "ten", "10"),
            correction(indicator_id, "target_operator", ">=", "≥"),
            correction(indicator_id, "actual_state", "parsed", None),
            correction(indicator_id, "target_state", "parsed", "unreadable"),
            correction("no such row", "unit", None, "x"),
        ],
    )
    run = dbt(tmp_path / "build.duckdb", tmp_path, "build", "--select", "+corrections_fit_the_source",
              "stg_reports__funding_lines", "stg_reports__reports",
              "--exclude-resource-type", "unit_test", "--store-failures")  # fmt: skip
    assert run.returncode == 1
    assert "Got 9 results" in run.stdout, run.stdout
    with duckdb.connect(str(tmp_path / "build.duckdb"), read_only=True) as connection:
        line = one(connection, "select * from staging.stg_reports__funding_lines where line_id = ?", line_id)
        assert (line["amount_yuan"], line["is_corrected"]) == (170000, True)
        report = one(connection, "select * from staging.stg_reports__reports")
        assert (report["unit"], report["is_corrected"]) == ("青山县人力资源和社会保障局", True)
        (table,) = rows(connection, "select table_schema, table_name from information_schema.tables"
                                    " where table_name = 'corrections_fit_the_source'")  # fmt: skip
        failures = rows(connection, f"from {table['table_schema']}.{table['table_name']}")
    assert {row["correction_id"]: row["failure"] for row in failures} == {
        f"{report_id}-grade": "the source says something else now",
        f"{report_id}-total_score": "the corrected value has another type",
        f"{report_id}-execution_stated_rate_pct": "the corrected value has more places than the field",
        f"{report_id}-fiscal_year": "the corrected value has more places than the field",
        f"{report_id}-kind": "the corrected value is none of the accepted codes",
        f"{report_id}-execution_weight": "the expected value has another type",
        f"{indicator_id}-target_operator": "the corrected value is none of the accepted codes",
        f"{indicator_id}-actual_state": "the corrected value is none of the accepted codes",
        "no such row-unit": "no such row or field",
    }
