"""Records → raw tables, with the ledger of loads. The only place that writes raw and ops tables during a load.

One load is one transaction and one row of `ops.loads`, written last: a load is there completely or not at all. Rows
go in by frame while the inputs are read, so a batch need not fit into memory; the batch is checked, and what fails is
taken out again, before the transaction is completed.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ingest.errors import BusyError, CheckError, UnreachableError
from ingest.inputs import Input, Outcome, Quarantined
from ingest.records import DocumentRecord, ReportRecord, stable_id

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection

    from ingest.check_results import BatchVerdict, CheckResult, Rejection

    CheckBatch = Callable[[Mapping[str, pl.DataFrame]], BatchVerdict]
    """The raw tables of the batch (without texts) → verdict."""

Clock = Callable[[], datetime]

# Warnings that are about the file and not about what it says.
_DAMAGE_CODES = ("damaged_characters", "text_ends_in_the_middle")
_CHUNK_INPUTS = 500
_CHUNK_CHARACTERS = 32 * 1024 * 1024


def utc_now() -> datetime:
    """The present moment, with its time zone."""
    return datetime.now(UTC)


def new_load_id(started_at: datetime) -> str:
    """An id that sorts by time and is never given twice."""
    return f"{started_at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class ChangedReport:
    """A report that a load brought in, new or in another version.

    `n_warnings` counts what a person should look at; `damage` has the messages that say the file itself is incomplete.
    """

    report_id: str
    document_sha256: str
    file_name: str
    fiscal_year: int | None
    unit: str | None
    project_name: str | None
    n_warnings: int = 0
    damage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did. `inputs` = `loaded` + `unchanged` + `quarantined`, always.

    `quarantine` has the reasons, `checks` every batch check (none when nothing was new), `changed_reports` what is new,
    `notes` further sentences for people (Chinese, English).
    """

    load_id: str
    inputs: int
    loaded: int
    unchanged: int
    quarantined: int
    quarantine: tuple[Quarantined, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    changed_reports: tuple[ChangedReport, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def failed_checks(self) -> tuple[CheckResult, ...]:
        """The batch checks that did not pass."""
        return tuple(check for check in self.checks if check.result is False)


def open_build(path: Path) -> DuckDBPyConnection:
    """Open the build file for writing; folders and tables are created where missing.

    Raises:
        BusyError: another process has the file open.
        UnreachableError: the file cannot be opened as a warehouse.
    """
    import duckdb

    from ingest.raw_schema import ddl

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path))
    except (duckdb.Error, OSError) as error:
        # The second wording is that of Windows.
        if re.search(r"lock|used by another process", str(error), re.IGNORECASE):
            raise BusyError(
                "build_is_open",
                zh=f"{path}：另一个程序正在使用数据仓库。请等待其结束后重试。",
                en=f"{path}: another program has the warehouse open. Wait until it has finished and try again.",
                path=str(path),
            ) from error
        raise UnreachableError(
            "build_not_opened",
            zh=f"{path}：无法打开数据仓库文件（{type(error).__name__}）。请检查路径和权限；若文件已损坏，请移走后重新导入。",
            en=f"{path}: the warehouse file cannot be opened ({type(error).__name__}). "
            "Check path and permissions; if the file is damaged, move it away and load again.",
            path=str(path),
        ) from error
    for statement in ddl():
        connection.execute(statement)
    return connection


def land(
    connection: DuckDBPyConnection,
    outcomes: Iterable[tuple[Input, Outcome]],
    *,
    code_version: str,
    clock: Clock = utc_now,
    load_id: str | None = None,
    check: CheckBatch | None = None,
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

    Raises:
        CheckError: the counts of the ledger do not add up; nothing was written.
    """
    started_at = clock()
    batch = _Batch(load_id or new_load_id(started_at))
    with _transaction(connection):
        for chunk in _chunks(outcomes):
            _land_chunk(connection, batch, chunk)
        verdict = _check(connection, batch, check)
        result = _conclude(batch, verdict)
        _write_ledger(connection, batch, result, code_version, started_at, clock())
    return result


@dataclass(slots=True)
class _Entry:
    """One input of the load on its way to a row of the ledger."""

    input: Input
    file_name: str
    document_sha256: str | None
    record_id: str | None = None
    outcome: Literal["loaded", "unchanged", "quarantined"] = "quarantined"
    quarantined: Quarantined | None = None


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a new record may not be landed, in words that follow the name of the input."""

    code: str
    zh: str
    en: str


@dataclass(slots=True)
class _Batch:
    load_id: str
    entries: list[_Entry] = field(default_factory=list)
    new_record_ids: set[str] = field(default_factory=set)
    refusals: dict[str, _Refusal] = field(default_factory=dict)
    changed_reports: dict[str, list[ChangedReport]] = field(default_factory=dict)


@contextmanager
def _transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _chunks(outcomes: Iterable[tuple[Input, Outcome]]) -> Iterator[list[tuple[Input, Outcome]]]:
    chunk: list[tuple[Input, Outcome]] = []
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


def _land_chunk(connection: DuckDBPyConnection, batch: _Batch, chunk: Sequence[tuple[Input, Outcome]]) -> None:
    read: list[tuple[_Entry, str, DocumentRecord]] = []
    for given, outcome in chunk:
        if isinstance(outcome, Quarantined):
            entry = _Entry(given, outcome.file_name, outcome.document_sha256, quarantined=outcome)
        else:
            entry = _Entry(given, outcome.document.file_name, outcome.document.sha256)
            try:
                record = _with_own_ids(outcome)
                entry.record_id = record.record_id
            except ValueError as error:
                entry.quarantined = _refused(entry, _does_not_fit(error))
            else:
                read.append((entry, entry.record_id, record))
        batch.entries.append(entry)
    landed = _latest_records(connection, [record.document.sha256 for _, _, record in read])
    new: dict[str, DocumentRecord] = {}
    for entry, record_id, record in read:
        if (record.document.sha256, record_id) in landed or record_id in batch.new_record_ids:
            entry.outcome = "unchanged"
        else:
            entry.outcome = "loaded"
            batch.new_record_ids.add(record_id)
            new[record_id] = record
    for table, frame in _frames(new, batch).items():
        _insert(connection, f"raw.{table}", frame)


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


def _latest_records(connection: DuckDBPyConnection, document_ids: list[str]) -> set[tuple[str, str]]:
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
        [document_ids],
    ).fetchall()
    return {(sha256, record_id) for sha256, record_id in rows}


def _frames(new: Mapping[str, DocumentRecord], batch: _Batch) -> dict[str, pl.DataFrame]:
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
                batch.refusals[record_id] = _does_not_fit(error)
                del storable[record_id]
        frames = record_frames(storable.values(), batch.load_id)
    batch.changed_reports.update({record_id: _changed(record) for record_id, record in storable.items()})
    return frames


def _changed(record: DocumentRecord) -> list[ChangedReport]:
    facts = record.document
    return [
        ChangedReport(
            report.report_id,
            facts.sha256,
            facts.file_name,
            report.fiscal_year,
            report.unit,
            report.project_name,
            len(report.warnings),
            tuple(warning.message for warning in report.warnings if warning.code in _DAMAGE_CODES),
        )
        for report in record.reports
    ]


def _insert(connection: DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    if frame.is_empty():
        return
    connection.register("incoming_rows", frame.to_arrow())
    try:
        connection.execute(f"insert into {table} by name select * from incoming_rows")
    finally:
        connection.unregister("incoming_rows")


def _check(connection: DuckDBPyConnection, batch: _Batch, check: CheckBatch | None) -> BatchVerdict | None:
    """Ask for the verdict on the new records, and take out again what may not be loaded."""
    candidates = batch.new_record_ids - batch.refusals.keys()
    if check is None or not candidates:
        return None
    verdict = check(_batch_frames(connection, batch.load_id))
    if verdict.stopped is not None:
        refused = dict.fromkeys(candidates, _batch_stopped(verdict.stopped))
    else:
        refused = {
            record_id: _failed_check(rejection)
            for record_id, rejection in verdict.rejected.items()
            if record_id in candidates
        }
    if refused:
        _take_out(connection, batch.load_id, list(refused))
    batch.refusals.update(refused)
    return verdict


def _batch_frames(connection: DuckDBPyConnection, load_id: str) -> dict[str, pl.DataFrame]:
    from ingest.batch_checks import TEXT_COLUMNS
    from ingest.raw_schema import RAW_TABLES

    frames = {}
    for table, columns in RAW_TABLES.items():
        if table in ("document_text", "corrections"):
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


def _does_not_fit(error: Exception) -> _Refusal:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return _Refusal(
        "broken_record",
        f"有一个值超出原始表的范围（{reason}）。请改正该记录后重新导入。",
        f"a value does not fit the raw tables ({reason}). Correct the record and load it again.",
    )


def _failed_check(rejection: Rejection) -> _Refusal:
    return _Refusal(
        "failed_batch_check",
        f"未通过批次检查 {rejection.check_name}（行 {rejection.row}）：{rejection.zh}请对照原文件改正记录后重新导入。",
        f"the batch check {rejection.check_name} failed on row {rejection.row}: {rejection.en} "
        "Compare with the document, correct the record and load it again.",
    )


def _batch_stopped(stop: Rejection) -> _Refusal:
    return _Refusal(
        "batch_stopped",
        f"批次检查 {stop.check_name} 未通过且无法归到单个文件（{stop.row}），本批次的新记录均未入库：{stop.zh}"
        "请先解决该问题，再重新导入。",
        f"the batch check {stop.check_name} failed and names no single document ({stop.row}), so no new record of this "
        f"batch was loaded: {stop.en} Solve this first, then load again.",
    )


def _apply_refusals(batch: _Batch) -> None:
    for entry in batch.entries:
        refusal = batch.refusals.get(entry.record_id or "")
        if refusal is not None:
            entry.outcome = "quarantined"
            entry.quarantined = _refused(entry, refusal)


def _refused(entry: _Entry, refusal: _Refusal) -> Quarantined:
    return Quarantined(
        input_name=entry.input.name,
        file_name=entry.file_name,
        document_sha256=entry.document_sha256,
        code=refusal.code,
        message_zh=f"{entry.input.name}：{refusal.zh}",
        message_en=f"{entry.input.name}: {refusal.en}",
    )


def _conclude(batch: _Batch, verdict: BatchVerdict | None) -> LoadResult:
    _apply_refusals(batch)
    landed = batch.new_record_ids - batch.refusals.keys()
    counts = {"loaded": 0, "unchanged": 0, "quarantined": 0}
    for entry in batch.entries:
        counts[entry.outcome] += 1
    reasons = tuple(entry.quarantined for entry in batch.entries if entry.quarantined is not None)
    if len(reasons) != counts["quarantined"] or counts["loaded"] != len(landed):
        raise CheckError(
            "ledger_does_not_add_up",
            zh=f"导入 {batch.load_id}：账目不平（{counts}），未写入任何内容。请报告给维护者。",
            en=f"load {batch.load_id}: the counts do not add up ({counts}); nothing was written. "
            "Report this to the maintainers.",
            counts=counts,
        )
    return LoadResult(
        load_id=batch.load_id,
        inputs=len(batch.entries),
        loaded=counts["loaded"],
        unchanged=counts["unchanged"],
        quarantined=counts["quarantined"],
        quarantine=reasons,
        checks=verdict.results if verdict is not None else (),
        changed_reports=tuple(
            report for record_id, reports in batch.changed_reports.items() if record_id in landed for report in reports
        ),
    )


def _write_ledger(
    connection: DuckDBPyConnection,
    batch: _Batch,
    result: LoadResult,
    code_version: str,
    started_at: datetime,
    completed_at: datetime,
) -> None:
    from ingest.raw_schema import OPS_TABLES, frame

    def write(table: str, rows: Iterable[dict[str, Any]]) -> None:
        _insert(
            connection, f"ops.{table}", frame(OPS_TABLES[table], [{"load_id": batch.load_id, **row} for row in rows])
        )

    write("load_files", (_file_row(entry) for entry in batch.entries))
    write("quarantine", (_quarantine_row(reason) for reason in result.quarantine))
    check_rows = [_check_row(check, batch.load_id, completed_at) for check in result.checks]
    _insert(connection, "ops.check_results", frame(OPS_TABLES["check_results"], check_rows))
    [(newest,)] = connection.execute("select coalesce(max(load_sequence), 0) from ops.loads").fetchall()
    ledger_row = {
        "load_sequence": newest + 1,
        "started_at": _naive_utc(started_at),
        "completed_at": _naive_utc(completed_at),
        "code_version": code_version,
        "inputs": result.inputs,
        "loaded": result.loaded,
        "unchanged": result.unchanged,
        "quarantined": result.quarantined,
    }
    write("loads", [ledger_row])


def _file_row(entry: _Entry) -> dict[str, Any]:
    return {
        "input_name": entry.input.name,
        "file_name": entry.file_name,
        "document_sha256": entry.document_sha256,
        "record_id": entry.record_id,
        "outcome": entry.outcome,
        "reason_code": entry.quarantined.code if entry.quarantined is not None else None,
        "byte_count": entry.input.byte_count,
    }


def _quarantine_row(reason: Quarantined) -> dict[str, Any]:
    return {
        "input_name": reason.input_name,
        "document_sha256": reason.document_sha256,
        "code": reason.code,
        "message_zh": reason.message_zh,
        "message_en": reason.message_en,
    }


def _check_row(check: CheckResult, run_id: str, checked_at: datetime) -> dict[str, Any]:
    from ingest.check_results import failing_keys_json

    return {
        "run_id": run_id,
        "checked_at": _naive_utc(checked_at),
        "kind": "batch",
        "subject": check.subject,
        "check_name": check.check_name,
        "severity": check.severity,
        "result": check.result,
        "reason": check.reason,
        "n_evaluated": check.n_evaluated,
        "n_failed": check.n_failed,
        "failing_keys": failing_keys_json(check),
    }


def _naive_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
