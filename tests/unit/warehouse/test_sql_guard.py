from __future__ import annotations

import fnmatch
from collections.abc import Iterator

import duckdb
import pytest

from ingest.errors import RefusedSqlError
from tests.support.sql_door import Attack, attacks
from warehouse.sql_guard import check_sql
from warehouse.sql_tree import functions

RELATIONS = {
    ("marts", "fct_funding"), ("marts", "fct_mention"), ("marts", "dim_programme"), ("中文", "资金"),
}  # fmt: skip
# These are harmless to read: what stops them are the limits of the process, or the engine.
NOT_FOR_THE_GUARD = {"time and space", "left to the engine", "dots"}


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def test_there_are_more_attacks_than_a_reader_would_think_of() -> None:
    assert len(attacks()) >= 500
    assert len({attack.sql for attack in attacks()}) == len(attacks())


@pytest.mark.parametrize(
    "attack",
    [attack for attack in attacks() if attack.kind not in NOT_FOR_THE_GUARD],
    ids=lambda attack: f"{attack.kind}: {attack.sql[:50]!a}",
)
def test_attack_is_refused_with_both_languages_and_a_next_step(
    engine: duckdb.DuckDBPyConnection, attack: Attack
) -> None:
    with pytest.raises(RefusedSqlError) as refusal:
        check_sql(engine, attack.sql, RELATIONS)
    assert refusal.value.zh.startswith("未执行：")
    assert refusal.value.en.startswith("Not run: ")
    assert refusal.value.zh.count("。") >= 2
    assert refusal.value.en.count(". ") >= 1
    assert "/" not in refusal.value.zh + refusal.value.en


def test_refusal_names_the_close_relation(engine: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(RefusedSqlError) as refusal:
        check_sql(engine, "select * from fct_fundings", RELATIONS)
    assert "marts.fct_funding" in refusal.value.en


def test_refusal_names_the_close_function(engine: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(RefusedSqlError) as refusal:
        check_sql(engine, "select regexp_extrakt(stage, 'x') from fct_funding", RELATIONS)
    assert refusal.value.code == "unknown_function"
    assert "regexp_extract" in refusal.value.en


def test_unreadable_statement_says_where(engine: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(RefusedSqlError) as refusal:
        check_sql(engine, "select 1\nfrom (select", RELATIONS)
    assert refusal.value.code == "unreadable_sql"
    assert "line 2" in refusal.value.en


def test_what_only_the_engine_can_read_passes_when_its_tree_is_harmless(engine: duckdb.DuckDBPyConnection) -> None:
    for choice in ("", " in ('executed')"):
        sql = f"pivot fct_funding on stage{choice} using any_value (stage) order by stage limit 2"
        assert check_sql(engine, sql, RELATIONS).replace(" ", "") == sql.replace(" ", "")
        for old, new in (("fct_funding", "'x.csv'"), ("any_value", "getenv"), ("by stage", "by getenv('x')")):
            with pytest.raises(RefusedSqlError):
                check_sql(engine, sql.replace(old, new), RELATIONS)


def test_pivot_without_a_list_runs_in_the_words_that_were_checked(engine: duckdb.DuckDBPyConnection) -> None:
    checked = check_sql(engine, "pivot /* a */ fct_funding on stage -- b\nusing max('--') ;", RELATIONS)
    assert checked == "pivot fct_funding on stage using max ( '--' ) ;"


def test_every_function_of_the_engine_is_reviewed(engine: duckdb.DuckDBPyConnection) -> None:
    rows = engine.execute(
        "select distinct function_name, function_type like 'table%' from duckdb_functions()"
    ).fetchall()
    assert len(rows) > 1_000
    known = functions()
    unreviewed = {
        name
        for name, is_table in rows
        if name.casefold() not in (known.tables if is_table else known.allowed) | known.tables
        and known.reason(name.casefold()) is None
    }
    assert unreviewed - {"histogram", "repeat"} == set()
    names = {name.casefold() for name, _ in rows}
    assert {name for name in known.allowed | known.tables if name not in names} == set()
    assert [pattern for pattern, _, _ in known.refused if not fnmatch.filter(names, pattern)] == []
    assert {name for name in known.allowed if known.reason(name)} == set()


def test_every_table_function_of_the_engine_is_refused_except_the_named_few(engine: duckdb.DuckDBPyConnection) -> None:
    rows = engine.execute(
        "select distinct function_name from duckdb_functions() "
        "where function_type in ('table', 'pragma', 'table_macro')"
    ).fetchall()
    names = {name for (name,) in rows} - functions().tables
    assert len(names) > 100
    for name in sorted(names):
        with pytest.raises(RefusedSqlError):
            check_sql(engine, f"select * from {name}('x')", RELATIONS)


def test_functions_with_side_effects_are_refused_except_harmless_ones(engine: duckdb.DuckDBPyConnection) -> None:
    rows = engine.execute(
        "select distinct function_name from duckdb_functions() where has_side_effects and function_type = 'scalar'"
    ).fetchall()
    allowed = {name for (name,) in rows} & functions().allowed
    assert allowed == {"random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid"}
