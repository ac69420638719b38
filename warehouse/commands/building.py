"""From the raw tables to a release: `run`, `build`, `check`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from warehouse.commands.exit_codes import DONE, FAILED, PEOPLE_NEEDED, exit_code_of
from warehouse.commands.loading import load_paths
from warehouse.commands.options import (
    ForceOption,
    HomeOption,
    JobsOption,
    LangOption,
    NotifyOption,
    OptionalPathsArgument,
    ParquetOption,
    RereadOption,
    StorageVersionOption,
    TimeLimitOption,
)
from warehouse.commands.session import Session, session_of
from warehouse.commands.streams import data_stream, print_json
from warehouse.settings import Run

if TYPE_CHECKING:
    from warehouse.build import BuildResult
    from warehouse.check_failures import Failures
    from warehouse.job import Job
    from warehouse.release import Release
    from warehouse.release_files import Extras
    from warehouse.screens import Screen
    from warehouse.standing_dbt import StandingDbt

FailureFormat = Literal["table", "csv", "json"]

_SHOWN_ROWS = 5
"""Failing rows of a check that a screen gets when nobody asks for more."""


def run(
    context: typer.Context,
    paths: OptionalPathsArgument = None,
    force: ForceOption = False,
    jobs: JobsOption = None,
    time_limit: TimeLimitOption = None,
    reread: RereadOption = False,
    notify_command: NotifyOption = None,
    storage_version: StorageVersionOption = None,
    parquet: ParquetOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Everything: read, check, build, check, publish, compare. 一次完成：读取、检查、构建、检查、发布、对照。"""
    from warehouse.comparison_report import show_comparison, show_next
    from warehouse.release import find_release
    from warehouse.release_files import Extras, require_storage_version
    from warehouse.screens import show_stages
    from warehouse.standing_dbt import StandingDbt

    # Better now than after an hour of reading.
    require_storage_version(storage_version)
    session = session_of(context, home, lang)
    screen = session.screen()
    with _telling(session, "run", notify_command):
        with session.writing("run") as job:
            with StandingDbt(session.home) as dbt:
                if force:
                    dbt.start()
                if paths:
                    job.exit_code = load_paths(
                        session, screen, job, paths, jobs, time_limit, anew=reread, before_reading=dbt.start
                    )
                is_published = _build_what_changed(session, screen, job, dbt, force=force)
            if is_published:
                release = find_release(session.home)
            else:
                release = publish_build(session, screen, job, Extras(storage_version, parquet))
        show_stages(screen, job.row)
        show_comparison(screen, release)
        show_next(screen, release)
        raise typer.Exit(job.exit_code)


def build(context: typer.Context, force: ForceOption = False, home: HomeOption = None, lang: LangOption = None) -> None:
    """Build the models and run their checks, without publishing. 构建模型并检查，不发布。"""
    from warehouse.pipeline import apply_peoples_data, build_state

    session = session_of(context, home, lang)
    screen = session.screen()
    with session.writing("build") as job:
        apply_peoples_data(session.home)
        if not force and build_state(session.home) == "published":
            _say_nothing_changed(session, screen)
        elif _build(session, screen, job, force=force):
            job.exit_code = FAILED
    raise typer.Exit(job.exit_code)


def check(
    context: typer.Context,
    last: Annotated[
        bool, typer.Option("--last", help="Run nothing, show what was found last 不运行，只显示最近的结果")
    ] = False,
    format: Annotated[FailureFormat, typer.Option("--format", help="table, csv or 或 json")] = "table",
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", min=0, help="Rows of a check; 0 for all kept 每项检查的行数，0 为全部 [default: 5 on a screen]"
        ),
    ] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Check what was loaded and built last; show the rows that failed. 检查最近的导入和构建，显示未通过的行。"""
    from warehouse.check_failures import read_failures
    from warehouse.check_report import failures_as_json, show_failures, write_failures_csv

    session = session_of(context, home, lang)
    screen = session.screen() if format == "table" else session.error_screen()
    failures = read_failures(session.home) if last else _run_checks(session, screen)
    if format == "json":
        print_json(failures_as_json(failures, session.home, limit or 0))
    elif format == "csv":
        write_failures_csv(data_stream(), failures, session.home, limit or 0)
    else:
        show_failures(screen, failures, session.home, _SHOWN_ROWS if limit is None else limit)
    raise typer.Exit(_exit_code(failures))


def _run_checks(session: Session, screen: Screen) -> Failures:
    from warehouse.build import run_checks
    from warehouse.check_failures import check_limits, read_failures
    from warehouse.screens import show_checked

    with session.writing("check") as job:
        with screen.waiting_for("stage_check"), job.stage("build"):
            result = run_checks(session.home)
            check_limits(session.home)
        job.tell_build(result)
        failures = read_failures(session.home)
        job.exit_code = _exit_code(failures)
    show_checked(screen, result)
    _show_misfits(session, screen, result)
    return failures


def _exit_code(failures: Failures) -> int:
    from warehouse.check_failures import BATCH, LIMIT

    stopping = {entry.failure.kind for entry in failures.found if entry.stops}
    if stopping - {BATCH, LIMIT}:
        return FAILED
    return PEOPLE_NEEDED if stopping else DONE


@contextmanager
def _telling(session: Session, command: str, notify_command: str | None) -> Iterator[None]:
    """Tell another program how the block ended. What comes of that is said and changes nothing."""
    from warehouse.job import summarise
    from warehouse.notification import notify, split_command

    words = split_command(notify_command) if notify_command else []
    try:
        yield
    except BaseException as error:
        if words:
            summary = summarise(session.home, command, session.job, error, exit_code_of(error))
            seconds = session.job.settings.run.notify_seconds if session.job is not None else Run().notify_seconds
            trouble = notify(words, summary, seconds)
            if trouble is not None:
                session.error_screen().say("notify_failed", reason=trouble[session.lang == "en"])
        raise


def _build_what_changed(session: Session, screen: Screen, job: Job, dbt: StandingDbt, *, force: bool) -> bool:
    """Build where something changed since the last build; whether all there is is published already."""
    from warehouse.corrections import find_misfits
    from warehouse.pipeline import apply_peoples_data, build_state
    from warehouse.screens import show_misfits

    with job.stage("build"):
        apply_peoples_data(session.home)
        state = "stale" if force else build_state(session.home)
    if state == "published":
        _say_nothing_changed(session, screen)
    elif state == "stale":
        _build(session, screen, job, force=force, dbt=dbt)
    else:
        # The build may wait because of corrections that do not fit: say so again, not only that a check stops it.
        show_misfits(screen, find_misfits(session.home), session.home.corrections)
    return state == "published"


def _build(session: Session, screen: Screen, job: Job, *, force: bool, dbt: StandingDbt | None = None) -> int:
    from warehouse.build import build as build_models
    from warehouse.screens import show_build

    with screen.waiting_for("stage_build"), job.stage("build"):
        result = build_models(session.home, from_scratch=force, dbt=dbt)
    job.tell_build(result)
    show_build(screen, result)
    _show_misfits(session, screen, result)
    return len(result.failed)


def _show_misfits(session: Session, screen: Screen, result: BuildResult) -> None:
    from warehouse.corrections import MISFITS_CHECK, find_misfits
    from warehouse.screens import show_misfits

    if any(check.name == MISFITS_CHECK for check in result.failed):
        show_misfits(screen, find_misfits(session.home), session.home.corrections)


def publish_build(session: Session, screen: Screen, job: Job, extras: Extras) -> Release:
    """Publish what was built last and say what readers will find changed. The caller holds the writer's lock."""
    from warehouse.diff_report import show_counts
    from warehouse.pipeline import record_runs
    from warehouse.release import publish

    started = time.monotonic()
    with job.stage("publish"):
        record_runs(session.home, job.so_far())
        published = publish(session.home, extras=extras, keep=job.settings.keep.releases)
    job.tell_release(published.release_id)
    screen.say("published", release=published.release_id, seconds=time.monotonic() - started, path=published.file)
    if published.compared_with:
        screen.say("diff_since", before=published.compared_with)
        show_counts(screen, published.differs)
    return published


def _say_nothing_changed(session: Session, screen: Screen) -> None:
    from warehouse.release import find_release, list_releases

    newest, current = list_releases(session.home)[-1].release_id, find_release(session.home).release_id
    screen.say("nothing_changed", release=newest)
    if newest != current:
        screen.say("rolled_back", current=current, newest=newest)
