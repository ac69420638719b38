"""The way of a column through queries of every shape that models take."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from ingest.errors import UnreachableError, UsageError
from warehouse.cli import app
from warehouse.commands.session import Session
from warehouse.compiled_queries import compiled_queries
from warehouse.home import Home
from warehouse.lineage import Project, read_project
from warehouse.release import find_release, publish

MakeBuild = Callable[..., Home]

COLUMNS = {
    "raw.lines": {"id": "VARCHAR", "stage": "VARCHAR", "amount": "DECIMAL(18,2)", "names": "VARCHAR[]"},
    "reference.grades": {"grade": "VARCHAR", "least": "INTEGER"},
    "staging.stg": {"id": "VARCHAR", "stage": "VARCHAR", "amount": "DECIMAL(18,2)"},
    "marts.fct": {"v": "INTEGER", "amount": "DECIMAL(18,2)", "rate": "DOUBLE", "n": "BIGINT", "label": "VARCHAR"},
    "中文.资金": {"金额": "DECIMAL(18,2)"},
}
STG = "select * from raw.lines where stage <> 'x'"


def origins(sql: str, column: str = "v") -> set[str]:
    """Where a column of a mart with this query comes from."""
    queries = {"marts.fct": sql, "staging.stg": STG}
    project = Project(queries, COLUMNS)
    found = {f"{node.relation}.{node.column}" for node in project.follow_column(("marts.fct", column)).origins}
    assert project.unresolved == {}
    return found


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select amount as v from staging.stg", {"raw.lines.amount"}),
        ("with a as (select * from staging.stg), b as (select amount * 2 as v from a) select * from b",
         {"raw.lines.amount"}),
        ("select case when stage = 'e' then amount end as v from staging.stg", {"raw.lines.amount", "raw.lines.stage"}),
        ("select sum(amount) filter (where stage = 'e') as v from raw.lines", {"raw.lines.amount", "raw.lines.stage"}),
        ("select count(*) as v from staging.stg", {"raw.lines.*"}),
        ("select row_number() over (order by id) as v from staging.stg", {"raw.lines.*", "raw.lines.id"}),
        ("select lag(amount) over (partition by stage order by id) as v from raw.lines",
         {"raw.lines.amount", "raw.lines.stage", "raw.lines.id"}),
        ("select amount as v from raw.lines union all select least from reference.grades",
         {"raw.lines.amount", "reference.grades.least"}),
        ("select amount as v from raw.lines union all select 1", {"raw.lines.amount"}),
        ("select 1 as v, amount from raw.lines", {"marts.fct.v"}),
        ("select g.grade as v from raw.lines as l left join reference.grades as g on g.least < l.amount",
         {"reference.grades.grade"}),
        ("select (select max(g.grade) from reference.grades as g where g.least <= l.amount) as v from raw.lines as l",
         {"reference.grades.grade", "reference.grades.least", "reference.grades.*", "raw.lines.amount"}),
        ("select exists (select 1 from reference.grades as g where g.grade = l.stage) as v from raw.lines as l",
         {"reference.grades.*", "reference.grades.grade", "raw.lines.stage"}),
        ("select t.name as v from raw.lines as l, unnest(l.names) as t(name)", {"raw.lines.names"}),
        ("select list_filter(names, x -> x <> stage) as v from raw.lines", {"raw.lines.names", "raw.lines.stage"}),
        ("select d.v from (select amount as v from raw.lines) as d", {"raw.lines.amount"}),
        ("select v from (values ('a', 1), ('b', 2)) as t(k, v)", {"marts.fct.v"}),
        ("with recursive r as (select least as v from reference.grades union all select v + 1 from r where v < 9) "
         "select v from r", {"reference.grades.least"}),
        ('select amount as "V" from raw.lines', {"raw.lines.amount"}),
    ],
)  # fmt: skip
def test_values_are_followed_through_every_shape_of_query(sql: str, expected: set[str]) -> None:
    assert origins(sql) == expected


def test_a_name_that_belongs_to_nothing_is_told_and_not_dropped() -> None:
    project = Project({"marts.fct": "select l.amount + z.odd as v from raw.lines as l"}, COLUMNS)
    project.follow("fct.v")
    assert project.unresolved == {"marts.fct": {"z.odd"}}


def test_the_expression_is_that_of_the_place_where_something_happens() -> None:
    queries = {
        "marts.fct": "with a as (select amount * 2 as amount from raw.lines), b as (select * from a) select * from b"
    }
    node = Project(queries, COLUMNS).follow("fct.amount").nodes["marts.fct", "amount"]
    assert node.expression == "lines.amount * 2"
    union = {"marts.fct": "select 'a' as label union all select 'b'"}
    assert Project(union, COLUMNS).follow("fct.label").origins[0].expression == "'a' | 'b'"


@pytest.mark.parametrize(
    "written", ["marts.fct.amount", "fct.amount", "FCT.Amount", '"fct"."amount"', "marts.fct.AMOUNT"]
)
def test_a_column_is_found_however_its_name_is_written(written: str) -> None:
    assert Project({}, COLUMNS).find(written) == ("marts.fct", "amount")


def test_unknown_columns_name_their_neighbours_in_both_languages() -> None:
    project = Project({}, COLUMNS)
    with pytest.raises(UsageError) as error:
        project.find("fct.amout")
    assert "marts.fct.amount" in error.value.zh
    assert "Close to it: marts.fct.amount" in error.value.en
    with pytest.raises(UsageError) as error:
        project.find("rate")
    assert "marts.fct.rate" in error.value.en
    with pytest.raises(UsageError) as error:
        project.find("fcts.rate")
    assert "marts.fct.rate" in error.value.en
    with pytest.raises(UsageError) as error:
        project.find("qqqq.zzzz")
    assert "TABLE.COLUMN" in error.value.en
    assert "表名.列名" in error.value.zh


def test_compiled_queries_hold_models_and_the_views_they_make_of_themselves() -> None:
    def model(schema: str, name: str, **more: object) -> dict[str, object]:
        return {"resource_type": "model", "schema": schema, "name": name, "alias": name, "columns": {}, **more}

    nodes = {
        "model.f.fct": model(
            "marts", "fct", compiled_code="select 1 as x", config={"meta": {"zh": "表"}},
            columns={"x": {"name": "x", "config": {"meta": {"zh": "列"}}}},
        ),
        "model.f.later": model("marts", "later"),
        "seed.f.s": {"resource_type": "seed", "schema": "reference", "name": "s"},
    }  # fmt: skip
    assert compiled_queries({"nodes": nodes}) == {
        "marts.fct": "select 1 as x",
        "中文.表": 'select "x" as "列" from marts.fct',
    }


@pytest.fixture
def followed(home: Home, make_build: MakeBuild) -> Home:
    """A published home whose release brings its compiled models."""
    make_build(home)
    queries = {
        "marts.fct_funding": "select line_id as project_year_id, amount_yuan from raw.funding_lines",
        "中文.资金": 'select amount_yuan as "金额" from marts.fct_funding',
    }
    home.compiled.write_text(json.dumps(queries), encoding="utf-8")
    publish(home)
    return home


def call(home: Home, *arguments: str) -> str:
    """What `fundperf lineage` prints."""
    outcome = CliRunner().invoke(
        app, ["lineage", *arguments, "--home", str(home.root)], obj=Session(), catch_exceptions=False
    )
    assert outcome.exit_code == 0
    return outcome.stdout


def test_the_command_prints_a_tree_and_json(followed: Home) -> None:
    tree = call(followed, "fct_funding.amount_yuan", "--lang", "en")
    assert "marts.fct_funding.amount_yuan  金额" in tree
    assert "└── raw.funding_lines.amount_yuan  [raw column]" in tree
    found = json.loads(call(followed, "资金.金额", "--format", "json"))
    assert found["column"] == "中文.资金.金额"
    assert found["origins"] == [{"column": "raw.funding_lines.amount_yuan", "kind": "raw"}]
    assert [node["column"] for node in found["nodes"]] == [
        "中文.资金.金额",
        "marts.fct_funding.amount_yuan",
        "raw.funding_lines.amount_yuan",
    ]


def test_the_command_lists_all_columns_of_a_table(followed: Home) -> None:
    listed = call(followed, "fct_funding", "--lang", "zh")
    assert "来源" in listed
    assert "raw.funding_lines.line_id" in listed
    ways = json.loads(call(followed, "资金", "--format", "json"))
    assert [way["column"] for way in ways][-1] == "中文.资金.金额"


def test_a_release_without_compiled_models_says_what_to_do(home: Home, make_build: MakeBuild) -> None:
    make_build(home)
    publish(home)
    with pytest.raises(UnreachableError) as error:
        read_project(find_release(home))
    assert "fundperf run --force" in error.value.en
    assert "fundperf run --force" in error.value.zh
