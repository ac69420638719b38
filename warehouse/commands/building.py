"""From the raw tables to a release: `run`, `build`, `check`, `release` and its subcommands."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.commands.exit_codes import DONE, FAILED, PEOPLE_NEEDED
from warehouse.commands.loading import load_paths
from warehouse.commands.options import (
    ForceOption,
    HomeOption,
    JobsOption,
    JsonOption,
    LangOption,
    OptionalPathsArgument,
    TimeLimitOption,
)
from warehouse.commands.session import Session, session_of
from warehouse.commands.streams import print_json

if TYPE_CHECKING:
    from warehouse.build import BuildResult
    from warehouse.release import Release
    from warehouse.screens import Screen


def run(
    context: typer.Context,
    paths: OptionalPathsArgument = None,
    force: ForceOption = False,
    jobs: JobsOption = None,
    time_limit: TimeLimitOption = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Everything: read, check, build, check, publish, compare. 一次完成：读取、检查、构建、检查、发布、对照。"""
    from warehouse.build import parsing_ahead
    from warehouse.screens import show_comparison, show_next

    session = session_of(context, home, lang)
    screen = session.screen()
    with session.writing():
        quarantined = 0
        if paths:
            with parsing_ahead(session.home):
                quarantined = load_paths(session, screen, paths, jobs, time_limit)
        release = _build_and_publish(session, screen, force=force)
    show_comparison(screen, release)
    show_next(screen, release)
    raise typer.Exit(PEOPLE_NEEDED if quarantined else DONE)


def build(context: typer.Context, force: ForceOption = False, home: HomeOption = None, lang: LangOption = None) -> None:
    """Build the models and run their checks, without publishing. 构建模型并检查，不发布。"""
    from warehouse.pipeline import apply_peoples_data, build_state

    session = session_of(context, home, lang)
    screen = session.screen()
    with session.writing():
        apply_peoples_data(session.home)
        if not force and build_state(session.home) == "published":
            _say_nothing_changed(session, screen)
            raise typer.Exit(DONE)
        failed = _build(session, screen, force=force)
    raise typer.Exit(FAILED if failed else DONE)


def check(context: typer.Context, home: HomeOption = None, lang: LangOption = None) -> None:
    """Run all checks on what was built last. 对最近一次构建运行全部检查。"""
    from warehouse.build import run_checks
    from warehouse.screens import show_checks

    session = session_of(context, home, lang)
    screen = session.screen()
    with session.writing(), screen.waiting_for("stage_check"):
        result = run_checks(session.home)
    show_checks(screen, result)
    _show_misfits(session, screen, result)
    raise typer.Exit(FAILED if result.failed else DONE)


release_app = typer.Typer(
    help="Publish the build; list releases; roll back 发布、列出版本、回退", invoke_without_command=True
)


@release_app.callback()
def release(context: typer.Context, home: HomeOption = None, lang: LangOption = None) -> None:
    """Publish the build; list releases; roll back. 发布构建结果；列出版本；回退。"""
    session = session_of(context, home, lang)
    if context.invoked_subcommand is None:
        with session.writing():
            _publish(session, session.screen())


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
    with session.writing():
        chosen = roll_back(session.home, release_id)
    session.screen().say("now_current", release=chosen.release_id)


def _build_and_publish(session: Session, screen: Screen, *, force: bool) -> Release:
    from warehouse.corrections import find_misfits
    from warehouse.pipeline import apply_peoples_data, build_state
    from warehouse.release import find_release
    from warehouse.screens import show_misfits

    apply_peoples_data(session.home)
    state = "stale" if force else build_state(session.home)
    if state == "published":
        _say_nothing_changed(session, screen)
        return find_release(session.home)
    if state == "stale":
        _build(session, screen, force=force)
    else:
        # The build may wait because of corrections that do not fit: say so again, not only that a check stops it.
        show_misfits(screen, find_misfits(session.home), session.home.corrections)
    return _publish(session, screen)


def _build(session: Session, screen: Screen, *, force: bool) -> int:
    from warehouse.build import build as build_models
    from warehouse.screens import show_build

    with screen.waiting_for("stage_build"):
        result = build_models(session.home, from_scratch=force)
    show_build(screen, result)
    _show_misfits(session, screen, result)
    return len(result.failed)


def _show_misfits(session: Session, screen: Screen, result: BuildResult) -> None:
    from warehouse.corrections import MISFITS_CHECK, find_misfits
    from warehouse.screens import show_misfits

    if any(check.name == MISFITS_CHECK for check in result.failed):
        show_misfits(screen, find_misfits(session.home), session.home.corrections)


def _publish(session: Session, screen: Screen) -> Release:
    from warehouse.release import publish

    started = time.monotonic()
    published = publish(session.home)
    screen.say("published", release=published.release_id, seconds=time.monotonic() - started, path=published.file)
    return published


def _say_nothing_changed(session: Session, screen: Screen) -> None:
    from warehouse.release import find_release, list_releases

    newest, current = list_releases(session.home)[-1].release_id, find_release(session.home).release_id
    screen.say("nothing_changed", release=newest)
    if newest != current:
        screen.say("rolled_back", current=current, newest=newest)
