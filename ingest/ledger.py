"""What a load did: each input with its outcome, the counts that must add up, the rows of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ingest import __version__
from ingest.check_results import BatchVerdict, CheckResult, Rejection, batch_failure, failure_rows
from ingest.errors import CheckError
from ingest.inputs import Input, Quarantined
from ingest.raw_store import insert_rows, naive_utc, new_load_id, transaction
from ingest.records import DocumentRecord
from ingest.value_changes import ChangedField

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Warnings that are about the file and not about what it says.
_DAMAGE_CODES = ("damaged_characters", "text_ends_in_the_middle")


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
    `notes` further sentences for people (Chinese, English), `changed_fields` what known documents say otherwise now,
    `seconds` how long reading, landing and checking took.
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
    changed_fields: tuple[ChangedField, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def failed_checks(self) -> tuple[CheckResult, ...]:
        """The batch checks that did not pass."""
        return tuple(check for check in self.checks if check.result is False)


@dataclass(slots=True)
class Entry:
    """One input of the load on its way to a row of the ledger."""

    input: Input
    file_name: str
    document_sha256: str | None
    record_id: str | None = None
    outcome: Literal["loaded", "unchanged", "quarantined"] = "quarantined"
    quarantined: Quarantined | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a new record may not be landed, in words that follow the name of the input."""

    code: str
    zh: str
    en: str

    def of(self, entry: Entry) -> Quarantined:
        """The outcome of an input whose record is refused."""
        return Quarantined(
            input_name=entry.input.name,
            file_name=entry.file_name,
            document_sha256=entry.document_sha256,
            code=self.code,
            message_zh=f"{entry.input.name}：{self.zh}",
            message_en=f"{entry.input.name}: {self.en}",
        )


@dataclass(slots=True)
class Batch:
    """The inputs of a load so far, the records that are new to the warehouse, and why some of these are refused."""

    load_id: str
    entries: list[Entry] = field(default_factory=list)
    new_record_ids: set[str] = field(default_factory=set)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    changed_reports: dict[str, list[ChangedReport]] = field(default_factory=dict)


def does_not_fit(error: Exception) -> Refusal:
    """The refusal of a record that the raw tables cannot hold."""
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return Refusal(
        "broken_record",
        f"有一个值超出原始表的范围（{reason}）。请改正该记录后重新导入。",
        f"a value does not fit the raw tables ({reason}). Correct the record and load it again.",
    )


def failed_check(rejection: Rejection) -> Refusal:
    """The refusal of a record that a critical check names."""
    return Refusal(
        "failed_batch_check",
        f"未通过批次检查 {rejection.check_name}（行 {rejection.row}）：{rejection.zh}请对照原文件改正记录后重新导入。",
        f"the batch check {rejection.check_name} failed on row {rejection.row}: {rejection.en} "
        "Compare with the document, correct the record and load it again.",
    )


def batch_stopped(stop: Rejection) -> Refusal:
    """The refusal of every new record after a critical check that names none."""
    return Refusal(
        "batch_stopped",
        f"批次检查 {stop.check_name} 未通过且无法归到单个文件（{stop.row}），本批次的新记录均未入库：{stop.zh}"
        "请先解决该问题，再重新导入。",
        f"the batch check {stop.check_name} failed and names no single document ({stop.row}), so no new record of this "
        f"batch was loaded: {stop.en} Solve this first, then load again.",
    )


def changed_reports(record: DocumentRecord) -> list[ChangedReport]:
    """The reports that a new record brings in."""
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


def conclude(batch: Batch, verdict: BatchVerdict | None) -> LoadResult:
    """Give every input its outcome and count them.

    Raises:
        CheckError: the counts do not add up.
    """
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


def _apply_refusals(batch: Batch) -> None:
    for entry in batch.entries:
        refusal = batch.refusals.get(entry.record_id or "")
        if refusal is not None:
            entry.outcome = "quarantined"
            entry.quarantined = refusal.of(entry)


def write_ledger(
    connection: DuckDBPyConnection,
    entries: Sequence[Entry],
    result: LoadResult,
    *,
    code_version: str,
    started_at: datetime,
    completed_at: datetime,
) -> None:
    """Write the rows of a load; the one of `ops.loads` last, because with it the load is there."""
    load = {"load_id": result.load_id}
    insert_rows(connection, "ops.load_files", [load | _file_row(entry) for entry in entries])
    insert_rows(connection, "ops.quarantine", [load | _quarantine_row(reason) for reason in result.quarantine])
    checked_at = naive_utc(completed_at)
    checked = {"run_id": result.load_id, "checked_at": checked_at, "kind": "batch"}
    insert_rows(connection, "ops.check_results", [checked | _check_row(check) for check in result.checks])
    failures = [batch_failure(check) for check in result.failed_checks]
    failing = [row for failure in failures for row in failure_rows(failure, result.load_id, checked_at)]
    insert_rows(connection, "ops.check_failures", failing)
    [(newest,)] = connection.execute("select coalesce(max(load_sequence), 0) from ops.loads").fetchall()
    ledger_row = load | {
        "load_sequence": newest + 1,
        "started_at": naive_utc(started_at),
        "completed_at": naive_utc(completed_at),
        "code_version": code_version,
        "inputs": result.inputs,
        "loaded": result.loaded,
        "unchanged": result.unchanged,
        "quarantined": result.quarantined,
    }
    insert_rows(connection, "ops.loads", [ledger_row])


def replace_rows(connection: DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Make a raw table hold these rows and no others, as a load of its own that reads no input and is the latest one.

    Args:
        connection: an open build file, outside a transaction.
        table: with its schema, e.g. `raw.corrections`.
        rows: each with exactly the table's columns but `load_id`.
        now: the present moment.
    """
    load_id = new_load_id(now)
    nothing_read = LoadResult(load_id, inputs=0, loaded=0, unchanged=0, quarantined=0)
    with transaction(connection):
        connection.execute(f"delete from {table}")
        insert_rows(connection, table, ({"load_id": load_id, **row} for row in rows))
        write_ledger(connection, (), nothing_read, code_version=__version__, started_at=now, completed_at=now)


def forget_repeats(connection: DuckDBPyConnection, before: datetime) -> None:
    """Let go of rows of old loads that only repeat what an earlier and a later load say: nothing is built on them.

    An input that is there unchanged every night gives a row every night, and so does one that nobody could read: of
    equal ones the first and the last stay, which say since when and until when, and so does every row about something
    that was loaded. The counts of `ops.loads` stay. Results of checks go with their age, except those of the last run
    of each kind.

    Args:
        connection: an open build file.
        before: loads that were completed earlier are old (UTC, without saying so).
    """
    [(n_old,)] = connection.execute("select count(*) from ops.loads where completed_at < ?", [before]).fetchall()
    if not n_old:
        return
    with transaction(connection):
        for table, same, may_go in (
            (
                "load_files",
                "input_name, file_name, document_sha256, record_id, outcome, reason_code",
                "outcome <> 'loaded'",
            ),
            ("quarantine", "input_name, document_sha256, code", "true"),
        ):
            connection.execute(
                f"""
                delete from ops.{table}
                where rowid in (
                    select entries.rowid
                    from ops.{table} as entries inner join ops.loads using (load_id)
                    qualify
                        completed_at < ?
                        and {may_go}
                        and load_sequence > min(load_sequence) over (partition by {same})
                        and load_sequence < max(load_sequence) over (partition by {same})
                )
                """,
                [before],
            )
        connection.execute(
            """
            delete from ops.check_results
            where
                checked_at < ?
                and run_id not in (select arg_max(run_id, checked_at) from ops.check_results group by kind)
            """,
            [before],
        )
        connection.execute(
            """
            delete from ops.check_failures as old
            where not exists (
                select 1 from ops.check_results as kept where kept.run_id = old.run_id and kept.kind = old.kind
            )
            """
        )


def _file_row(entry: Entry) -> dict[str, Any]:
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


def _check_row(check: CheckResult) -> dict[str, Any]:
    return {
        "subject": check.subject,
        "check_name": check.check_name,
        "severity": check.severity,
        "result": check.result,
        "reason": check.reason,
        "n_evaluated": check.n_evaluated,
        "n_failed": check.n_failed,
    }
