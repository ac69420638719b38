"""Every measure has a page, every page's example is what the models say, and nothing is divided that may not be.

The golden build holds the examples of all pages and, beside them, pairs of reports that somebody might wish to compare
and may not: other denominators, other sub-types, other kinds of document.
"""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.records import DocumentRecord
from ingest.resources import project_dir
from tests.conftest import ROOT
from tests.support.dbt_runs import one, rows
from tests.support.measure_pages import MeasurePage, file_name, read_page, record_of
from tests.support.releases import release_in
from warehouse.metrics import read_semantics, run_metrics
from warehouse.release import Release

PAGES = [read_page(path) for path in sorted((ROOT / "docs" / "measures").glob("*.md")) if path.stem != "README"]
FACTS = ("fct_execution", "fct_indicator_attainment", "fct_self_evaluation", "fct_unit_cost")
# Printed figures and how sure a reading is: no measures of ours.
NO_MEASURE = {"evidence_confidence", "stated_execution_rate"}

OUTPUT = {"level1": "产出指标", "level2": "数量指标", "target": [">=", 10, "条"], "points": 100, "score": 90}


def report(name: str, **facts: Any) -> dict[str, Any]:
    """A report of one project that is never the same as that of another name."""
    return {"county": "昭觉县", "unit": f"昭觉县{name}", "project_name": name, **facts}


# What nobody may divide: the earlier and the later report, and why not.
FORBIDDEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "different_denominator": (
        report("渠道维修", fiscal_year=2021, funding={"adjusted_budget": 100, "executed": 100}),
        report("渠道维修", fiscal_year=2022, funding={"approved": 100, "executed": 90}),
    ),
    "different_sub_type": (
        report(
            "金保网线路租用",
            unit="昭觉县就业局",
            fiscal_year=2021,
            funding={"approved": 100, "executed": 100},
            total=96,
        ),
        report(
            "金保网设备维护",
            unit="昭觉县就业局",
            fiscal_year=2022,
            funding={"approved": 100, "executed": 90},
            total=88.5,
        ),
    ),
    "sub_type_unknown": (
        report("电子政务外网专线", unit="昭觉县大数据局", fiscal_year=2021, funding={"approved": 100, "executed": 100}),
        report("电子政务外网", unit="昭觉县大数据局", fiscal_year=2022, funding={"approved": 100, "executed": 90}),
    ),
    "different_kind": (
        report("蓄水池", fiscal_year=2021, funding={"approved": 100, "executed": 100}),
        report("蓄水池", kind="external_evaluation", fiscal_year=2022, funding={"approved": 100, "executed": 90}),
    ),
    "year_gap": (
        report("林道", fiscal_year=2020, funding={"approved": 100, "executed": 100}),
        report("林道", fiscal_year=2023, funding={"approved": 100, "executed": 90}),
    ),
}


# Reports of one county, programme, sub-type and year that share neither denominator nor kind.
POOLED = tuple(
    report(f"金保网专线{number}", fiscal_year=2019, county="美姑县", unit=f"美姑县{number}局", **facts)
    for number, facts in (
        ("甲", {"funding": {"adjusted_budget": 200, "executed": 100}}),
        ("乙", {"funding": {"approved": 100, "executed": 90}}),
        ("丙", {"funding": {"approved": 100, "executed": 80}, "kind": "external_evaluation"}),
    )
)


def records() -> list[DocumentRecord]:
    """The examples of the pages, the pairs and the pooled reports."""
    examples = [
        record_of(facts, file_name(page.name, number))
        for page in PAGES
        for number, facts in enumerate(page.records, start=1)
    ]
    pairs = [
        record_of(
            {**facts, "indicators": [{**OUTPUT, "name": "线路条数", "actual": [actual, "条"]}]},
            file_name(code, number),
        )
        for code, pair in FORBIDDEN.items()
        for number, (facts, actual) in enumerate(zip(pair, (12, 9), strict=True), start=1)
    ]
    pooled = [record_of(facts, file_name("pooled", number)) for number, facts in enumerate(POOLED, start=1)]
    return [*examples, *pairs, *pooled]


@pytest.fixture(scope="module")
def columns(golden: Path) -> dict[str, dict[str, Any]]:
    """Every mart column, `table.column` → as the manifest has it."""
    manifest = json.loads((golden / "manifest.json").read_text(encoding="utf-8"))
    return {
        f"{node['name']}.{name}": column
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
        for name, column in node["columns"].items()
    }


def found(connection: duckdb.DuckDBPyConnection, table: str, document: str, **only: Any) -> list[dict[str, Any]]:
    """The rows of a mart that belong to a document and have the given values."""
    conditions = "".join(f" and fact.{column} = ?" for column in only)
    query = (
        f"select fact.* from marts.{table} as fact inner join marts.dim_document using (document_id)"
        f" where dim_document.file_name = ?{conditions}"
    )
    return rows(connection, query, document, *only.values())


# --- the pages


def test_there_are_pages() -> None:
    assert len(PAGES) > 14
    index = (ROOT / "docs" / "measures" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if f"({page.name}.md)" not in index] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_example_of_a_page_is_what_the_models_say(marts: duckdb.DuckDBPyConnection, page: MeasurePage) -> None:
    for expectation in page.expected:
        wanted = dict(expectation)
        document = file_name(page.name, wanted.pop("record"))
        only = {"indicator_name": wanted.pop("indicator")} if "indicator" in wanted else {}
        if "quantity_name" in wanted:
            # The name is looked up by its beginning: numbering and the word 数量 have left it.
            only = {"quantity_name": wanted.pop("quantity_name")}
        (row,) = found(marts, wanted.pop("table"), document, **only)
        for column, value in wanted.items():
            expected = Decimal(str(value)) if isinstance(row[column], Decimal) else value
            assert row[column] == expected, f"{page.name}, record {expectation['record']}: {column}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_real_columns_shows_each_and_explains_every_reason(
    columns: dict[str, dict[str, Any]], page: MeasurePage
) -> None:
    assert page.columns
    assert [name for name in (*page.columns, *page.reason_columns) if name not in columns] == []
    shown = {f"{row['table']}.{column}" for row in page.expected for column, value in row.items() if value is not None}
    assert set(page.columns) <= shown
    for heading in ("公式 Formula", "分母 Denominator", "为空 Null", "依据 Source", "注意 Care"):
        assert f"- **{heading}:** " in page.text, heading
    for name in page.reason_columns:
        codes = accepted_values(name)
        assert codes
        assert [code for code in codes if f"`{code}`" not in page.text] == [], name


def accepted_values(column: str) -> list[str]:
    """The codes that the yml beside the marts lets a column have."""
    table, name = column.split(".")
    (described,) = (entry for entry in described_columns()[table] if entry["name"] == name)
    tests = [test for test in described["data_tests"] if "accepted_values" in test]
    return list(tests[0]["accepted_values"]["arguments"]["values"])


@cache
def described_columns() -> dict[str, list[dict[str, Any]]]:
    """Mart → its columns as the yml beside the marts describes them."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {
        model["name"]: model["columns"]
        for path in (project_dir() / "models" / "marts").glob("*.yml")
        for model in yaml.load(path.read_text(encoding="utf-8"), loader).get("models", [])
    }


def test_every_measure_of_the_facts_has_exactly_one_page(columns: dict[str, dict[str, Any]]) -> None:
    measures = {
        name
        for name, column in columns.items()
        if name.split(".")[0] in FACTS
        and name.split(".")[1] not in NO_MEASURE
        and (column["data_type"] == "double" or name.endswith(("_constant_yuan", "unit_cost_yuan")))
    }
    paged = [name for page in PAGES for name in page.columns]
    assert len(measures) > 12
    assert measures <= set(paged)
    assert len(paged) == len(set(paged))


# --- what may not be divided


@pytest.mark.parametrize("code", FORBIDDEN)
def test_growth_between_what_differs_is_refused_with_the_reason(marts: duckdb.DuckDBPyConnection, code: str) -> None:
    (earlier,) = found(marts, "rpt_project_years", file_name(code, 1))
    (later,) = found(marts, "rpt_project_years", file_name(code, 2))
    assert later["compared_project_year_id"] == earlier["project_year_id"]
    assert later["growth_rate"] is None
    assert later["is_comparable"] is False
    assert code in later["refusal_codes"].split(",")
    assert later["refusal_reasons"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("different_kind", "different_kind"),
        ("year_gap", "no_previous_report"),
        ("different_sub_type", "no_previous_report"),
        ("different_denominator", None),
    ],
)
def test_a_target_is_compared_inside_one_project_kind_and_pair_of_years_only(
    marts: duckdb.DuckDBPyConnection, code: str, reason: str | None
) -> None:
    (row,) = found(marts, "fct_indicator_attainment", file_name(code, 2))
    assert row["target_ambition_reason"] == reason
    # What the money was divided by has no part in a target of ten lines.
    assert row["target_ambition"] == (0.833333 if reason is None else None)


def test_unit_costs_of_two_sub_types_are_never_in_one_group_and_an_unknown_one_has_none(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    (leased,) = found(marts, "fct_unit_cost", file_name("different_sub_type", 1))
    (maintained,) = found(marts, "fct_unit_cost", file_name("different_sub_type", 2))
    assert (leased["programme_sub_type"], maintained["programme_sub_type"]) == (
        "line_lease",
        "equipment_and_room_maintenance",
    )
    assert leased["quantity_name"] == maintained["quantity_name"]
    assert leased["unit_cost_group_id"] != maintained["unit_cost_group_id"]
    (unknown,) = found(marts, "fct_unit_cost", file_name("sub_type_unknown", 2))
    assert (unknown["unit_cost_yuan"], unknown["unit_cost_group_id"]) == (None, None)
    assert unknown["unit_cost_reason"] == "sub_type_unknown"


def test_one_group_of_unit_costs_has_one_of_everything_that_must_agree(marts: duckdb.DuckDBPyConnection) -> None:
    parts = ("programme_family", "programme_sub_type", "kind", "quantity_name", "quantity_unit")
    grouped = rows(marts, "select * from marts.fct_unit_cost where unit_cost_yuan is not null order by all")
    assert grouped
    key = itemgetter("unit_cost_group_id")
    for group_id, members in groupby(sorted(grouped, key=key), key=key):
        assert group_id is not None
        assert len({tuple(member[part] for part in parts) for member in members}) == 1


def test_reports_of_one_county_are_put_together_by_kind_and_have_no_rate_over_two_denominators(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    together = rows(
        marts,
        "select kind, n_projects, executed_yuan, execution_rate, execution_rate_reason, budget_yuan"
        " from marts.rpt_programme_county_year where region_name = '美姑县' and fiscal_year = 2019 order by kind",
    )
    assert together == [
        {
            "kind": "external_evaluation", "n_projects": 1, "executed_yuan": 80, "execution_rate": 0.8,
            "execution_rate_reason": None, "budget_yuan": 100,
        },
        {
            "kind": "project_self_evaluation", "n_projects": 2, "executed_yuan": 190, "execution_rate": None,
            "execution_rate_reason": "different_denominators", "budget_yuan": None,
        },
    ]  # fmt: skip


def test_no_second_score_is_given_to_another_kind_of_document(marts: duckdb.DuckDBPyConnection) -> None:
    (row,) = found(marts, "fct_self_evaluation", file_name("different_kind", 2))
    assert (row["profile_total_points"], row["profile_total_reason"]) == (None, "other_kind")


def test_wherever_a_rate_is_given_what_it_compares_agrees(marts: duckdb.DuckDBPyConnection) -> None:
    grown = rows(
        marts,
        "select later.kind = earlier.kind and later.budget_stage = earlier.budget_stage"
        " and later.project_id = earlier.project_id and later.fiscal_year = earlier.fiscal_year + 1 as agrees"
        " from marts.rpt_project_years as later inner join marts.rpt_project_years as earlier"
        " on later.compared_project_year_id = earlier.project_year_id where later.growth_rate is not null",
    )
    assert grown
    assert all(row["agrees"] for row in grown)
    # A missing rate has a reason, a given one has none.
    for table, measure, reason in (
        ("fct_execution", "execution_rate", "execution_rate_reason"),
        ("fct_execution", "execution_rate_on_received", "execution_rate_on_received_reason"),
        ("fct_execution", "arrival_rate", "arrival_rate_reason"),
        ("fct_unit_cost", "unit_cost_yuan", "unit_cost_reason"),
        ("fct_execution", "budget_revision_rate", "budget_revision_reason"),
        ("fct_indicator_attainment", "target_ambition", "target_ambition_reason"),
        ("fct_indicator_attainment", "attainment_ratio", "attainment_reason"),
        ("fct_self_evaluation", "indicator_attainment_rate", "attainment_rate_reason"),
        ("fct_self_evaluation", "profile_total_points", "profile_total_reason"),
        ("fct_self_evaluation", "attainment_execution_gap", "gap_reason"),
    ):
        counts = one(
            marts,
            f"select count(*) as n, count(*) filter (({measure} is null) <> ({reason} is not null)) as wrong"
            f" from marts.{table}",
        )
        assert counts["n"] > 0, table
        assert counts["wrong"] == 0, measure


# --- metrics by name


@pytest.fixture(scope="module")
def published(golden: Path, tmp_path_factory: pytest.TempPathFactory, forked_worker: None) -> Release:
    """The build as a release that can be asked by name."""
    release = release_in(tmp_path_factory.mktemp("published"))
    shutil.copyfile(golden / "build.duckdb", release.file)
    shutil.copyfile(golden / "semantic_manifest.json", release.semantics_file)
    return release


def asked(release: Release, *metrics: str, by: tuple[str, ...] = (), where: str | None = None) -> list[tuple[Any, ...]]:
    with run_metrics(release, metrics, by=by, where=where) as table:
        return [tuple(row.values()) for row in table.to_pylist()]


# Metric, what is asked of, why there is no answer over all of it, by what it must be split, and the answers then.
MIXED = (
    (
        "budget", "region_name = '美姑县'", "different_budget_stages", "budget_stage",
        {"adjusted_budget": 200, "approved": 100},
    ),
    (
        "execution_rate", "region_name = '美姑县'", "different_denominators", "budget_stage",
        {"adjusted_budget": 0.5, "approved": 0.9},
    ),
    (
        "execution_rate", "unit_name = '昭觉县就业局'", "different_sub_types", "programme_sub_type",
        {"line_lease": 1.0, "equipment_and_room_maintenance": 0.9},
    ),
    (
        "attainment", "unit_name = '昭觉县就业局'", "different_sub_types", "programme_sub_type",
        {"line_lease": 0.9, "equipment_and_room_maintenance": 0.9},
    ),
    (
        "mean_stated_total", "unit_name = '昭觉县就业局'", "different_sub_types", "programme_sub_type",
        {"line_lease": 96, "equipment_and_room_maintenance": 88.5},
    ),
)  # fmt: skip


@pytest.mark.parametrize(("metric", "where", "reason", "dimension", "answers"), MIXED)
def test_a_metric_over_what_differs_is_refused_and_given_for_each_part(
    published: Release, metric: str, where: str, reason: str, dimension: str, answers: dict[str, Any]
) -> None:
    assert asked(published, metric, where=where) == [(None, reason)]
    assert {part: (value, why) for part, value, why in asked(published, metric, by=(dimension,), where=where)} == {
        part: (value, None) for part, value in answers.items()
    }


@pytest.mark.parametrize("metric", ["flagged_rule_rate", "flagged_check_rate", "flag_load"])
def test_flags_of_two_kinds_of_documents_make_no_rate(published: Release, metric: str) -> None:
    where = "region_name = '美姑县'"
    assert asked(published, metric, where=where) == [(None, "different_kinds")]
    by_kind = asked(published, metric, by=("kind",), where=where)
    assert [(kind, why) for kind, _, why in by_kind] == [
        ("external_evaluation", None),
        ("project_self_evaluation", None),
    ]
    assert all(value is not None for _, value, _ in by_kind)


def test_every_metric_that_could_mix_is_null_over_everything_with_a_reason_that_is_explained(
    published: Release, marts: duckdb.DuckDBPyConnection
) -> None:
    explained = {row["code"] for row in rows(marts, "select code from reference.measure_refusals")}
    with_reason = [metric for metric in read_semantics(published).metrics if metric.reason is not None]
    assert {metric.name for metric in with_reason} == {
        "budget", "execution_rate", "attainment", "mean_stated_total",
        "flagged_rule_rate", "flagged_check_rate", "flag_load",
    }  # fmt: skip
    for metric in with_reason:
        ((value, reason),) = asked(published, metric.name)
        assert value is None
        assert reason in explained - {"no_operands"}
    # Nothing to compute with is a reason too.
    assert asked(published, "execution_rate", where="fiscal_year = 1900") == [(None, "no_operands")]


def test_metrics_of_the_groups_of_a_mart_are_what_the_mart_says(
    published: Release, marts: duckdb.DuckDBPyConnection
) -> None:
    grain = ("programme_family", "programme_sub_type", "kind", "region_id", "fiscal_year")
    found = {
        row[:5]: row[5:] for row in asked(published, "budget", "execution_rate", "attainment", "flag_load", by=grain)
    }
    expected = rows(marts, "select * from marts.rpt_programme_county_year")
    assert len(found) == len(expected)
    reasons = set()
    for row in expected:
        budget, why_no_budget, rate, why_no_rate, attainment, why_no_attainment, load, why_no_load = found[
            tuple(row[column] for column in grain)
        ]
        assert (load, why_no_load) == (row["flag_load"], None if row["n_evaluable_checks"] else "no_operands")
        if row["kind"] != "project_self_evaluation":
            # Departments and transfers report the same money again: they have no part in these three.
            assert (why_no_budget, why_no_rate, why_no_attainment) == ("no_operands",) * 3
            continue
        assert (budget, why_no_budget is None) == (row["budget_yuan"], row["budget_yuan"] is not None)
        assert (rate, why_no_rate) == (row["execution_rate"], row["execution_rate_reason"])
        assert (attainment, why_no_attainment) == (row["indicator_attainment_rate"], row["attainment_rate_reason"])
        reasons |= {why_no_budget, why_no_rate, why_no_attainment}
    assert {"different_denominators", "different_budget_stages", "programme_unknown", "no_operands"} <= reasons
