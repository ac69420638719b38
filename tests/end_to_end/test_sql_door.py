"""The read-only door on a published release of the samples: what it answers, what it refuses, and what that takes.

`FUNDPERF_ATTACKS=all` (in `make nightly`) puts every statement through the worker with its own limits. Otherwise some
attacks of each kind go there, with less time, while `tests/unit/warehouse/test_sql_guard.py` meets them all; and some
of what analysts ask, while all of it is checked and answered here.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from ingest.errors import UsageError
from tests.support.homes import fundperf
from tests.support.sql_door import Attack, ForkedDoor, Outcome, analyst_statements, attacks
from warehouse import sql_worker
from warehouse.attaching import attach
from warehouse.home import find_home
from warehouse.release import Release, find_release
from warehouse.sql import Limits
from warehouse.sql_guard import check_sql

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be forked there")

EVERYTHING = os.environ.get("FUNDPERF_ATTACKS") == "all"
MOST_SECONDS, MOST_BYTES = 10.0, 1 << 30
ABSOLUTE_PATH = re.compile(r"(?<![\w.:/<])/(?:home|root|tmp|usr|var|work|etc|opt|mnt|private|Users)/")


@pytest.fixture(scope="module")
def release(home_of_samples: Path) -> Release:
    """The first release of the samples."""
    return find_release(find_home(home_of_samples))


def chosen() -> list[Attack]:
    """All attacks, or some of each kind and all that the guard leaves to the engine."""
    if EVERYTHING:
        return attacks()
    kinds: dict[str, list[Attack]] = {}
    for attack in attacks():
        kinds.setdefault(attack.kind, []).append(attack)
    steps = {"left to the engine": 1, "time and space": 15}
    return [
        attack for kind, found in kinds.items() for attack in found[:: steps.get(kind, max(8, 1 + len(found) // 3))]
    ]


def misbehaviour(outcome: Outcome) -> str:
    """What a statement did that none may do; empty where it behaved."""
    said = (outcome.error.zh + outcome.error.en if outcome.error else "") + str(outcome.rows or "")
    if "Traceback" in outcome.stderr + said:
        return outcome.stderr
    if ABSOLUTE_PATH.search(said):
        return f"a path is shown: {said[:500]}"
    if outcome.peak_bytes > MOST_BYTES:
        return f"{outcome.peak_bytes >> 20} MiB"
    return "" if outcome.seconds <= MOST_SECONDS else f"{outcome.seconds:.1f} s"


def test_every_attack_is_refused_in_time_and_within_memory(release: Release) -> None:
    limits = Limits() if EVERYTHING else Limits(seconds=2.0)
    found = chosen()
    with ForkedDoor(release, limits) as door:
        outcomes = door.ask_all([attack.sql for attack in found])
    failures = {}
    for attack, outcome in zip(found, outcomes, strict=True):
        if wrong := misbehaviour(outcome):
            failures[attack] = wrong
        elif not isinstance(outcome.error, UsageError) or outcome.error.code == "sql_unanswered":
            failures[attack] = f"not refused: {outcome.error} {outcome.rows}"
        elif outcome.error.zh == outcome.error.en:
            failures[attack] = "one language"
    assert failures == {}
    assert {outcome.error.code for outcome in outcomes if outcome.error} >= {
        "sql_too_slow", "sql_too_big", "refused_function", "refused_table_function", "unknown_relation",
        "not_a_query", "hidden_statement", "unreadable_sql", "odd_character", "sql_too_deep", "sql_too_long",
    }  # fmt: skip


def test_every_analyst_passes_and_is_answered_on_the_locked_connection(release: Release) -> None:
    statements = analyst_statements()
    assert len(statements) >= 120
    assert sum(re.search(r"from (中文\.)?[一-龥]", sql) is not None for sql in statements) >= 10
    n_answered = 0
    with attach(release.file) as connection:
        relations = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = current_database()"
        ).fetchall()
        sql_worker._lock(connection, Limits().duckdb_memory_bytes, 60)
        for sql in statements:
            answer = connection.sql(check_sql(connection, sql, relations))
            assert answer is not None, sql
            sql_worker._require_exact(answer)
            with answer.to_arrow_reader(1_000) as reader:
                n_answered += any(batch.num_rows for batch in reader)
    assert n_answered >= 130


def test_analysts_are_answered_by_the_worker_in_time_and_within_memory(release: Release) -> None:
    statements = analyst_statements()[:: 1 if EVERYTHING else 10]
    # The machine may be busy with other tests: what is measured here is not speed.
    with ForkedDoor(release, Limits(seconds=60)) as door:
        outcomes = door.ask_all(statements)
    assert {outcome.sql: outcome.error.en for outcome in outcomes if outcome.error} == {}
    assert {outcome.sql: wrong for outcome in outcomes if (wrong := misbehaviour(outcome))} == {}
    assert sum(bool(outcome.rows) for outcome in outcomes) > 0.9 * len(statements)


@pytest.mark.parametrize(("lang", "start"), [("zh", "未执行："), ("en", "Not run: ")])
def test_the_command_refuses_with_one_sentence(home_of_samples: Path, lang: str, start: str) -> None:
    refused = fundperf("sql", "with x as (copy fct_funding to 'x.csv') from x", home=home_of_samples, lang=lang)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(start)
    assert len(refused.stderr.splitlines()) == 1
