"""Rows of the ledger that only repeat what later loads say go; nothing that anybody builds on changes."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.inputs import Quarantined
from ingest.ledger import forget_repeats
from ingest.raw_schema import ddl
from tests.unit.ingest.test_landing import counts, fresh, land_all
from warehouse.build import describe_content
from warehouse.pipeline import _find_waiting

EXAMPLES = int(os.environ.get("FUNDPERF_EXAMPLES", "10"))
FIRST = datetime(2024, 5, 1, tzinfo=UTC)
UNREAD = Quarantined("q.txt", "q.txt", None, "empty_document", "q.txt：空。", "q.txt: empty.")


def _night(connection: duckdb.DuckDBPyConnection, number: int, outcomes: list[Any]) -> Any:
    return land_all(connection, outcomes, clock=lambda: FIRST + timedelta(days=number))


def _known(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    """What staging reads of the ledger, today and as of earlier days, and what waits for a person."""
    # On every day, also a past one, the names under which a document had come by then.
    names = connection.execute(
        "select distinct days.completed_at, document_sha256, file_name from ops.loads as days inner join ("
        "ops.load_files inner join ops.loads using (load_id)) as files on files.completed_at <= days.completed_at "
        "where outcome in ('loaded', 'unchanged') order by all"
    ).fetchall()
    waiting = [(entry.input_name, entry.code, entry.since) for entry in _find_waiting(connection)]
    return [names, waiting, connection.execute("select * exclude (load_id) from ops.loads order by all").fetchall()]


def test_many_nights_leave_the_first_and_the_young_rows_of_each_kind(make_record) -> None:
    connection = fresh()
    record = make_record()
    for number in range(30):
        _night(connection, number, [record, UNREAD])
    before = _known(connection)
    forget_repeats(connection, datetime(2024, 5, 21))
    assert _known(connection) == before
    rows = connection.execute(
        "select outcome, count(*), min(completed_at)::date::varchar from ops.load_files "
        "inner join ops.loads using (load_id) group by all order by all"
    ).fetchall()
    assert rows == [("loaded", 1, "2024-05-01"), ("quarantined", 11, "2024-05-01"), ("unchanged", 11, "2024-05-02")]
    assert connection.execute("select count(*) from ops.quarantine").fetchall() == [(11,)]
    assert len(connection.execute("from ops.loads").fetchall()) == 30


def test_young_loads_are_left_alone(make_record) -> None:
    connection = fresh()
    for number in range(3):
        _night(connection, number, [make_record(), UNREAD])
    forget_repeats(connection, datetime(2024, 5, 1))
    assert connection.execute("select count(*) from ops.load_files").fetchall() == [(6,)]


def test_results_of_checks_go_with_their_age_except_the_last_run_of_each_kind() -> None:
    connection = fresh()
    _night(connection, 0, [])
    for kind, run_id, day in (("batch", "a", 1), ("dbt_test", "b", 1), ("dbt_test", "c", 2), ("dbt_test", "d", 9)):
        connection.execute(
            "insert into ops.check_results (run_id, checked_at, kind) select ?, ?, ? from range(2)",
            [run_id, datetime(2024, 5, day), kind],
        )
        connection.execute("insert into ops.check_failures (run_id, kind) values (?, ?)", [run_id, kind])
    forget_repeats(connection, datetime(2024, 5, 5))
    for table, n_rows in (("check_results", 2), ("check_failures", 1)):
        kept = connection.execute(f"select run_id, count(*) from ops.{table} group by all order by all").fetchall()
        assert kept == [("a", n_rows), ("d", n_rows)]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(st.lists(st.sampled_from("ABCDq"), max_size=4), min_size=2, max_size=6), keep=st.integers(0, 6))
def test_later_loads_and_the_content_are_the_same_with_and_without_the_old_rows(
    make_record, tmp_path_factory, nights: list[list[str]], keep: int
) -> None:
    # A and B are readings of the same bytes, C of others, D is C under another name.
    records = {
        "A": make_record(budget="1.00"),
        "B": make_record(budget="2.00"),
        "C": make_record("c"),
        "D": make_record("c", file_name="d.txt"),
        "q": UNREAD,
    }
    results = []
    for is_pruned in (False, True):
        path = Path(tmp_path_factory.mktemp("build")) / "build.duckdb"
        connection = duckdb.connect(str(path))
        for statement in ddl():
            connection.execute(statement)
        found = []
        for number, night in enumerate(nights):
            found.append(counts(_night(connection, number, [records[name] for name in night])))
            if is_pruned:
                forget_repeats(connection, datetime(2024, 5, 1) + timedelta(days=number + 1 - keep))
        found.append(_known(connection))
        connection.close()
        results.append((found, describe_content(path)))
    assert results[0] == results[1]
