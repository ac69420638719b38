"""What readers get: `release` and its subcommands."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from warehouse.commands.building import publish_build
from warehouse.commands.exit_codes import DONE, FAILED
from warehouse.commands.options import HomeOption, JsonOption, LangOption, ParquetOption, StorageVersionOption
from warehouse.commands.session import session_of
from warehouse.commands.streams import print_json

release_app = typer.Typer(
    help="Publish the build; list, compare, verify, prune; roll back 发布、列出、比较、核验、清理、回退",
    invoke_without_command=True,
)


@release_app.callback()
def release(
    context: typer.Context,
    storage_version: StorageVersionOption = None,
    parquet: ParquetOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Publish the build; list, compare, verify, prune; roll back. 发布构建结果；列出、比较、核验、清理版本；回退。"""
    session = session_of(context, home, lang)
    if context.invoked_subcommand is None:
        from warehouse.release_files import Extras

        with session.writing("release") as job:
            publish_build(session, session.screen(), job, Extras(storage_version, parquet))


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


@release_app.command("diff")
def diff_command(
    context: typer.Context,
    before: Annotated[str | None, typer.Argument(help="Release; default the one before 版本，默认上一个")] = None,
    after: Annotated[str | None, typer.Argument(help="Release; default the current one 版本，默认当前版本")] = None,
    with_build: Annotated[
        bool, typer.Option("--build", help="Current release and unpublished build 当前版本与尚未发布的构建")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Rows of a list; 0 for all 每表行数，0 为全部")] = 20,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """What appeared, vanished and moved between two releases. 两个版本之间新增、消失和变动的内容。"""
    from ingest.errors import UsageError
    from warehouse.diff_report import show_diff
    from warehouse.release import build_diff, find_pair
    from warehouse.release_diff import compare

    session = session_of(context, home, lang)
    if with_build:
        if before or after:
            raise UsageError(
                "build_or_release",
                zh="--build 总是与当前版本比较，请不要再写版本号。",
                en="--build is always compared with the current release: name no release beside it.",
            )
        with session.writing("release diff", needs_room=False):
            found = build_diff(session.home)
    else:
        older, newer = find_pair(session.home, before, after)
        found = compare(older.side, newer.side)
    if as_json:
        print_json(found.to_dict())
        return
    show_diff(session.screen(), found, limit)


@release_app.command("sign-off")
def sign_off_command(
    context: typer.Context,
    signed_by: Annotated[str, typer.Option("--by", help="Who looked 签认人")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is right 理由")],
    keys: Annotated[
        list[str] | None, typer.Argument(help="Keys, see status --json; default all 标识，默认全部")
    ] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Let pass what stopped the publication. 签认阻止发布的变动。"""
    from warehouse.signoffs import describe_finding, keep_signoffs, read_waiting

    session = session_of(context, home, lang)
    screen = session.screen()
    with session.writing("release sign-off", needs_room=False):
        waiting = read_waiting(session.home)
        if waiting is None:
            screen.say("sign_off_none")
            return
        today = datetime.now(UTC).astimezone().date()
        added = keep_signoffs(session.home, waiting, keys or (), reason=reason, signed_by=signed_by, signed_on=today)
    for entry in added:
        screen.line(f"  {describe_finding(entry, session.lang)}")
    screen.say("signed_off", count=len(added), path=session.home.signoffs)


@release_app.command("verify")
def verify_command(
    context: typer.Context,
    release_id: Annotated[
        str | None, typer.Argument(help="Release; default the current one 版本，默认当前版本")
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Whether a release is what its manifest says; exit code 1 if not. 核验版本与其清单是否相符，不符时返回 1。"""
    from warehouse.release import find_release
    from warehouse.release_check import verify

    session = session_of(context, home, lang)
    found = find_release(session.home, release_id)
    verdicts = verify(found)
    wrong = [verdict for verdict in verdicts if verdict.problem is not None]
    if as_json:
        verified = [asdict(verdict) for verdict in verdicts]
        print_json({"release_id": found.release_id, "is_right": not wrong, "verified": verified})
    else:
        screen = session.screen()
        for verdict in verdicts:
            screen.say(f"verified_{verdict.problem or 'right'}", what=verdict.what, detail=verdict.detail)
        screen.say("verified_not" if wrong else "verified", release=found.release_id, count=len(wrong))
    raise typer.Exit(FAILED if wrong else DONE)


@release_app.command("prune")
def prune_command(
    context: typer.Context,
    keep: Annotated[
        int | None,
        typer.Option("--keep", min=1, help="How many stay 保留个数 [default: keep.releases of settings.toml]"),
    ] = None,
    is_trial: Annotated[bool, typer.Option("--dry-run", help="Only say what would go 只列出，不删除")] = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Remove old releases; the current one stays. 删除旧版本，当前版本总是保留。"""
    from warehouse.release import prune

    session = session_of(context, home, lang)
    screen = session.screen()
    with session.writing("release prune", needs_room=False) as job:
        gone = prune(session.home, keep or job.settings.keep.releases, is_trial=is_trial)
    for entry in gone:
        screen.say("prune_would" if is_trial else "pruned", release=entry.release_id, path=entry.folder)
    if not gone:
        screen.say("pruned_none")


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
