"""From the raw tables to a release: `run`, `build`, `check`, `release` and its subcommands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.commands.exit_codes import DONE, FAILED, exit_code_of
from warehouse.commands.loading import load_paths
from warehouse.commands.options import (
    ForceOption,
    HomeOption,
    JobsOption,
    JsonOption,
    LangOption,
    NotifyOption,
    OptionalPathsArgument,
    RereadOption,
    TimeLimitOption,
)
from warehouse.commands.session import Session, session_of
from warehouse.commands.streams import print_json
from warehouse.settings import Run

if TYPE_CHECKING:
    from warehouse.build import BuildResult
    from warehouse.job import Job
    from warehouse.release import Release
    from warehouse.screens import Screen


def run(
    context: typer.Context,
    paths: OptionalPathsArgument = None,
    force: ForceOption = False,
    jobs: JobsOption = None,
    time_limit: TimeLimitOption = None,
    reread: RereadOption = False,
    notify_command: NotifyOption = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Everything: read, check, build, check, publish, compare. 一次完成：读取、检查、构建、检查、发布、对照。"""
    from warehouse.build import parsing_ahead
    from warehouse.screens import show_comparison, show_next, show_stages

    session = session_of(context, home, lang)
    screen = session.screen()
    with _telling(session, "run", notify_command):
        with session.writing("run") as job:
            if paths:
                with parsing_ahead(session.home):
                    job.exit_code = load_paths(session, screen, job, paths, jobs, time_limit, anew=reread)
            release = _build_and_publish(session, screen, job, force=force)
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


def check(context: typer.Context, home: HomeOption = None, lang: LangOption = None) -> None:
    """Run all checks on what was built last. 对最近一次构建运行全部检查。"""
    from warehouse.build import run_checks
    from warehouse.screens import show_checks

    session = session_of(context, home, lang)
    screen = session.screen()
    with session.writing("check") as job:
        with screen.waiting_for("stage_check"), job.stage("build"):
            result = run_checks(session.home)
        job.tell_build(result)
        job.exit_code = FAILED if result.failed else DONE
    show_checks(screen, result)
    _show_misfits(session, screen, result)
    raise typer.Exit(job.exit_code)


release_app = typer.Typer(
    help="Publish the build; list releases; roll back 发布、列出版本、回退", invoke_without_command=True
)


@release_app.callback()
def release(context: typer.Context, home: HomeOption = None, lang: LangOption = None) -> None:
    """Publish the build; list releases; roll back. 发布构建结果；列出版本；回退。"""
    session = session_of(context, home, lang)
    if context.invoked_subcommand is None:
        with session.writing("release") as job:
            _publish(session, session.screen(), job)


@release_app.command("list")
def list_command(
    context: typer.Context, as_json: JsonOption = False, home: HomeOption = None, lang: LangOption = None
) -> None:
    """List the kept releases, newest first. 列出保留的版本。"""
    from warehouse.release import current_release, list_releases
    from warehouse.screens import show_releases

    session = session_of(context, home, lang)
    releases, current = list_releases(session.home), current_release(session.home)
    if as_json:
        print_json(
            [
                {
                    "release_id": entry.release_id,
                    "published_at": entry.published_at,
                    "file": str(entry.file),
                    "is_current": current is not None and entry.release_id == current.release_id,
                }
                for entry in reversed(releases)
            ]
        )
        return
    if not releases:
        session.screen().say("status_none")
        return
    show_releases(session.screen(), releases, current)


@release_app.command("rollback")
def rollback_command(
    context: typer.Context,
    release_id: Annotated[str | None, typer.Argument(help="Release; default the one before 版本，默认上一个")] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Give readers an older release. 让读者使用较早的版本。"""
    from warehouse.release import roll_back

    session = session_of(context, home, lang)
    with session.writing("release rollback", needs_room=False) as job:
        chosen = roll_back(session.home, release_id)
        job.tell_release(chosen.release_id)
    session.screen().say("now_current", release=chosen.release_id)


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


def _build_and_publish(session: Session, screen: Screen, job: Job, *, force: bool) -> Release:
    from warehouse.corrections import find_misfits
    from warehouse.pipeline import apply_peoples_data, build_state
    from warehouse.release import find_release
    from warehouse.screens import show_misfits

    with job.stage("build"):
        apply_peoples_data(session.home)
        state = "stale" if force else build_state(session.home)
    if state == "published":
        _say_nothing_changed(session, screen)
        return find_release(session.home)
    if state == "stale":
        _build(session, screen, job, force=force)
    else:
        # The build may wait because of corrections that do not fit: say so again, not only that a check stops it.
        show_misfits(screen, find_misfits(session.home), session.home.corrections)
    return _publish(session, screen, job)


def _build(session: Session, screen: Screen, job: Job, *, force: bool) -> int:
    from warehouse.build import build as build_models
    from warehouse.screens import show_build

    with screen.waiting_for("stage_build"), job.stage("build"):
        result = build_models(session.home, from_scratch=force)
    job.tell_build(result)
    show_build(screen, result)
    _show_misfits(session, screen, result)
    return len(result.failed)


def _show_misfits(session: Session, screen: Screen, result: BuildResult) -> None:
    from warehouse.corrections import MISFITS_CHECK, find_misfits
    from warehouse.screens import show_misfits

    if any(check.name == MISFITS_CHECK for check in result.failed):
        show_misfits(screen, find_misfits(session.home), session.home.corrections)


def _publish(session: Session, screen: Screen, job: Job) -> Release:
    from warehouse.pipeline import record_runs
    from warehouse.release import publish

    started = time.monotonic()
    with job.stage("publish"):
        record_runs(session.home, job.so_far())
        published = publish(session.home, keep=job.settings.keep.releases)
    job.tell_release(published.release_id)
    screen.say("published", release=published.release_id, seconds=time.monotonic() - started, path=published.file)
    return published


def _say_nothing_changed(session: Session, screen: Screen) -> None:
    from warehouse.release import find_release, list_releases

    newest, current = list_releases(session.home)[-1].release_id, find_release(session.home).release_id
    screen.say("nothing_changed", release=newest)
    if newest != current:
        screen.say("rolled_back", current=current, newest=newest)
