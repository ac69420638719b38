"""A build made again for other loads, without dbt: the queries that dbt compiled once, run in their order.

A build of a few records takes dbt twenty seconds, nearly all of it its own; the queries alone take two. That both give
the same is what `tests/integration/test_order_of_arrival.py` shows.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from ingest.inputs import Input
from ingest.landing import land
from ingest.ledger import LoadResult
from ingest.lexicon import load_lexicon
from ingest.raw_schema import OPS_TABLES, RAW_TABLES
from ingest.raw_store import open_build
from ingest.records import DocumentRecord
from ingest.text_landing import measure_texts
from tests.support.dbt_runs import give_project, keep_project
from tests.support.homes import home_with_samples
from tests.support.marts import export_marts
from warehouse.build import BuildResult, build, read_note, write_note
from warehouse.home import Home, find_home

FIRST_DAY = datetime(2026, 11, 1, 9, tzinfo=UTC)


def land_batches(path: Path, batches: Sequence[Sequence[DocumentRecord]]) -> list[LoadResult]:
    """Land each batch as one load, a day after the other, as `ingest.load` does."""
    results = []
    with open_build(path) as connection:
        [(n_loads,)] = connection.execute("select count(*) from ops.loads").fetchall()
        for number, batch in enumerate(batches, start=n_loads):
            moment = FIRST_DAY + timedelta(days=number)
            inputs = [(Input(record.document.file_name, Path(record.document.file_name)), record) for record in batch]
            results.append(land(connection, inputs, code_version="test", clock=lambda now=moment: now))
        measure_texts(connection, load_lexicon())
    return results


def build_once(home: Home, batches: Sequence[Sequence[DocumentRecord]]) -> BuildResult:
    """A home with these loads, built by dbt: what a project is made of is there already, without any document."""
    begin_home(home)
    land_batches(home.build_file, batches)
    result = build(home)
    keep_project(home.dbt_target)
    return result


def begin_home(home: Home) -> None:
    """Give a new home the build of the samples without the samples: reference tables, views, and tables to be filled.

    dbt then makes all rows again that new data can change.
    """
    home.prepare()
    shutil.copytree(find_home(home_with_samples()).build_file.parent, home.build_file.parent, dirs_exist_ok=True)
    _forget_loads(home.build_file)
    note = read_note(home)
    assert note is not None
    # Else only the rows of the projects that came or went would be made.
    write_note(home, replace(note, people=""))
    give_project(home.dbt_target)


def _forget_loads(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        for schema, tables in (("raw", RAW_TABLES), ("ops", OPS_TABLES)):
            for table in tables:
                connection.execute(f"delete from {schema}.{table}")


class Replay:
    """The build file of a home, emptied and filled again in a folder of its own."""

    def __init__(self, home: Home, folder: Path) -> None:
        """Prepare from a home that is built."""
        note = read_note(home)
        assert note is not None
        self._parents = note.parents
        self._queries: dict[str, str] = json.loads(home.compiled.read_text(encoding="utf-8"))
        self._manifest = home.dbt_target / "manifest.json"
        # The queries name the database, which is called like its file.
        self.file = folder / home.build_file.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(home.build_file, self.file)
        _forget_loads(self.file)

    def load(self, *batches: Sequence[DocumentRecord]) -> list[LoadResult]:
        """One load after the other."""
        return land_batches(self.file, batches)

    def own_reference(self, table: str, key: str, **values: str | None) -> None:
        """A line of a person's own reference table."""
        with duckdb.connect(str(self.file)) as connection:
            for column, value in values.items():
                connection.execute(
                    "insert into raw.own_reference by name select ? as table_name, ? as row_key, ? as column_name, "
                    "? as value, 1 as line",
                    [table, key, column, value],
                )

    def forget_own_reference(self) -> None:
        """All lines are deleted."""
        with duckdb.connect(str(self.file)) as connection:
            connection.execute("delete from raw.own_reference")

    def fill(self, *wanted: str) -> frozenset[str]:
        """Fill every table anew, or those that these relations are made of; the names of what was made."""
        order = self._order(wanted)
        with duckdb.connect(str(self.file)) as connection:
            found = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
            for name in order:
                if name in self._queries and (name,) in found:
                    connection.execute(f"delete from {name}")
                    connection.execute(f"insert into {name} by name {self._queries[name]}")
        return frozenset(order)

    def build(self) -> dict[str, str]:
        """Fill every table anew; what all marts say."""
        self.fill()
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return export_marts(connection, "marts")

    def failing_checks(self, filled: frozenset[str]) -> dict[str, bool]:
        """The data tests of dbt that ask only of these relations: does each find what stops a release?"""
        manifest = json.loads(self._manifest.read_text(encoding="utf-8"))
        known = manifest["nodes"] | manifest["sources"]
        failing = {}
        with duckdb.connect(str(self.file), read_only=True) as connection:
            for node in manifest["nodes"].values():
                if node["resource_type"] != "test" or node["config"]["severity"].lower() == "warn":
                    continue
                asked = (known[parent] for parent in node["depends_on"]["nodes"])
                if filled.issuperset(f"{each['schema']}.{each.get('identifier') or each['name']}" for each in asked):
                    found = connection.execute(f"select count(*) from ({node['compiled_code']})").fetchall()
                    failing[node["name"]] = found != [(0,)]
        return failing

    def rows(self, query: str) -> list[Any]:
        """An answer of the build."""
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def _order(self, wanted: Sequence[str]) -> list[str]:
        order = list(TopologicalSorter(self._parents).static_order())
        if not wanted:
            return order
        needed = set(wanted)
        for name in reversed(order):
            if name in needed:
                needed.update(self._parents.get(name, ()))
        return [name for name in order if name in needed]
