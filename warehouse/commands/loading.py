"""Documents in: `ingest` into the warehouse, `extract` past it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from warehouse.commands.exit_codes import DONE, PEOPLE_NEEDED
from warehouse.commands.options import HomeOption, JobsOption, LangOption, PathsArgument, RereadOption, TimeLimitOption
from warehouse.commands.session import Session, session_of
from warehouse.commands.streams import data_stream

if TYPE_CHECKING:
    from ingest.reading_process import ReadingLimits
    from warehouse.job import Job
    from warehouse.screens import Screen

RecordFormat = Literal["json", "jsonl"]


def ingest(
    context: typer.Context,
    paths: PathsArgument,
    jobs: JobsOption = None,
    time_limit: TimeLimitOption = None,
    reread: RereadOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Read documents and records into the raw tables. 把文件和记录读入原始表。"""
    session = session_of(context, home, lang)
    with session.writing("ingest") as job:
        job.exit_code = load_paths(session, session.screen(), job, paths, jobs, time_limit, anew=reread)
    raise typer.Exit(job.exit_code)


def extract(
    context: typer.Context,
    paths: PathsArgument,
    format: Annotated[RecordFormat, typer.Option("--format", help="json or 或 jsonl")] = "json",
    jobs: JobsOption = None,
    time_limit: TimeLimitOption = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Print what documents say as records; no warehouse is touched. 输出文件的提取结果，不写入数据仓。"""
    from ingest.inputs import find_inputs
    from warehouse.extracts import extract_all, write_records

    session = session_of(context, home, lang)
    inputs = find_inputs(paths, home=session.home.root)
    is_single = len(paths) == 1 and paths[0].is_file() and len(inputs) == 1 and not inputs[0].member
    reading = extract_all(inputs, session.lang, limits=_limits(time_limit), jobs=jobs, lexicon=session.home.lexicon)
    with closing(reading) as records:
        failed = write_records(data_stream(), records, as_lines=format == "jsonl", is_single=is_single)
    raise typer.Exit(PEOPLE_NEEDED if failed else DONE)


def load_paths(
    session: Session,
    screen: Screen,
    job: Job,
    paths: list[Path],
    jobs: int | None,
    time_limit: float | None,
    *,
    anew: bool = False,
    before_reading: Callable[[], None] | None = None,
) -> int:
    """Load documents and records, show what came of them, and return the exit code that says so.

    `before_reading` is called once, and only where something has to be read.
    """
    from warehouse import pipeline
    from warehouse.progress import showing_progress
    from warehouse.screens import show_load

    started = time.monotonic()
    with showing_progress(screen) as progress:
        result = pipeline.ingest(
            session.home,
            paths,
            keep_days=job.settings.keep.load_days,
            limits=_limits(time_limit),
            jobs=jobs,
            anew=anew,
            progress=progress,
            before_reading=before_reading,
        )
    job.tell_load(result)
    show_load(screen, result, time.monotonic() - started)
    return PEOPLE_NEEDED if result.quarantined else DONE


def _limits(seconds: float | None) -> ReadingLimits:
    from ingest.reading_process import ReadingLimits

    return ReadingLimits() if seconds is None else ReadingLimits(seconds=seconds)
