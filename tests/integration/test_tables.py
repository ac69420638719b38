"""A table that gets new rows in a nightly run keeps its old ones where its query fails."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from ingest.resources import project_dir
from tests.support.dbt_runs import dbt

PROJECT = """
name: nightly
version: "1.0"
profile: nightly
macro-paths: [macros]
model-paths: [models]
flags: {send_anonymous_usage_stats: false}
"""
PROFILE = """
nightly:
  target: dev
  outputs:
    dev: {type: duckdb, path: "{{ env_var('FUNDPERF_BUILD') }}", schema: main}
"""
SELECTORS = """
selectors:
  - {name: full, definition: {method: fqn, value: "*"}}
  - {name: changed_data, definition: {method: fqn, value: "*"}}
"""
COLUMNS = """
models:
  - name: numbers
    config: {materialized: table, contract: {enforced: true}}
    columns:
      - {name: number, data_type: integer}
"""
MODEL = "select cast(printed as integer) as number from raw.printed_numbers order by number asc"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A small project with the way in which ours makes tables, and one table that stands."""
    files = {
        "dbt_project.yml": PROJECT, "profiles.yml": PROFILE, "selectors.yml": SELECTORS,
        "models/numbers.sql": MODEL, "models/numbers.yml": COLUMNS,
    }  # fmt: skip
    for name, text in files.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "project" / "macros").mkdir()
    shutil.copyfile(project_dir() / "macros" / "tables.sql", tmp_path / "project" / "macros" / "tables.sql")
    ask(tmp_path, "create schema raw; create table raw.printed_numbers as select '1' as printed union all select '2'")
    assert build(tmp_path, "full").returncode == 0
    assert ask(tmp_path, "from numbers") == [(1,), (2,)]
    return tmp_path


def ask(work: Path, statement: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(work / "build.duckdb")) as connection:
        return connection.execute(statement).fetchall()


def build(work: Path, selector: str) -> subprocess.CompletedProcess[str]:
    project = str(work / "project")
    return dbt(
        work / "build.duckdb", work, "run", "--selector", selector, "--project-dir", project, "--profiles-dir", project
    )


def test_a_query_that_fails_leaves_the_old_rows_and_the_next_one_brings_the_new(work: Path) -> None:
    table = "select table_oid from duckdb_tables() where table_name = 'numbers'"
    before = ask(work, table)
    # The bad row comes late: the old rows are deleted by then.
    ask(work, "insert into raw.printed_numbers select cast(range as varchar) from range(3, 5000)")
    ask(work, "insert into raw.printed_numbers values ('x')")
    failed = build(work, "changed_data")
    assert failed.returncode != 0
    assert "Could not convert string 'x'" in failed.stdout
    assert ask(work, "from numbers") == [(1,), (2,)]
    ask(work, "delete from raw.printed_numbers where printed in ('x', '1')")
    assert build(work, "changed_data").returncode == 0
    assert ask(work, "select count(*), min(number) from numbers") == [(4998, 2)]
    assert ask(work, table) == before
