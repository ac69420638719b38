"""Records → raw tables, as loads.

One load is one transaction and one row of `ops.loads`, written last: a load is there completely or not at all. Rows
go in by frame while the inputs are read, so a batch need not fit into memory; the batch is checked, and what fails is
taken out again, before the transaction is completed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.inputs import Input, Outcome, Quarantined, Recalled
from ingest.ledger import (
    Batch,
    Entry,
    LoadResult,
    batch_stopped,
    changed_reports,
    conclude,
    does_not_fit,
    failed_check,
    write_ledger,
)
from ingest.raw_store import Clock, insert_frame, new_load_id, transaction, utc_now
from ingest.records import DocumentRecord, ReportRecord, stable_id
from ingest.value_changes import note_changes

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection

    from ingest.check_results import BatchVerdict

    CheckBatch = Callable[[Mapping[str, pl.DataFrame]], BatchVerdict]
    """The raw tables of the batch (without texts) → verdict."""

Landable = Outcome | Recalled
"""What an input gave, or is known to give."""

_CHUNK_INPUTS = 500
_CHUNK_CHARACTERS = 32 * 1024 * 1024


def land(
    connection: DuckDBPyConnection,
    outcomes: Iterable[tuple[Input, Landable]],
    *,
    code_version: str,
    clock: Clock = utc_now,
    load_id: str | None = None,
    check: CheckBatch | None = None,
    remember: Callable[[Sequence[Entry]], None] | None = None,
) -> LoadResult:
    """Land the outcomes of a batch as one load.

    A record is unchanged when the latest load that knows its document knows this very record; of equal records in one
    batch the first is loaded and the others are unchanged. So A, then B, then A again loads A anew, and the same batch
    twice changes nothing.

    Args:
        connection: an open build file.
        outcomes: each input with what it gave, in order.
        code_version: kept in the ledger.
        clock: the present moment.
        load_id: made from the clock when not given.
        check: looks at the new records as a batch; not called when nothing is new.
        remember: told every input with its outcome inside the transaction, before the load is complete.

    Raises:
        CheckError: the counts of the ledger do not add up; nothing was written.
    """
    started_at = clock()
    batch = Batch(load_id or new_load_id(started_at))
    with transaction(connection):
        for chunk in _chunks(outcomes):
            _land_chunk(connection, batch, chunk)
        verdict = _check(connection, batch, check)
        result = conclude(batch, verdict)
        changed_fields = note_changes(connection, batch.load_id, batch.new_record_ids - batch.refusals.keys())
        if remember is not None:
            remember(batch.entries)
        write_ledger(
            connection,
            batch.entries,
            result,
            code_version=code_version,
            started_at=started_at,
            completed_at=clock(),
        )
    return replace(result, changed_fields=changed_fields)


def _chunks(outcomes: Iterable[tuple[Input, Landable]]) -> Iterator[list[tuple[Input, Landable]]]:
    chunk: list[tuple[Input, Landable]] = []
    characters = 0
    for entry, outcome in outcomes:
        chunk.append((entry, outcome))
        if isinstance(outcome, DocumentRecord):
            characters += len(outcome.document.canonical_text or "")
        if len(chunk) >= _CHUNK_INPUTS or characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _land_chunk(connection: DuckDBPyConnection, batch: Batch, chunk: Sequence[tuple[Input, Landable]]) -> None:
    read: list[tuple[Entry, str, DocumentRecord]] = []
    for given, outcome in chunk:
        if isinstance(outcome, Quarantined):
            entry = Entry(given, outcome.file_name, outcome.document_sha256, quarantined=outcome)
        elif isinstance(outcome, Recalled):
            entry = Entry(given, outcome.file_name, outcome.document_sha256, outcome.record_id, "unchanged")
        else:
            entry = Entry(given, outcome.document.file_name, outcome.document.sha256)
            try:
                record = _with_own_ids(outcome)
                entry.record_id = record.record_id
            except ValueError as error:
                entry.quarantined = does_not_fit(error).of(entry)
            else:
                read.append((entry, entry.record_id, record))
        batch.entries.append(entry)
    if not read:
        return
    landed = latest_records(connection, [record.document.sha256 for _, _, record in read])
    new: dict[str, DocumentRecord] = {}
    for entry, record_id, record in read:
        if (record.document.sha256, record_id) in landed or record_id in batch.new_record_ids:
            entry.outcome = "unchanged"
        else:
            entry.outcome = "loaded"
            batch.new_record_ids.add(record_id)
            new[record_id] = record
    for table, frame in _frames(new, batch).items():
        insert_frame(connection, f"raw.{table}", frame)


def _with_own_ids(record: DocumentRecord) -> DocumentRecord:
    """The record with report ids that no other document can have.

    Other extractors number their reports as they like (`1`, `2`, …); the ids of all rows are made from these.
    """
    reports = tuple(_with_own_id(report, record.document.sha256) for report in record.reports)
    return record if reports == record.reports else record.model_copy(update={"reports": reports})


def _with_own_id(report: ReportRecord, sha256: str) -> ReportRecord:
    if report.report_id == stable_id(sha256, report.ordinal):
        return report
    return report.model_copy(update={"report_id": stable_id(sha256, report.report_id)})


def latest_records(connection: DuckDBPyConnection, document_ids: Sequence[str]) -> set[tuple[str, str]]:
    """For each document, the records that the latest load that knows it has loaded or found unchanged."""
    rows = connection.execute(
        """
        select files.document_sha256, files.record_id
        from ops.load_files as files
        inner join ops.loads as loads on files.load_id = loads.load_id
        where
            files.outcome in ('loaded', 'unchanged')
            and files.document_sha256 in (select unnest(?::varchar[]))
        qualify loads.load_sequence = max(loads.load_sequence) over (partition by files.document_sha256)
        """,
        [list(document_ids)],
    ).fetchall()
    return {(sha256, record_id) for sha256, record_id in rows}


def _frames(new: Mapping[str, DocumentRecord], batch: Batch) -> dict[str, pl.DataFrame]:
    """The raw tables of the new records; a record that the tables cannot hold is refused."""
    from polars.exceptions import PolarsError

    from ingest.raw_schema import record_frames

    unstorable = (PolarsError, TypeError, ValueError, OverflowError)
    storable = dict(new)
    try:
        frames = record_frames(new.values(), batch.load_id)
    except unstorable:
        for record_id, record in new.items():
            try:
                record_frames([record], batch.load_id)
            except unstorable as error:
                batch.refusals[record_id] = does_not_fit(error)
                del storable[record_id]
        frames = record_frames(storable.values(), batch.load_id)
    batch.changed_reports.update({record_id: changed_reports(record) for record_id, record in storable.items()})
    return frames


def _check(connection: DuckDBPyConnection, batch: Batch, check: CheckBatch | None) -> BatchVerdict | None:
    """Ask for the verdict on the new records, and take out again what may not be loaded."""
    candidates = batch.new_record_ids - batch.refusals.keys()
    if check is None or not candidates:
        return None
    verdict = check(_batch_frames(connection, batch.load_id))
    if verdict.stopped is not None:
        refused = dict.fromkeys(candidates, batch_stopped(verdict.stopped))
    else:
        refused = {
            record_id: failed_check(rejection)
            for record_id, rejection in verdict.rejected.items()
            if record_id in candidates
        }
    if refused:
        _take_out(connection, batch.load_id, list(refused))
    batch.refusals.update(refused)
    return verdict


def _batch_frames(connection: DuckDBPyConnection, load_id: str) -> dict[str, pl.DataFrame]:
    from ingest.batch_checks import TEXT_COLUMNS, UNCHECKED_TABLES
    from ingest.raw_schema import RAW_TABLES

    frames = {}
    for table, columns in RAW_TABLES.items():
        if table in UNCHECKED_TABLES:
            continue
        wanted = ", ".join(f'"{name}"' for name in columns if name not in TEXT_COLUMNS)
        frames[table] = connection.sql(f"select {wanted} from raw.{table} where load_id = ?", params=[load_id]).pl()
    return frames


def _take_out(connection: DuckDBPyConnection, load_id: str, record_ids: list[str]) -> None:
    from ingest.raw_schema import RAW_TABLES

    for table, columns in RAW_TABLES.items():
        if "record_id" in columns:
            connection.execute(
                f"delete from raw.{table} where load_id = ? and record_id in (select unnest(?::varchar[]))",
                [load_id, record_ids],
            )
