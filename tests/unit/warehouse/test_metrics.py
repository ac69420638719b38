"""Metrics by name: what a person writes, what MetricFlow is asked, and the rows of a release."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

import warehouse
from ingest.errors import UnreachableError, UsageError
from warehouse.build import BuildNote, describe_content, fingerprint, write_note
from warehouse.cli import app
from warehouse.commands.session import Session
from warehouse.home import Home
from warehouse.metrics import Semantics, _not_answered, compile_metrics, read_semantics, run_metrics
from warehouse.release import Release, publish

MakeBuild = Callable[..., Home]


def _measure(name: str, agg: str, expr: str) -> dict[str, Any]:
    return {"name": name, "agg": agg, "expr": expr, "agg_time_dimension": "day"}


def _dimension(name: str, label: str) -> dict[str, Any]:
    return {"name": name, "type": "categorical", "label": label}


def _simple(name: str, label: str, measure: str, where: str | None = None) -> dict[str, Any]:
    condition = None if where is None else {"where_filters": [{"where_sql_template": where}]}
    parameters = {"measure": {"name": measure}, "input_measures": [{"name": measure}]}
    return {
        "name": name, "label": label, "description": f"{label}。Sum.", "type": "simple",
        "type_params": parameters, "filter": condition,
    }  # fmt: skip


pytestmark = pytest.mark.usefixtures("forked_worker")
RELATION = {"alias": "fct", "schema_name": "marts", "database": "build", "relation_name": '"build"."marts"."fct"'}
LATE = "{{ Dimension('project_year__fiscal_year') }} > 2020"
MANIFEST: dict[str, Any] = {
    "semantic_models": [
        {
            "name": "project_years",
            "node_relation": RELATION,
            "entities": [{"name": "project_year", "type": "primary", "expr": "id"}],
            "dimensions": [
                _dimension("fiscal_year", "年度"),
                _dimension("county", "县"),
                {
                    "name": "day", "type": "time", "expr": "first_day",
                    "type_params": {"time_granularity": "year"},
                },
            ],
            "measures": [
                _measure("spent", "sum", "executed_yuan"),
                _measure("planned", "sum", "budget_yuan"),
                _measure("counties", "count_distinct", "county"),
            ],
        }
    ],
    "metrics": [
        _simple("outlay", "执行数", "spent"),
        _simple("budget", "预算数", "planned", "{{ Dimension('project_year__fiscal_year') }} > 2000"),
        _simple("counties", "县数", "counties") | {"config": {"meta": {"is_part": True}}},
        {
            "name": "execution_rate", "label": "执行率", "description": "d", "type": "ratio",
            "type_params": {
                "numerator": {"name": "outlay"}, "denominator": {"name": "budget"},
                "input_measures": [{"name": "spent"}, {"name": "planned"}],
            },
        },
        _simple("county_budget", "一县预算数", "planned", LATE)
        | {"config": {"meta": {"reason": "county_budget_reason"}}},
        {
            "name": "county_budget_reason", "label": "无一县预算数原因", "description": "d", "type": "derived",
            "filter": {"where_filters": [{"where_sql_template": LATE}]},
            "type_params": {
                "expr": "case when counties > 1 then 'different_counties' end",
                "metrics": [{"name": "counties"}], "input_measures": [{"name": "counties"}],
            },
        },
    ],
    "project_configuration": {
        "time_spine_table_configurations": [],
        "time_spines": [
            {"node_relation": dict(RELATION), "primary_column": {"name": "first_day", "time_granularity": "day"}}
        ],
    },
    "saved_queries": [],
}  # fmt: skip


@pytest.fixture
def measured(home: Home, make_build: MakeBuild) -> Release:
    """A release with a small mart and its metrics."""
    make_build(home)
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute(
            """
            create table marts.fct as select *, cast(fiscal_year || '-01-01' as date) as first_day from (values
                ('a', 2020, '甲县', 100.00::decimal(18, 2), 80.00::decimal(18, 2)),
                ('b', 2021, null, 200.00, 150.00),
                ('c', 2021, '甲县', 300.00, 300.00),
                ('d', 2022, '乙县', 0.00, 10.00)
            ) as t(id, fiscal_year, county, budget_yuan, executed_yuan);
            create schema reference;
            create table reference.measure_refusals as select * from (values
                (1, 'no_operands', '缺数', 'nothing to compute with'),
                (2, 'different_counties', '各县不同，请按县查看', 'there are several counties; ask by county')
            ) as t(ordinal, code, reason_zh, reason_en)
            """
        )
    write_note(home, BuildNote(fingerprint(home), describe_content(home.build_file), {}))
    home.semantics.write_text(json.dumps(MANIFEST), encoding="utf-8")
    return publish(home)


def rows(release: Release, *metrics: str, by: tuple[str, ...] = (), where: str | None = None) -> list[tuple[Any, ...]]:
    """The answer, row by row."""
    with run_metrics(release, metrics, by=by, where=where) as table:
        return [tuple(row.values()) for row in table.to_pylist()]


def test_a_metric_is_a_sum_over_what_is_asked_for(measured: Release) -> None:
    assert [float(row[0]) for row in rows(measured, "outlay")] == [540.0]
    assert [(year, float(total)) for year, total in rows(measured, "outlay", by=("fiscal_year",))] == [
        (2020, 80.0),
        (2021, 450.0),
        (2022, 10.0),
    ]


def test_a_rate_is_pooled_and_null_without_a_denominator(measured: Release) -> None:
    assert rows(measured, "execution_rate", by=("fiscal_year",)) == [(2020, 0.8), (2021, 0.9), (2022, None)]


def test_a_group_without_a_name_stays_one_row(measured: Release) -> None:
    found = rows(measured, "execution_rate", "outlay", "budget", by=("county",))
    assert {(county, rate, float(spent), float(planned)) for county, rate, spent, planned in found} == {
        ("甲县", 0.95, 380.0, 400.0),
        ("乙县", None, 10.0, 0.0),
        (None, 0.75, 150.0, 200.0),
    }
    assert len(found) == 3


def test_chinese_names_mean_the_same_and_stay_in_the_answer(measured: Release) -> None:
    with run_metrics(measured, ["执行数"], by=["年度"], where="县 = '甲县' and 年度 = 2021") as table:
        assert table.column_names == ["年度", "执行数"]
        assert [(row["年度"], float(row["执行数"])) for row in table.to_pylist()] == [(2021, 300.0)]


def test_what_may_not_be_put_together_is_null_with_the_reason_beside_it(measured: Release) -> None:
    assert rows(measured, "county_budget") == [(None, "different_counties")]
    found = rows(measured, "outlay", "county_budget", by=("fiscal_year",))
    # A year in which nothing counts is no sum of zero.
    assert [(year, budget, reason) for year, _, budget, reason in found] == [
        (2020, None, "no_operands"), (2021, 500, None), (2022, 0, None)
    ]  # fmt: skip
    with run_metrics(measured, ["一县预算数"], by=["县"], where="county is not null") as table:
        assert table.column_names == ["县", "一县预算数", "无一县预算数原因"]
        assert [tuple(row.values()) for row in table.to_pylist()] == [("乙县", 0, None), ("甲县", 300, None)]


@pytest.mark.parametrize("name", ["counties", "county_budget_reason"])
def test_what_is_only_a_part_or_a_reason_cannot_be_asked_for(measured: Release, name: str) -> None:
    with pytest.raises(UsageError) as error:
        rows(measured, name)
    assert error.value.code == "unknown_metric"


def test_python_asks_by_name_as_the_command_does(home: Home, measured: Release) -> None:
    table = warehouse.metric("执行率", by=["年度"], where="年度 < 2022", home=home.root, release=measured.release_id)
    assert table.to_pylist() == [{"年度": 2020, "执行率": 0.8}, {"年度": 2021, "执行率": 0.9}]


@pytest.mark.parametrize("where", ["select 1", "fiscal_year = (", "exists (select 1)", "county = '{{ 1 }}'", ""])
def test_only_conditions_on_dimensions_pass(measured: Release, where: str) -> None:
    with pytest.raises(UsageError) as error:
        rows(measured, "outlay", where=where)
    assert error.value.code == "odd_condition"


def test_unknown_names_are_told_with_their_neighbours(measured: Release) -> None:
    misspelt: list[dict[str, Any]] = [
        {"metrics": ["outlays"]},
        {"metrics": ["outlay"], "by": ["fiscal_years"]},
        {"metrics": ["outlay"], "where": "fiscal_years = 1"},
    ]
    for arguments in misspelt:
        with pytest.raises(UsageError) as error:
            compile_metrics(read_semantics(measured), **arguments)
        assert "outlay" in error.value.en or "fiscal_year" in error.value.en
        # Each language in its own names.
        assert "可用的有：执行数" in error.value.zh or "可用的有：年度" in error.value.zh


def test_a_dimension_that_does_not_go_with_a_metric_is_named_with_those_that_do() -> None:
    message = """Error #1:
  Message:
    The given input does not match any of the available group-by-items.
    Suggestions:
      [
        'project_year__county',
        'project_year__kind',
      ]
  Query Input:

    red_flag__rule_id
"""
    error = _not_answered(message, ["budget"])
    assert error.en == (
        "budget cannot be split or filtered by red_flag__rule_id. What goes: project_year__county, project_year__kind."
    )
    assert "不能按 red_flag__rule_id 分组" in error.zh


def test_a_release_without_metrics_says_what_to_do(home: Home, make_build: MakeBuild) -> None:
    make_build(home)
    with pytest.raises(UnreachableError) as error:
        read_semantics(publish(home))
    assert "fundperf run --force" in error.value.en


def test_without_the_extra_the_command_says_what_to_install(measured: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.split(".")[0] == "metricflow"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "metricflow", None)
    with pytest.raises(UsageError) as error:
        rows(measured, "outlay")
    assert 'pip install "fundperf[metrics]"' in error.value.en
    assert 'pip install "fundperf[metrics]"' in error.value.zh
    # What there is can be listed all the same.
    listed: Semantics = read_semantics(measured)
    assert [metric.name for metric in listed.metrics] == ["outlay", "budget", "execution_rate", "county_budget"]
    assert [dimension.path for dimension in listed.dimensions] == ["project_year__fiscal_year", "project_year__county"]


def call(home: Home, *arguments: str) -> str:
    """What `fundperf metric` prints."""
    outcome = CliRunner().invoke(app, ["metric", *arguments, "--home", str(home.root)], obj=Session())
    assert outcome.exit_code == 0, outcome
    return outcome.stdout


def test_the_command_lists_asks_and_shows_its_query(home: Home, measured: Release) -> None:
    assert "执行率" in call(home)
    assert [entry["name"] for entry in json.loads(call(home, "list", "--format", "json"))["metrics"]] == [
        "outlay",
        "budget",
        "execution_rate",
        "county_budget",
    ]
    assert call(home, "execution_rate", "--by", "fiscal_year", "--format", "csv").splitlines() == [
        "fiscal_year,execution_rate",
        "2020,0.8",
        "2021,0.9",
        "2022,",
    ]
    refused = call(home, "outlay", "county_budget", "--by", "fiscal_year")
    assert "no_operands: nothing to compute with." in refused
    assert "different_counties" not in refused
    assert "different_counties：各县不同，请按县查看。" in call(home, "county_budget", "--lang", "zh")
    query = call(home, "outlay", "--format", "sql")
    assert "marts.fct" in query
    assert "build" not in query
