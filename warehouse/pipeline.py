"""The stages of a run, each usable alone: load, build when something changed, publish."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from warehouse.build import fingerprint, read_note
from warehouse.home import Home, replace_text
from warehouse.release import list_releases
from warehouse.run_history import STAGES, RunRow, read_history

if TYPE_CHECKING:
    import duckdb

    from ingest.ledger import LoadResult
    from ingest.load import Progress
    from ingest.reading_process import ReadingLimits

BuildState = Literal["published", "built", "stale"]
"""What there is for the loaded content: a release, a build that is not published yet, or neither."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An input that nobody could read so far, and since when (UTC)."""

    input_name: str
    code: str
    message_zh: str
    message_en: str
    since: str


def ingest(
    home: Home,
    paths: Sequence[Path],
    *,
    keep_days: int,
    limits: ReadingLimits | None = None,
    jobs: int | None = None,
    anew: bool = False,
    progress: Progress | None = None,
    before_reading: Callable[[], None] | None = None,
) -> LoadResult:
    """Load documents and records into the build file and note what is waiting for a person.

    The caller holds the writer's lock.

    Args:
        home: the home folder.
        paths: files and folders.
        keep_days: rows of the ledger that only repeat others go after so many days.
        limits: what reading may take.
        jobs: how many processes read (`ingest.parallel.read_inputs`).
        anew: read also what is known not to have changed.
        progress: told after each input.
        before_reading: called once, and only where an input has to be read.

    Raises:
        UsageError: a path does not exist.
        UnreachableError: the processes that read cannot be started.
    """
    from ingest.ledger import forget_repeats
    from ingest.load import load
    from ingest.raw_store import naive_utc, open_build, utc_now

    home.prepare()
    with open_build(home.build_file) as connection:
        result = load(
            paths,
            connection=connection,
            home=home.root,
            limits=limits,
            jobs=jobs,
            lexicon=home.lexicon,
            anew=anew,
            progress=progress,
            before_reading=before_reading,
        )
        waiting = _find_waiting(connection)
        forget_repeats(connection, naive_utc(utc_now()) - timedelta(days=keep_days))
    _write_last_run(home, result, waiting)
    return result


def apply_peoples_data(home: Home) -> None:
    """Bring what people keep in the home folder into the build file: corrections and own reference data.

    The caller holds the writer's lock.

    Raises:
        UsageError: a file of theirs cannot be used.
        BusyError: another program has the build file open.
    """
    from warehouse.corrections import apply_corrections
    from warehouse.own_reference import apply_own_reference

    apply_corrections(home)
    apply_own_reference(home)


def record_runs(home: Home, running: RunRow) -> None:
    """Bring the run history into `ops.runs`, this run as far as it is, so that analysts find it in the next release.

    No mart is made of it: the same material gives the same marts, whenever and however often it was run.

    The caller holds the writer's lock.
    """
    from ingest.raw_schema import OPS_TABLES
    from ingest.raw_store import insert_rows, open_build, transaction

    if not home.build_file.is_file():
        return
    runs = [running if row.run_id == running.run_id else row for row in read_history(home)]
    with open_build(home.build_file) as connection, transaction(connection):
        connection.execute("delete from ops.runs")
        insert_rows(connection, "ops.runs", [_run_row(row, OPS_TABLES["runs"]) for row in runs])


def _run_row(run: RunRow, columns: Iterable[str]) -> dict[str, Any]:
    values = run.to_dict() | {f"{stage}_seconds": run.stages.get(stage) for stage in STAGES}
    times = {name: _naive(values[name]) for name in ("started_at", "finished_at")}
    return {name: (values | times)[name] for name in columns}


def _naive(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        return None


def build_state(home: Home) -> BuildState:
    """Whether there is anything to build or publish."""
    wanted = fingerprint(home)
    releases = list_releases(home)
    if releases and releases[-1].fingerprint == wanted:
        return "published"
    note = read_note(home)
    return "built" if note is not None and note.fingerprint == wanted else "stale"


def read_last_run(home: Home) -> dict[str, Any] | None:
    """Counts of the last load and what waits, without touching the build file; None before the first load."""
    try:
        content: dict[str, Any] = json.loads(home.last_run.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content


def _find_waiting(connection: duckdb.DuckDBPyConnection) -> list[Waiting]:
    """The latest reason of every quarantined input that no later load has read."""
    rows = connection.execute(
        """
        with numbered as (
            select quarantine.*, loads.load_sequence, loads.completed_at
            from ops.quarantine as quarantine inner join ops.loads as loads using (load_id)
        ),
        has_read as (
            select files.input_name, files.document_sha256, loads.load_sequence
            from ops.load_files as files inner join ops.loads as loads using (load_id)
            where files.outcome in ('loaded', 'unchanged')
        ),
        names_read as (select input_name, max(load_sequence) as last_read from has_read group by all),
        documents_read as (select document_sha256, max(load_sequence) as last_read from has_read group by all)
        select input_name, code, message_zh, message_en, completed_at
        from numbered
        left join names_read using (input_name)
        left join documents_read using (document_sha256)
        where
            coalesce(names_read.last_read <= load_sequence, true)
            and coalesce(documents_read.last_read < load_sequence, true)
        qualify row_number() over (partition by input_name order by load_sequence desc) = 1
        order by input_name
        """
    ).fetchall()
    return [
        Waiting(name, code, zh, en, completed_at.isoformat(timespec="seconds") + "+00:00")
        for name, code, zh, en, completed_at in rows
    ]


def _write_last_run(home: Home, result: LoadResult, waiting: Sequence[Waiting]) -> None:
    content = {
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load_id": result.load_id,
        "inputs": result.inputs,
        "loaded": result.loaded,
        "unchanged": result.unchanged,
        "quarantined": result.quarantined,
        "waiting": [asdict(entry) for entry in waiting],
    }
    replace_text(home.last_run, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
