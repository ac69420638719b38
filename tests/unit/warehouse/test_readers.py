"""Readers while releases come and go: one answer is from one release, and nobody has to start anew.

`FUNDPERF_READERS` says how many read while as many releases are published; in `make nightly` it is twenty.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import warehouse
from ingest.errors import UnreachableError, UsageError
from ingest.raw_schema import ddl
from warehouse import readers
from warehouse.build import BuildNote, describe_content, write_note
from warehouse.home import Home, find_home
from warehouse.release import Release, find_release, publish, roll_back

MakeBuild = Callable[..., Home]
ROOT = Path(readers.__file__).parents[1]
COUNT = int(os.environ.get("FUNDPERF_READERS", "5"))
SPENT = "select amount_yuan from fct_funding where fiscal_year = 2020"


def _spent(connection: duckdb.DuckDBPyConnection) -> Decimal:
    row = connection.execute(SPENT).fetchone()
    assert row is not None
    value: Decimal = row[0]
    return value


def test_connection_moves_on_when_asked_and_keeps_what_its_owner_made(home: Home, make_build: MakeBuild) -> None:
    first = publish(home)
    with warehouse.connect(home.root) as connection:
        connection.execute("create temp table mine as select 1 as x")
        connection.execute("create temp view spent as select sum(amount_yuan) as yuan from fct_funding")
        assert warehouse.refresh(connection) == first.release_id
        make_build(home, "17000.00")
        second = publish(home)
        assert (_spent(connection), warehouse.release_of(connection)) == (Decimal("16800.00"), first.release_id)
        assert warehouse.refresh(connection) == second.release_id == warehouse.release_of(connection)
        assert _spent(connection) == Decimal("17000.00")
        assert connection.execute("from mine").fetchone() == (1,)
        assert connection.execute("from spent").fetchone() == (Decimal("197000.00"),)
        assert connection.execute("select count(*) from 资金").fetchone() == (2,)


def test_connection_follows_a_rollback_too(home: Home, make_build: MakeBuild) -> None:
    first = publish(home)
    make_build(home, "17000.00")
    publish(home)
    with warehouse.connect(home.root) as connection:
        roll_back(home)
        assert warehouse.refresh(connection) == first.release_id
        assert _spent(connection) == Decimal("16800.00")


def test_search_path_of_the_owner_stays(home: Home) -> None:
    publish(home)
    with warehouse.connect(home.root) as connection:
        connection.execute("set search_path = 'fundperf_release.中文'")
        publish(home)
        warehouse.refresh(connection)
        assert connection.execute("select current_setting('search_path')").fetchone() == ("fundperf_release.中文",)


def test_unreadable_new_release_leaves_the_reader_where_it_was(home: Home) -> None:
    first = publish(home)
    with warehouse.connect(home.root) as connection:
        newest = publish(home).file
        newest.chmod(0o644)
        newest.write_bytes(b"no database")
        with pytest.raises(duckdb.Error):
            warehouse.refresh(connection)
        assert (_spent(connection), warehouse.release_of(connection)) == (Decimal("16800.00"), first.release_id)


def test_other_connections_are_refused() -> None:
    with duckdb.connect() as connection, pytest.raises(UsageError) as refusal:
        warehouse.refresh(connection)
    assert refusal.value.code == "no_release_connection"


def test_release_that_goes_while_it_is_opened_gives_way_to_the_next(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(home)

    def find_one_that_goes(wanted: Home, release_id: str | None = None) -> Release:
        found = find_release(wanted, release_id)
        monkeypatch.setattr(readers, "find_release", find_release)
        publish(home, keep=1)
        return found

    monkeypatch.setattr(readers, "find_release", find_one_that_goes)
    with warehouse.connect(home.root) as connection:
        assert warehouse.release_of(connection) == find_release(home).release_id


def test_release_that_was_asked_for_and_is_gone_is_said_to_be(home: Home) -> None:
    first = publish(home)
    publish(home, keep=1)
    with pytest.raises(UnreachableError):
        warehouse.connect(home.root, first.release_id)


_READER = """
import pathlib, sys, time, warehouse
home, folder, seconds = sys.argv[1:]
releases, answers, kept = set(), 0, warehouse.connect(home)
print('ready', flush=True)
end = pathlib.Path(folder, 'end')
is_last = False
while not is_last:
    is_last = end.exists()
    for connection in (kept, warehouse.connect(home)):
        release = warehouse.release_of(connection)
        rows = connection.execute(
            "select f.amount_yuan, p.amount_yuan from fct_funding f join 资金2 p using (project_year_id) "
            "union all select sum(amount_yuan), sum(amount_yuan) from fct_funding"
        ).fetchall()
        values = {value for row in rows for value in row}
        assert len(values) == 1, (release, rows)
        assert release == warehouse.release_of(connection)
        releases.add((release, str(values.pop())))
        answers += 1
        if connection is not kept:
            connection.close()
    warehouse.refresh(kept)
    # Two cores are shared by many readers and one who publishes.
    time.sleep(float(seconds))
print(answers, *(f'{release}={value}' for release, value in sorted(releases)))
"""


def test_many_readers_query_while_many_releases_are_published(tmp_path: Path) -> None:
    """Each release holds one amount in several places, so an answer of two releases would show two amounts."""
    home = find_home(tmp_path / "home")
    home.prepare()
    expected = {_publish_amount(home, 0).release_id: "0.00"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _READER, str(home.root), str(tmp_path), str(0.02 * COUNT)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in range(COUNT)
    ]
    try:
        for reader in started:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n", reader.communicate()[1]
        for number in range(1, COUNT + 1):
            expected[_publish_amount(home, number).release_id] = f"{number}.00"
    finally:
        (tmp_path / "end").touch()
    ended = [reader.communicate(timeout=120) for reader in started]
    assert [(reader.returncode, errors) for reader, (_, errors) in zip(started, ended, strict=True)] == [
        (0, "")
    ] * COUNT
    seen = set()
    for answers, *pairs in (output.split() for output, _ in ended):
        assert int(answers) >= 2
        found = dict(pair.split("=") for pair in pairs)
        assert found.items() <= expected.items()
        assert found[max(expected)] == f"{COUNT}.00"
        seen |= found.keys()
    # Somebody was reading while releases came: the readers together saw more than the first and the last.
    assert len(seen) > 2


def _publish_amount(home: Home, number: int) -> Release:
    with duckdb.connect(str(home.build_file)) as connection:
        if number == 0:
            for statement in ddl():
                connection.execute(statement)
            connection.execute('create schema marts; create schema "中文"')
            connection.execute("create table marts.fct_funding (project_year_id varchar, amount_yuan decimal(18, 2))")
            connection.execute("insert into marts.fct_funding values ('a', 0)")
            connection.execute('create view "中文"."资金2" as select * from marts.fct_funding')
        connection.execute("update marts.fct_funding set amount_yuan = ?", [number])
    write_note(home, BuildNote(str(number), describe_content(home.build_file), {}))
    return publish(home)
