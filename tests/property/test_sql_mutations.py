"""Attacks in other clothes: whatever is done to their spelling, nothing they want is given or done.

The judge knows nothing of the guard: what passes is run on a locked connection in a folder with secrets in its files.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.errors import RefusedSqlError
from tests.support.sql_door import analyst_statements, attacks
from warehouse.sql_guard import check_sql
from warehouse.sql_worker import _lock

COUNT = int(os.environ.get("FUNDPERF_MUTATIONS", "500"))
SEED = int(os.environ.get("FUNDPERF_MUTATION_SEED", "1"))
SECRET = "the-secret-of-the-file"
RELATIONS = {("marts", "fct_funding"), ("marts", "dim_programme"), ("中文", "资金")}
# Bombs are harmless to read and stopped by the limits of the worker.
BASES = [
    attack.sql
    for attack in attacks()
    if attack.kind not in {"time and space", "left to the engine"} and len(attack.sql) < 500
]
BLANKS = [" ", "  ", "\n", "\t", "/**/", "/* x */", "-- x\n", "\u00a0", "\u3000", "/* /* */ */", "\r\n"]
WORDS = [
    "select", "from", "with", "x as", "(", ")", ",", "*", "'x.csv'", '"x.csv"', "read_text('x.csv')", "copy", "to",
    "fct_funding", "中文.资金", "pivot", "on", "using", "count(*)", "describe", "summarize", "show", "union all",
    "insert into", "returning", ";", "recursive", "lateral", "1", "values", "query('from ''x.csv''')", "attach",
    "getenv('SECRET')", "current_setting('home_directory')", "table", "unnest", "in", "as", ".", "::", "lambda x:",
    "$$x$$", "e'\\'", "--", "/*", "order by", "limit",
]  # fmt: skip


def _recase(sql: str, chance: random.Random) -> str:
    return "".join(character.upper() if chance.random() < 0.5 else character.lower() for character in sql)


def _respace(sql: str, chance: random.Random) -> str:
    return "".join(chance.choice(BLANKS) if character == " " else character for character in sql)


def _before_brackets(sql: str, chance: random.Random) -> str:
    return sql.replace("(", chance.choice(BLANKS) + "(")


def _requote(sql: str, chance: random.Random) -> str:
    words = sql.split(" ")
    at = chance.randrange(len(words))
    words[at] = chance.choice(['"{}"', "'{}'", "$${}$$", "({})", "e'{}'", "[{}]"]).format(words[at])
    return " ".join(words)


def _wrap(sql: str, chance: random.Random) -> str:
    return chance.choice(
        [
            "select * from ({})", "with w as ({}) from w", "select 1 union all ({})", "({})", "describe {}",
            "summarize {}", "select ({})", "select exists ({})", "from ({}) as t", "pivot ({}) on a using count(*)",
            "{};", "; {}", "select 1 where 1 in ({})", "from fct_funding, lateral ({})", "explain {}",
            "with w as (select 1) {}", "values (({}))", "select {{'a': ({})}}", "select [({})]",
            "unpivot ({}) on columns(*)", "from query($${}$$)", "with recursive w as (select 1 union all {}) from w",
            "select * from range(({}))", "{} -- ", "/* */ {} /* */", "pivot fct_funding on ({}) using count(*)",
            "pivot fct_funding on stage using count(*) order by ({})",
        ]
    ).format(sql)  # fmt: skip


def _cut(sql: str, chance: random.Random) -> str:
    first, second = sorted((chance.randrange(len(sql) + 1), chance.randrange(len(sql) + 1)))
    return sql[:first] + sql[second:] if chance.random() < 0.5 else sql[:second]


def _splice(sql: str, chance: random.Random) -> str:
    other = chance.choice(BASES + ANALYSTS)
    return sql[: chance.randrange(len(sql) + 1)] + other[chance.randrange(len(other) + 1) :]


def _soup(_: str, chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randrange(2, 14)))


def _fill(sql: str, chance: random.Random) -> str:
    return sql.replace("/etc/passwd", "x.csv").replace("'x'", "'x.csv'")


ANALYSTS = [sql for sql in analyst_statements() if len(sql) < 200]
MUTATORS: list[Callable[[str, random.Random], str]] = [
    _recase, _respace, _before_brackets, _requote, _wrap, _wrap, _cut, _splice, _soup, _fill,
]  # fmt: skip


def mutant(number: int) -> str:
    """An attack after one to three changes; the same number gives the same one."""
    chance = random.Random(f"{SEED} {number}")
    sql = chance.choice(BASES)
    for change in chance.sample(MUTATORS, chance.randrange(1, 4)):
        sql = change(sql, chance) or "select 1"
    return sql


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked connection over a small release, in a folder whose files must stay closed."""
    before, folder = Path.cwd(), tmp_path_factory.mktemp("secrets")
    os.chdir(folder)
    for name in ("x.csv", "data.csv", "a.csv", "x", "y", "x.json", "*.csv"):
        (folder / name).write_text(f"a,{SECRET}\n1,{SECRET}\n", encoding="utf-8")
    with duckdb.connect() as found:
        found.execute("attach ':memory:' as fundperf_release")
        found.execute("create schema fundperf_release.marts")
        found.execute('create schema fundperf_release."中文"')
        found.execute("create table fundperf_release.marts.fct_funding as select 1 as fact_id, 'a' as stage")
        found.execute("create table fundperf_release.marts.dim_programme as select 1 as programme_id")
        found.execute('create view fundperf_release."中文"."资金" as select 1 as "金额"')
        found.execute("set search_path = 'fundperf_release.marts,fundperf_release.中文'")
        _lock(found, 1 << 28, 5)
        yield found
    os.chdir(before)


def state(connection: duckdb.DuckDBPyConnection) -> object:
    """Everything that a statement could have changed, but for types: a PIVOT without a list makes one of its own."""
    files = sorted((path.name, path.stat().st_size) for path in Path.cwd().iterdir())
    counted = ("tables", "views", "databases", "functions", "variables", "secrets", "schemas")
    counts = ", ".join(f"(select count(*) from duckdb_{name}())" for name in counted)
    settings = "(select list(name || value order by name) from duckdb_settings())"
    rows = "(select count(*) from fundperf_release.marts.fct_funding)"
    return files, connection.execute(f"select {counts}, {settings}, {rows}").fetchall()


def test_no_mutant_reads_a_file_or_changes_anything(connection: duckdb.DuckDBPyConnection) -> None:
    before, passed = state(connection), 0
    for number in range(COUNT):
        sql = mutant(number)
        try:
            checked = check_sql(connection, sql, RELATIONS)
        except RefusedSqlError:
            continue
        passed += 1
        try:
            rows = connection.execute(checked).fetchmany(100)
            connection.execute("select 1").fetchall()
        except duckdb.Error as error:
            rows = [(str(error),)]
        assert SECRET not in str(rows), sql
        assert state(connection) == before, sql
    assert 0 < passed < COUNT / 2
