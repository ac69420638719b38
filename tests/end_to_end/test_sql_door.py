"""The read-only door on a published release of the samples: what it answers, what it refuses, and what that takes.

`FUNDPERF_ATTACKS=all` (in `make nightly`) puts every attack through the command with its own limits; otherwise a part
of them meets the worker, with less time, and `tests/unit/warehouse/test_sql_guard.py` meets them all.
"""

from __future__ import annotations

import os
import re
import sys
import time

import pytest

from ingest.errors import RefusedSqlError, UsageError
from tests.end_to_end.conftest import TwoRuns
from tests.support.sql_door import Attack, ForkedDoor, Outcome, analyst_statements, attacks
from warehouse.home import find_home
from warehouse.release import Release, find_release
from warehouse.sql import Limits

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be forked there")

EVERYTHING = os.environ.get("FUNDPERF_ATTACKS") == "all"
MOST_SECONDS, MOST_BYTES = 10.0, 1 << 30
ABSOLUTE_PATH = re.compile(r"(?<![\w.:/<])/(?:home|root|tmp|usr|var|work|etc|opt|mnt|private|Users)/")


@pytest.fixture(scope="module")
def release(runs: TwoRuns) -> Release:
    """The first release of the samples."""
    return find_release(find_home(runs.home_of_samples))


def chosen() -> list[Attack]:
    """All attacks, or every eighth of each kind, the first and what the guard leaves to others among them."""
    if EVERYTHING:
        return attacks()
    kinds: dict[str, list[Attack]] = {}
    for attack in attacks():
        kinds.setdefault(attack.kind, []).append(attack)
    kinds["left to the engine"] *= 1
    return [attack for found in kinds.values() for attack in found[::8]] + kinds["left to the engine"][1:]


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


def test_every_analyst_is_answered(release: Release) -> None:
    statements = analyst_statements()
    assert len(statements) >= 120
    assert sum(re.search(r"from (中文\.)?[一-龥]", sql) is not None for sql in statements) >= 10
    # The machine may be busy with other tests: what is measured here is not speed.
    with ForkedDoor(release, Limits(seconds=60)) as door:
        outcomes = door.ask_all(statements)
    assert {outcome.sql: outcome.error.en for outcome in outcomes if outcome.error} == {}
    assert {outcome.sql: wrong for outcome in outcomes if (wrong := misbehaviour(outcome))} == {}
    assert sum(bool(outcome.rows) for outcome in outcomes) >= 130


def test_the_command_refuses_with_one_sentence(release: Release, runs: TwoRuns) -> None:
    from tests.end_to_end.conftest import fundperf

    for lang, start in (("zh", "未执行："), ("en", "Not run: ")):
        began = time.monotonic()
        refused = fundperf("sql", "with x as (copy fct_funding to 'x.csv') from x", "--lang", lang, home=runs.home_of_samples)
        assert refused.returncode == 2
        assert refused.stdout == ""
        assert refused.stderr.startswith(start)
        assert len(refused.stderr.splitlines()) == 1
        assert time.monotonic() - began < 60


def test_refusals_are_of_one_kind(release: Release) -> None:
    with ForkedDoor(release, at_once=1) as door:
        assert isinstance(door.ask("select getenv('HOME')").error, RefusedSqlError)
