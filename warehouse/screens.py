"""What people see after a command: counts, tables, a trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.messages import Lang, listed, say
from warehouse.output import one_line, print_rows, shortened
from warehouse.run_history import STAGES, RunRow

if TYPE_CHECKING:
    from rich.console import Console

    from ingest.ledger import LoadResult
    from ingest.value_changes import ChangedField
    from warehouse.build import BuildResult
    from warehouse.corrections import Misfit
    from warehouse.dbt_outcomes import CheckOutcome
    from warehouse.fact_search import Hit
    from warehouse.places import Place
    from warehouse.release import Release
    from warehouse.status import Status
    from warehouse.trace import Trace

# What dbt says of a check that had to wait for one that failed.
_NOT_RUN = "skipped"
_SHOWN_INPUTS = 50
_SHOWN_FIELDS = 8
_LONGEST_LABEL = 100
MISFITS_ZH = {
    "no such row or field": "现行数据中没有这一行或这一字段",
    "the corrected value has another type": "更正值的类型不符",
    "the corrected value has more places than the field": "更正值的小数位数超出该字段",
    "the corrected value is none of the accepted codes": "更正值不是可接受的代码",
    "the expected value has another type": "原值的类型不符",
    "the source says something else now": "原文现在的读数与更正时不同",
    "a newer version of the report counts now": "该报告已有更新的版本，以新版本为准",
}
"""What the check of the corrections says, in Chinese."""
_RUN_HEADINGS = {
    "zh": ("开始时间", "命令", "结果", "退出码", "秒", "各阶段", "新载入/未变/隔离", "版本", "执行者"),
    "en": ("Started", "Command", "Outcome", "Exit", "Seconds", "Stages", "New/same/quarantined", "Release", "Owner"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Screen:
    """Where to print, and in which language."""

    console: Console
    lang: Lang

    def say(self, key: str, **facts: object) -> None:
        """Print one sentence; what steers a terminal inside the facts is escaped."""
        self._print(say(key, self.lang, **{name: _safe(value) for name, value in facts.items()}))

    def line(self, text: str) -> None:
        """Print one line: no markup, no wrapping inside a path or a figure, nothing that steers the terminal."""
        self._print(one_line(text))

    @contextmanager
    def waiting_for(self, key: str) -> Iterator[None]:
        """Say on a terminal what takes time while the block runs; a log need not hold it."""
        if not self.console.is_terminal:
            yield
            return
        with self.console.status(say(key, self.lang)):
            yield

    def _print(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def _safe(fact: object) -> object:
    return one_line(str(fact)) if isinstance(fact, (str, Path)) else fact


def show_load(screen: Screen, result: LoadResult, seconds: float) -> None:
    """Counts of a load, quarantined inputs with reasons, incomplete files, warnings, and batch checks that failed."""
    screen.say(
        "read",
        inputs=result.inputs,
        loaded=result.loaded,
        unchanged=result.unchanged,
        quarantined=result.quarantined,
        seconds=seconds,
    )
    for reason in result.quarantine[:_SHOWN_INPUTS]:
        screen.say("quarantined", code=reason.code, message=reason.message(screen.lang))
    if len(result.quarantine) > _SHOWN_INPUTS:
        screen.say("more_quarantined", count=len(result.quarantine) - _SHOWN_INPUTS)
    for zh, en in result.notes:
        screen.say("note", message=zh if screen.lang == "zh" else en)
    for report in result.changed_reports:
        for message in report.damage:
            screen.say("damaged", file=report.file_name, message=message)
    n_warnings = sum(report.n_warnings for report in result.changed_reports)
    if n_warnings:
        reports = sum(report.n_warnings > 0 for report in result.changed_reports)
        screen.say("warnings", warnings=n_warnings, reports=reports)
    if result.changed_fields:
        _show_changed_values(screen, result.changed_fields)
    for check in result.failed_checks:
        screen.say("batch_check", name=check.check_name, subject=check.subject, failed=check.n_failed)


def _show_changed_values(screen: Screen, fields: Sequence[ChangedField]) -> None:
    named = listed((f"{entry.table}.{entry.field} {entry.n_values}" for entry in fields[:_SHOWN_FIELDS]), screen.lang)
    screen.say(
        "values_changed",
        values=sum(entry.n_values for entry in fields),
        fields=named + (" …" if len(fields) > _SHOWN_FIELDS else ""),
    )


def show_build(screen: Screen, result: BuildResult) -> None:
    """Counts of a build and the tests that found something."""
    screen.say(
        "built_changed" if result.is_partial else "built",
        models=result.models,
        seeds=result.seeds,
        passed=result.passed,
        warned=_count_found(result.warned),
        failed=_count_found(result.failed),
        seconds=result.seconds,
        startup=result.startup_seconds,
    )
    for key, checks in (("check_failed", result.failed), ("check_warned", result.warned)):
        for check in checks:
            if check.status != _NOT_RUN:
                screen.say(key, name=check.name, subject=check.subject, message=check.message or check.status)
    _show_not_run(screen, result)


def show_stages(screen: Screen, run: RunRow) -> None:
    """How long each stage of a run took."""
    screen.say("stages", stages=describe_stages(run, screen.lang), seconds=run.seconds or 0.0)


def describe_stages(run: RunRow, lang: Lang) -> str:
    """The stages that a run came to, in their order, with their seconds."""
    shown = [say(f"stage_named_{name}", lang, seconds=run.stages[name]) for name in STAGES if name in run.stages]
    return listed(shown, lang, "，") or "—"


def show_checked(screen: Screen, result: BuildResult) -> None:
    """Counts of a check run."""
    screen.say(
        "checked",
        passed=result.passed,
        warned=_count_found(result.warned),
        failed=_count_found(result.failed),
        seconds=result.seconds,
    )
    _show_not_run(screen, result)


def _count_found(checks: Sequence[CheckOutcome]) -> int:
    """Checks that found something, without those that had to wait; they are counted apart."""
    return sum(check.status != _NOT_RUN for check in checks)


def _show_not_run(screen: Screen, result: BuildResult) -> None:
    n_not_run = sum(check.status == _NOT_RUN for check in (*result.failed, *result.warned))
    if n_not_run:
        screen.say("checks_not_run", count=n_not_run)


def show_misfits(screen: Screen, misfits: Sequence[Misfit], path: Path) -> None:
    """The corrections that no longer fit their documents, and what to do."""
    for misfit in misfits[:_SHOWN_INPUTS]:
        correction = misfit.correction
        screen.say(
            "misfit",
            file=correction.file_name or correction.document_sha256 or correction.row_id,
            field=correction.field,
            expect="—" if correction.expect is None else correction.expect,
            corrected="—" if correction.corrected is None else correction.corrected,
            reason=MISFITS_ZH.get(misfit.failure, misfit.failure) if screen.lang == "zh" else misfit.failure,
            path=path,
        )


def show_releases(screen: Screen, releases: Sequence[Release], current: Release | None) -> None:
    """All kept releases, newest first."""
    rows = [
        (
            release.release_id,
            release.published_at,
            release.code_version,
            sum(release.row_counts.values()),
            say("list_current", screen.lang) if current and release.release_id == current.release_id else "",
        )
        for release in reversed(releases)
    ]
    headings = (
        ("版本", "发布时间", "程序", "行数", "")
        if screen.lang == "zh"
        else ("Release", "Published", "Program", "Rows", "")
    )
    print_rows(screen.console, headings, rows)


def show_status(screen: Screen, status: Status) -> None:
    """The front page: which release, which counties and years, what is missing."""
    release = status.release
    if release is None:
        screen.say("status_none")
    else:
        screen.say(
            "status_release",
            release=release.release_id,
            published_at=release.published_at,
            age=_age(screen.lang, status.age_seconds or 0.0),
        )
        if status.newest_release_id != release.release_id:
            screen.say("rolled_back", current=release.release_id, newest=status.newest_release_id)
        screen.say("status_file", path=release.file)
        screen.say("status_open", path=release.file)
        screen.say("status_checks", passed=release.checks.passed, warned=release.checks.warned)
        counts = ", ".join(f"{name.removeprefix('marts.')} {count}" for name, count in release.row_counts.items())
        screen.say("status_rows", rows=counts)
        if status.coverage:
            screen.say("status_coverage")
            _show_coverage(screen, status)
    _show_last_runs(screen, status)
    _show_sign_off(screen, status)
    for table in status.own_reference:
        screen.say("status_own" if table.is_published else "status_own_waiting", table=table.table, count=table.lines)
    if status.broken_reference is not None:
        screen.line(status.broken_reference.message(screen.lang))
    if status.load_counts is not None:
        screen.say("status_load", **status.load_counts)
        _show_waiting(screen, status.waiting)


def show_runs(screen: Screen, runs: Sequence[RunRow]) -> None:
    """One line a run."""
    rows = [
        (
            run.started_at,
            run.command,
            describe_outcome(run, screen.lang),
            run.exit_code,
            None if run.seconds is None else f"{run.seconds:.1f}",
            describe_stages(run, screen.lang),
            " / ".join(str(count) for count in (run.loaded, run.unchanged, run.quarantined) if count is not None),
            run.release_id,
            run.owner,
        )
        for run in runs
    ]
    print_rows(screen.console, _RUN_HEADINGS[screen.lang], rows)


def describe_outcome(run: RunRow, lang: Lang) -> str:
    """How a run ended, with the code of what stopped it."""
    text = say(f"outcome_{run.outcome}", lang)
    return f"{text} [{run.error_code}]" if run.error_code else text


def show_trace(screen: Screen, trace: Trace) -> None:
    """The values of a fact, each sentence with the span marked, the file, and the steps into the marts."""
    screen.line(f"{trace.table}  {trace.fact_id}")
    for name, value in trace.values.items():
        screen.line(f"  {name}: {value}")
    for place in trace.places:
        _show_place(screen, place)
    screen.line(f"{say('trace_file', screen.lang)}: {trace.file_name}  sha256 {trace.document_sha256}")
    if trace.source_url:
        screen.line(f"  {trace.source_url}")
    for steps in trace.steps:
        screen.line(f"{say('trace_steps', screen.lang)}: {' → '.join(steps)}")


def show_reasons(screen: Screen, reasons: Mapping[str, tuple[str, str]]) -> None:
    """What the codes beside empty figures mean; each code has its sentence in Chinese and in English."""
    for code, (zh, en) in reasons.items():
        screen.say("refused", code=code, reason=zh if screen.lang == "zh" else en)


def show_hits(screen: Screen, wanted: str, hits: Sequence[Hit]) -> None:
    """What a search found, with the ids to trace."""
    if not hits:
        screen.say("found_none", wanted=wanted)
        return
    screen.say("found", count=len(hits))
    for hit in hits:
        screen.line(f"  {_address(hit)}  {hit.table}  {hit.file_name}  {shortened(hit.label, _LONGEST_LABEL)}")
    screen.say("found_next", fact=_address(hits[0]))


def _address(hit: Hit) -> str:
    return hit.fact_id if hit.field is None else f"{hit.fact_id} --field {hit.field}"


def _show_place(screen: Screen, place: Place) -> None:
    title = say("trace_sentence", screen.lang)
    if place.end == place.start:
        screen.line(f"{title}: {say('trace_manifest', screen.lang)}")
        return
    screen.line(f"{title}: {place.before}⟦{place.text}⟧{place.after}")
    verified = {True: "trace_verified", False: "trace_differs", None: "trace_no_text"}[place.is_verified]
    page = "" if place.page is None else say("trace_page", screen.lang, page=place.page)
    described = say(
        "trace_place",
        screen.lang,
        start=place.start,
        end=place.end,
        page=page,
        method=place.method,
        confidence=place.confidence,
        verified=say(verified, screen.lang),
    )
    screen.line(f"  {described}")


def _show_last_runs(screen: Screen, status: Status) -> None:
    owner, last = status.running, status.last_run
    if owner is not None:
        screen.say(
            "status_running",
            command=owner.command or "?",
            owner=f"{owner.user}@{owner.host}:{owner.pid}",
            started_at=owner.started_at,
            age=_age(screen.lang, owner.age_seconds),
        )
    if last is not None:
        screen.say(
            "status_last_run",
            started_at=last.started_at,
            command=last.command,
            outcome=describe_outcome(last, screen.lang),
            exit_code="—" if last.exit_code is None else last.exit_code,
            stages=describe_stages(last, screen.lang),
        )


def _show_coverage(screen: Screen, status: Status) -> None:
    years = sorted({entry.fiscal_year for entry in status.coverage if entry.fiscal_year is not None})
    has_undated = any(entry.fiscal_year is None for entry in status.coverage)
    columns = [*years, *([None] if has_undated else [])]
    counts = {(entry.county, entry.fiscal_year): entry.projects for entry in status.coverage}
    counties = list(dict.fromkeys(entry.county for entry in status.coverage))
    unknown = say("unknown", screen.lang)
    rows = [[county or unknown, *(counts.get((county, year)) for year in columns)] for county in counties]
    print_rows(screen.console, ["", *(unknown if year is None else str(year) for year in columns)], rows)


def _show_sign_off(screen: Screen, status: Status) -> None:
    from warehouse.signoffs import describe_finding

    waiting = status.release_waiting
    if waiting is None:
        return
    screen.say("status_sign_off", since=waiting.since, release=waiting.release_id)
    for finding in waiting.findings[:_SHOWN_INPUTS]:
        screen.line(f"  {describe_finding(finding, screen.lang)}")
    if len(waiting.findings) > _SHOWN_INPUTS:
        screen.say("more_findings", count=len(waiting.findings) - _SHOWN_INPUTS)
    screen.say("status_sign_off_next")


def _show_waiting(screen: Screen, waiting: Sequence[dict[str, Any]]) -> None:
    if not waiting:
        screen.say("status_waiting_none")
        return
    screen.say("status_waiting", count=len(waiting))
    for entry in waiting[:_SHOWN_INPUTS]:
        screen.say("quarantined", code=entry["code"], message=entry[f"message_{screen.lang}"])
    if len(waiting) > _SHOWN_INPUTS:
        screen.say("more_quarantined", count=len(waiting) - _SHOWN_INPUTS)


def _age(lang: Lang, seconds: float) -> str:
    if seconds < 2 * 3600:
        return say("age_minutes", lang, count=int(seconds // 60))
    if seconds < 2 * 86400:
        return say("age_hours", lang, count=int(seconds // 3600))
    return say("age_days", lang, count=int(seconds // 86400))
