"""Checks that failed, for people and programs: read from where they are kept, with where to look next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ingest.check_results import Failure, failure_rows
from ingest.errors import CheckError, UnreachableError
from ingest.raw_store import Clock, insert_rows, naive_utc, open_build, read_build, utc_now
from warehouse.attaching import CHINESE_SCHEMA, named_rows
from warehouse.build import require_loaded
from warehouse.corrections import MISFITS_CHECK
from warehouse.home import Home
from warehouse.messages import Lang, say
from warehouse.release import find_waiting
from warehouse.signoffs import Finding, Limits, Waiting, read_limits, read_waiting

if TYPE_CHECKING:
    import duckdb

BATCH, LIMIT = "batch", "release_limit"
"""Kinds of checks beside dbt's own: of a load, and of what a publication would change for readers."""
_WITHDRAWALS_CHECK = "withdrawn_documents_are_known"


@dataclass(frozen=True, slots=True)
class KeptFailure:
    """A failed check, and the run that found it (a load, a build, a check) with its time (UTC)."""

    run_id: str
    checked_at: datetime
    failure: Failure

    @property
    def stops(self) -> bool:
        """Whether it keeps something from readers: a release, or the documents it names."""
        return self.failure.severity in {"error", "critical"}


@dataclass(frozen=True, slots=True)
class Failures:
    """What the last run of every kind of check found; `chinese` are the Chinese names of columns."""

    found: Sequence[KeptFailure]
    chinese: Mapping[str, str]


def check_limits(home: Home, clock: Clock = utc_now) -> None:
    """Look whether the build may be published as far as releases are compared, and keep what is found beside the tests.

    The caller holds the writer's lock.
    """
    reason, waiting = None, None
    try:
        waiting = find_waiting(home, clock)
    except (CheckError, UnreachableError) as error:
        # There is no complete build to compare: whether it moves something nobody can say yet.
        reason = error.message("zh") + " " + error.message("en")
    failures = [] if waiting is None else list(_limit_failures(waiting, read_limits(home)))
    now = naive_utc(clock())
    run_id = f"{now:%Y%m%dT%H%M%S%f}Z-limits"
    checked = {"run_id": run_id, "checked_at": now, "kind": LIMIT, "severity": "error", "n_evaluated": None}
    results = [
        {
            "subject": failure.subject,
            "check_name": failure.check_name,
            "result": False,
            "reason": f"{failure.meaning_zh} {failure.meaning_en}",
            "n_failed": failure.n_failed,
        }
        for failure in failures
    ]
    if not results:
        passed = reason is None
        results = [
            {
                "subject": "",
                "check_name": LIMIT,
                "result": passed or None,
                "reason": reason,
                "n_failed": 0 if passed else None,
            }
        ]
    with open_build(home.build_file) as connection:
        insert_rows(connection, "ops.check_results", [checked | result for result in results])
        rows = [row for failure in failures for row in failure_rows(failure, run_id, now)]
        insert_rows(connection, "ops.check_failures", rows)


def read_failures(home: Home) -> Failures:
    """The failures of the last load that was checked and of the last tests, and what keeps the build from readers now.

    What stops a release comes first.

    Raises:
        UnreachableError: nothing was loaded yet.
        BusyError: a run is at work on the build file.
    """
    require_loaded(home)
    with read_build(home.build_file) as connection:
        found = list(_kept(connection))
        chinese = _chinese_names(connection)
    waiting = read_waiting(home)
    if waiting is not None:
        since = datetime.fromisoformat(waiting.since).replace(tzinfo=None)
        found += [KeptFailure("", since, failure) for failure in _limit_failures(waiting, read_limits(home))]
    return Failures(sorted(found, key=lambda entry: not entry.stops), chinese)


def next_steps(entry: KeptFailure, home: Home, lang: Lang) -> list[str]:
    """Where to look next, and what to do, a sentence each."""
    failure = entry.failure
    steps: list[str] = []
    if failure.kind == LIMIT:
        return [say("check_next_limit", lang)]
    if failure.kind == BATCH:
        page = home.data_docs / entry.run_id / "index.html"
        if page.is_file():
            steps.append(say("check_next_page", lang, path=page))
        return [*steps, say("check_next_rejected" if entry.stops else "check_next_doubtful", lang)]
    if failure.check_name == MISFITS_CHECK:
        return [say("check_next_misfit", lang, path=home.corrections)]
    if failure.check_name == _WITHDRAWALS_CHECK:
        return [say("check_next_withdrawn", lang, path=home.reference / "withdrawn_documents.csv")]
    if failure.subject.count(".") == 2:
        steps.append(say("check_next_lineage", lang, column=failure.subject))
    if any("fact_id" in row for row in failure.rows):
        steps.append(say("check_next_trace", lang))
    return [*steps, say("check_next_stopped" if entry.stops else "check_next_doubtful", lang)]


def to_dict(entry: KeptFailure, home: Home) -> dict[str, Any]:
    """A failure for programs."""
    failure = entry.failure
    return {
        **failure.described(),
        "next_zh": "".join(next_steps(entry, home, "zh")),
        "next_en": " ".join(next_steps(entry, home, "en")),
        "checked_at": entry.checked_at.isoformat(timespec="seconds") + "+00:00",
        "rows": list(failure.rows),
    }


def _kept(connection: duckdb.DuckDBPyConnection) -> Iterator[KeptFailure]:
    import duckdb

    try:
        rows = named_rows(
            connection,
            """
            with latest as (
                -- The unit tests of the models run only with `fundperf check`, beside the data tests.
                select
                    case kind when 'dbt_unit_test' then 'dbt_test' else kind end as kind_of_run,
                    max_by(run_id, checked_at) as run_id
                from ops.check_results
                group by kind_of_run
            )
            select failures.*
            from ops.check_failures as failures
            inner join latest on failures.run_id = latest.run_id
            where failures.kind <> 'release_limit'
            order by failures.kind desc, failures.subject, failures.check_name, failures.row_number
            """,
        )
    except duckdb.CatalogException:
        # A build file of an older version that was not opened for writing since.
        return
    for _, group in groupby(rows, key=lambda row: (row["run_id"], row["kind"], row["subject"], row["check_name"])):
        same = list(group)
        failing = [json.loads(row["failing_row"]) for row in same if row["failing_row"] is not None]
        facts = ("kind", "subject", "check_name", "severity", "meaning_zh", "meaning_en", "n_failed")
        first = same[0]
        yield KeptFailure(
            first["run_id"], first["checked_at"], Failure(**{name: first[name] for name in facts}, rows=failing)
        )


def _chinese_names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the Chinese door calls each column, as far as marts are built: one name has one translation everywhere."""
    rows = connection.execute(
        "select distinct regexp_extract(comment, '\\[([^\\[\\]]+)\\]$', 1), column_name from duckdb_columns() "
        "where schema_name = ? and comment is not null",
        [CHINESE_SCHEMA],
    ).fetchall()
    return dict(rows)


def _limit_failures(waiting: Waiting, limits: Limits) -> Iterator[Failure]:
    def name_of(finding: Finding) -> str:
        return finding.what

    for what, group in groupby(sorted(waiting.findings, key=name_of), key=name_of):
        findings = list(group)
        facts = {"unexplained": f"{limits.unexplained:.0%}", "revised": f"{limits.revised:.0%}"}
        yield Failure(
            kind=LIMIT,
            subject=waiting.release_id,
            check_name=what,
            severity="error",
            meaning_zh=say(f"check_means_{what}", "zh", **facts),
            meaning_en=say(f"check_means_{what}", "en", **facts),
            n_failed=len(findings),
            rows=[
                {
                    "subject": each.subject,
                    "before": each.before,
                    "after": each.after,
                    "cause": each.cause,
                    "key": each.key,
                }
                for each in findings
            ],
        )
