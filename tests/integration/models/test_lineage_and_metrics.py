"""Where a column comes from, and what a metric says."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.releases import release_in
from warehouse.compiled_queries import compiled_queries
from warehouse.lineage import ROWS, Project, read_columns
from warehouse.metrics import read_semantics, run_metrics


@pytest.mark.no_cover  # The same lines are measured by their unit tests.
def test_every_column_of_every_mart_is_made_of_raw_columns_reference_tables_or_constants(
    built: Path, manifest: dict[str, Any]
) -> None:
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


def test_lineage_of_a_rate_names_the_money_it_is_made_of(built: Path, manifest: dict[str, Any]) -> None:
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


@pytest.mark.usefixtures("forked_worker")
@pytest.mark.no_cover  # The same lines are measured by their unit tests.
def test_metrics_are_the_sums_of_the_marts(built: Path, tmp_path: Path, release: duckdb.DuckDBPyConnection) -> None:
    published = release_in(tmp_path)
    shutil.copyfile(built / "build.duckdb", published.file)
    shutil.copyfile(built / "target" / "semantic_manifest.json", published.semantics_file)
    semantics = read_semantics(published)
    for metric in semantics.metrics:
        # Every metric can be asked for, and is explained in both languages.
        with run_metrics(published, [metric.name]) as table:
            assert table.num_rows == 1
        assert metric.label
        assert "。" in metric.description
    with run_metrics(published, ["outlay", "project_years"], by=["fiscal_year", "region_county"]) as table:
        asked = {tuple(row.values()) for row in table.to_pylist()}
    expected = release.execute(
        "select fiscal_year, region_county, sum(executed_yuan), count(*) from marts.rpt_project_years"
        " where kind = 'project_self_evaluation' group by all"
    ).fetchall()
    assert asked == set(expected)
    # What may not be put together, and what a mart says of a group: tests/integration/golden/test_measures.py.
    with run_metrics(published, ["flags"], by=["rule_id"]) as table:
        flags = {row["rule_id"]: row["flags"] for row in table.to_pylist()}
    counted = "select rule_id, count(*) from marts.fct_red_flag where result = 'flagged' group by all"
    assert flags == dict(release.execute(counted).fetchall())
    # One definition of a measure: what a mart says of a project-year is what the metric of that name says.
    with run_metrics(published, ["flag_load", "flagged_rule_rate"], by=["fiscal_year"]) as table:
        shares = {row["fiscal_year"]: (row["flag_load"], row["flagged_rule_rate"]) for row in table.to_pylist()}
    pooled = release.execute(
        "select fiscal_year, round(10 * sum(n_flagged_checks) / sum(n_evaluable_checks), 6),"
        " round(sum(n_flagged_rules) / sum(n_evaluable_rules), 6) from marts.rpt_flag_load group by all"
    ).fetchall()
    assert shares == {year: (load, rate) for year, load, rate in pooled}


def test_dimensions_are_called_as_the_columns_they_are(manifest: dict[str, Any]) -> None:
    for semantic_model in manifest["semantic_models"].values():
        (mart,) = semantic_model["depends_on"]["nodes"]
        columns = manifest["nodes"][mart]["columns"]
        for dimension in semantic_model["dimensions"]:
            if dimension["name"] in columns and not dimension["expr"]:
                assert dimension["label"] == columns[dimension["name"]]["config"]["meta"]["zh"], dimension["name"]
