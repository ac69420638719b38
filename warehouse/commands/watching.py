"""How the warehouse is: `status` and `runs`, for people and for programs that watch it."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.commands.exit_codes import DONE, FAILED
from warehouse.commands.options import HomeOption, JsonOption, LangOption
from warehouse.commands.session import session_of
from warehouse.commands.streams import print_json

_SHOWN_RUNS = 20


def status(
    context: typer.Context,
    as_json: JsonOption = False,
    max_age: Annotated[
        float | None,
        typer.Option(
            "--max-age",
            min=0,
            help="Exit with 1 when no run has succeeded for so many hours 超过这么多小时没有成功的运行则以 1 退出",
        ),
    ] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """What is published, how fresh, what is waiting. 已发布内容、新旧程度、待处理事项。"""
    from warehouse.screens import show_status
    from warehouse.status import read_status

    session = session_of(context, home, lang)
    found = read_status(session.home)
    if as_json:
        print_json(found.to_dict())
    else:
        show_status(session.screen(), found)
    age = found.success_age_seconds
    if max_age is None or (age is not None and age <= max_age * 3600):
        raise typer.Exit(DONE)
    session.error_screen().say("status_too_old", hours=max_age)
    raise typer.Exit(FAILED)


def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Rows; 0 for all 行数，0 为全部")] = _SHOWN_RUNS,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """What every run did, newest first, killed ones included. 运行记录，含被中断的运行。"""
    from warehouse.run_history import read_history
    from warehouse.screens import show_runs

    session = session_of(context, home, lang)
    found = read_history(session.home)[::-1]
    shown = found[:limit] if limit else found
    if as_json:
        print_json([run.to_dict() for run in shown])
    elif shown:
        show_runs(session.screen(), shown)
    else:
        session.screen().say("runs_none")
