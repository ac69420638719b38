"""The `fundperf` command: reads what was typed, calls one function, prints what people need next.

Nothing heavy is imported before a command runs, so that `fundperf --help` answers at once.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from ingest.errors import BusyError, FundPerfError, UsageError
from warehouse.home import DEFAULT_HOME, Home, find_home
from warehouse.messages import Lang, choose_lang, say

if TYPE_CHECKING:
    from ingest.reading_process import ReadingLimits
    from warehouse.build import BuildResult
    from warehouse.release import Release
    from warehouse.screens import Screen

DONE, FAILED, USAGE, PEOPLE_NEEDED, BUSY = range(5)
"""Exit codes."""
SCREEN_ROWS = 1_000
# The engine marks the place of an error in a line of its own.
_ENGINE_SAYS = "sql_failed"
_OUTPUT_ERRORS = frozenset({errno.EPIPE, errno.ENOSPC, errno.EBADF, errno.EIO})


class LangChoice(StrEnum):
    """Languages of the messages."""

    zh = "zh"
    en = "en"


class RecordFormat(StrEnum):
    """Forms of `extract`."""

    json = "json"
    jsonl = "jsonl"


class RowFormat(StrEnum):
    """Forms of `sql`."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


class ListFormat(StrEnum):
    """Forms of `lexicon`."""

    table = "table"
    csv = "csv"


class AccuracyFormat(StrEnum):
    """Forms of `evaluate`."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


class GroupChoice(StrEnum):
    """Groups of `evaluate`."""

    by_layout = "layout"
    by_format = "format"


class CaseSetChoice(StrEnum):
    """Sets of cases: even numbers may be looked at while developing, odd ones only measure."""

    all = "all"
    development = "development"
    held_out = "held-out"


HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Home folder of the warehouse 数据仓目录 [default: $FUNDPERF_HOME or ./.fundperf]"),
]
LangOption = Annotated[
    LangChoice | None, typer.Option("--lang", help="Language of messages 界面语言 [default: $FUNDPERF_LANG or system]")
]
PathsArgument = Annotated[list[Path], typer.Argument(help="Documents, folders, records 文件、文件夹、记录文件")]
OptionalPathsArgument = Annotated[
    list[Path] | None, typer.Argument(help="Documents, folders, records 文件、文件夹、记录文件")
]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        envvar="FUNDPERF_JOBS",
        help="Processes that read; 1 reads in this one 读取进程数，1 为不另开进程 [default: one per core]",
    ),
]
TimeLimitOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        min=1,
        envvar="FUNDPERF_TIME_LIMIT",
        help="Seconds for one document 单个文件限时（秒） [default: 120]",
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Build even when nothing changed 即使没有变化也构建")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON 输出 JSON")]


@dataclass(slots=True)
class Session:
    """What holds for one call of the command."""

    home: Home = field(default_factory=find_home)
    lang: Lang = field(default_factory=choose_lang)
    typed_home: str = field(default_factory=lambda: os.environ.get("FUNDPERF_HOME") or DEFAULT_HOME)

    def adopt(self, home: Path | None, lang: LangChoice | None) -> None:
        """Take over the options that were given, before or after the name of the command."""
        if lang is not None:
            self.lang = choose_lang(lang.value)
        if home is not None:
            self.home = find_home(home)
            self.typed_home = str(home)
        with suppress(OSError):
            if self.home.root.exists() and not self.home.root.is_dir():
                raise _no_home(self, os.strerror(errno.ENOTDIR))

    def screen(self) -> Screen:
        """The screen for people's messages."""
        from warehouse.output import open_console
        from warehouse.screens import Screen

        return Screen(open_console(), self.lang)


app = typer.Typer(
    name="fundperf",
    help="Self-evaluation reports of public spending → a comparable warehouse. 绩效自评报告 → 可比的数据仓。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help starts in half the time, and square brackets in it are no markup.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
release_app = typer.Typer(
    help="Publish the build; list releases; roll back 发布、列出版本、回退", invoke_without_command=True
)
app.add_typer(release_app, name="release")


@app.callback()
def _options(context: typer.Context, home: HomeOption = None, lang: LangOption = None) -> None:
    _session(context, home, lang)


@app.command()
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

    session = _session(context, home, lang)
    screen = session.screen()
    with _writing(session):
        quarantined = 0
        if paths:
            with parsing_ahead(session.home):
                quarantined = _ingest(session, screen, paths, jobs, time_limit)
        release = _build_and_publish(session, screen, force=force)
    from warehouse.screens import show_comparison, show_next

    show_comparison(screen, release)
    show_next(screen, release)
    raise typer.Exit(PEOPLE_NEEDED if quarantined else DONE)


@app.command()
def ingest(
    context: typer.Context,
    paths: PathsArgument,
    jobs: JobsOption = None,
    time_limit: TimeLimitOption = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Read documents and records into the raw tables. 把文件和记录读入原始表。"""
    session = _session(context, home, lang)
    with _writing(session):
        quarantined = _ingest(session, session.screen(), paths, jobs, time_limit)
    raise typer.Exit(PEOPLE_NEEDED if quarantined else DONE)


@app.command()
def extract(
    context: typer.Context,
    paths: PathsArgument,
    format: Annotated[RecordFormat, typer.Option("--format", help="json or 或 jsonl")] = RecordFormat.json,
    jobs: JobsOption = None,
    time_limit: TimeLimitOption = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Print what documents say as records; no warehouse is touched. 输出文件的提取结果，不写入数据仓。"""
    from ingest.inputs import find_inputs
    from warehouse.extracts import extract_all, write_records

    session = _session(context, home, lang)
    inputs = find_inputs(paths, home=session.home.root)
    is_single = len(paths) == 1 and paths[0].is_file() and len(inputs) == 1 and not inputs[0].member
    reading = extract_all(inputs, session.lang, limits=_limits(time_limit), jobs=jobs, lexicon=session.home.lexicon)
    with closing(reading) as records:
        failed = write_records(_data_stream(), records, as_lines=format is RecordFormat.jsonl, is_single=is_single)
    raise typer.Exit(PEOPLE_NEEDED if failed else DONE)


@app.command()
def build(context: typer.Context, force: ForceOption = False, home: HomeOption = None, lang: LangOption = None) -> None:
    """Build the models and run their checks, without publishing. 构建模型并检查，不发布。"""
    from warehouse.corrections import apply_corrections
    from warehouse.pipeline import build_state

    session = _session(context, home, lang)
    screen = session.screen()
    with _writing(session):
        apply_corrections(session.home)
        if not force and build_state(session.home) == "published":
            _say_nothing_changed(session, screen)
            raise typer.Exit(DONE)
        failed = _build(session, screen)
    raise typer.Exit(FAILED if failed else DONE)


@app.command()
def check(context: typer.Context, home: HomeOption = None, lang: LangOption = None) -> None:
    """Run all checks on what was built last. 对最近一次构建运行全部检查。"""
    from warehouse.build import run_checks
    from warehouse.screens import show_checks

    session = _session(context, home, lang)
    screen = session.screen()
    with _writing(session), _waiting_for(screen, "stage_check"):
        result = run_checks(session.home)
    show_checks(screen, result)
    _show_misfits(session, screen, result)
    raise typer.Exit(FAILED if result.failed else DONE)


@release_app.callback()
def release(context: typer.Context, home: HomeOption = None, lang: LangOption = None) -> None:
    """Publish the build; list releases; roll back. 发布构建结果；列出版本；回退。"""
    session = _session(context, home, lang)
    if context.invoked_subcommand is None:
        with _writing(session):
            _publish(session, session.screen())


@release_app.command("list")
def list_command(
    context: typer.Context, as_json: JsonOption = False, home: HomeOption = None, lang: LangOption = None
) -> None:
    """List the kept releases, newest first. 列出保留的版本。"""
    from warehouse.release import current_release, list_releases
    from warehouse.screens import show_releases

    session = _session(context, home, lang)
    releases, current = list_releases(session.home), current_release(session.home)
    if as_json:
        _print_json(
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

    session = _session(context, home, lang)
    with _writing(session):
        chosen = roll_back(session.home, release_id)
    session.screen().say("now_current", release=chosen.release_id)


@app.command()
def status(
    context: typer.Context, as_json: JsonOption = False, home: HomeOption = None, lang: LangOption = None
) -> None:
    """What is published, how fresh, what is waiting. 已发布内容、新旧程度、待处理事项。"""
    from warehouse.screens import show_status
    from warehouse.status import read_status

    session = _session(context, home, lang)
    found = read_status(session.home)
    if as_json:
        _print_json(found.to_dict())
    else:
        show_status(session.screen(), found)


@app.command()
def sql(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(help="One query; - reads standard input 一条查询；- 从标准输入读取")],
    format: Annotated[RowFormat, typer.Option("--format", help="table, csv, json or 或 parquet")] = RowFormat.table,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write 输出文件")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="Rows; 0 for all 行数，0 为全部 [default: 1000 on a screen]")
    ] = None,
    seconds: Annotated[float, typer.Option("--timeout", min=1, help="Seconds a query may take 查询限时（秒）")] = 60.0,
    release_id: Annotated[str | None, typer.Option("--release", help="An older release 较早的版本")] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Ask the published release, read-only. 只读查询已发布的版本。"""
    from warehouse.release import find_release
    from warehouse.sql import Limits, run_sql

    session = _session(context, home, lang)
    if format is RowFormat.parquet and output is None:
        raise UsageError(
            "output_needed",
            zh="Parquet 需要写入文件：请加 --output 文件名.parquet。",
            en="Parquet goes into a file: add --output NAME.parquet.",
        )
    if limit is None:
        limit = SCREEN_ROWS if format is RowFormat.table and output is None else 0
    written = _read_stdin() if statement == "-" else statement
    found = find_release(session.home, release_id)
    with run_sql(found, written, limit=limit, limits=Limits(seconds=seconds)) as answer:
        _write_answer(session, answer.table, format, output)
        if answer.is_cut:
            _error_screen(session).say("cut", limit=limit)


@app.command()
def trace(
    context: typer.Context,
    fact_id: Annotated[str | None, typer.Argument(help="Id of a fact (column fact_id) 事实编号")] = None,
    field_name: Annotated[
        str | None,
        typer.Option("--field", help="Value of a report: evaluation.total_score, indicators.9 报告中的一个值"),
    ] = None,
    find: Annotated[str | None, typer.Option("--find", help="Search by text or figure 按文字或数字查找")] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Show the sentence behind a number. 显示数字背后的原文。"""
    from warehouse.release import find_release
    from warehouse.screens import show_hits, show_trace
    from warehouse.trace import find_facts, trace_fact

    session = _session(context, home, lang)
    if (fact_id is None) == (find is None) or (find is not None and not find.strip()):
        raise UsageError(
            "fact_needed",
            zh="请给出一个事实编号，或用 --find 文字 查找编号。",
            en="Give the id of a fact, or search for one with --find TEXT.",
        )
    published = find_release(session.home)
    if find is not None:
        hits = find_facts(published, find)
        if as_json:
            _print_json([asdict(hit) for hit in hits])
        else:
            show_hits(session.screen(), find, hits)
        raise typer.Exit(DONE if hits else FAILED)
    found = trace_fact(published, fact_id or "", field_name)
    if as_json:
        _print_json(asdict(found))
    else:
        show_trace(session.screen(), found)


@app.command()
def evaluate(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Labelled cases: NAME.txt beside NAME.json 标注样本文件夹")],
    format: Annotated[
        AccuracyFormat, typer.Option("--format", help="table, json, csv or 或 markdown")
    ] = AccuracyFormat.table,
    by: Annotated[
        GroupChoice | None, typer.Option("--by", help="Fields of each group: layout or 或 format 按组列出")
    ] = None,
    misses: Annotated[bool, typer.Option("--misses", help="List every value not read right 列出未读对的值")] = False,
    case_set: Annotated[
        CaseSetChoice, typer.Option("--set", help="all, development (even numbers 双号), held-out (odd 单号)")
    ] = CaseSetChoice.all,
    require: Annotated[
        str, typer.Option("--require", help="Least values, e.g. overall_precision=0.97,unit_recall=0.9 最低要求")
    ] = "",
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Labelled cases → precision and recall of every field. 标注样本 → 各字段的准确率与召回率。"""
    from ingest.accuracy import CaseSet, find_cases, reading_with
    from ingest.accuracy import evaluate as measure
    from ingest.lexicon import load_lexicon
    from warehouse import accuracy_report

    session = _session(context, home, lang)
    requirements = accuracy_report.read_requirements(require)
    cases = find_cases(folder, CaseSet(case_set.value))
    accuracy = measure(cases, reading_with(load_lexicon(session.home.lexicon)))
    group = None if by is None else by.value
    if format is AccuracyFormat.table:
        accuracy_report.show_accuracy(session.screen(), accuracy, by=group, with_misses=misses)
    elif format is AccuracyFormat.json:
        accuracy_report.write_json(_data_stream(), accuracy)
    elif format is AccuracyFormat.csv:
        accuracy_report.write_csv(_data_stream(), accuracy, by=group, with_misses=misses)
    else:
        accuracy_report.write_markdown(_data_stream(), accuracy, by=group, with_misses=misses, lang=session.lang)
    unmet = list(accuracy_report.unmet(accuracy, requirements))
    for requirement, found in unmet:
        shown = "—" if found is None else f"{found:.3f}"
        _error_screen(session).say("accuracy_unmet", name=requirement.name, least=requirement.least, found=shown)
    raise typer.Exit(FAILED if unmet else DONE)


@app.command()
def review(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="Workbook to write 写出的工作簿")] = Path("fundperf-review.xlsx"),
    below: Annotated[
        float, typer.Option("--below", min=0, max=1.01, help="Confidence below which a value is doubtful 置信度界限")
    ] = 0.9,
    read: Annotated[
        Path | None, typer.Option("--read", help="Filled-in workbook to take over 读回已填写的工作簿")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who corrected, where a row does not say 更正人")] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Doubtful values → workbook → corrections. 存疑值写入工作簿；填写后读回为更正。"""
    from warehouse import review as reviewing
    from warehouse import review_workbook
    from warehouse.corrections import apply_corrections, keep_corrections
    from warehouse.release import find_release

    session = _session(context, home, lang)
    published = find_release(session.home)
    if read is None:
        found = reviewing.read_review_list(session.home, published, session.lang, below)
        review_workbook.write_workbook(out, found, session.lang)
        counts = {"doubtful": len(found.doubtful), "missing": len(found.missing)}
        counts |= {"notes": len(found.notes), "refused": len(found.refused)}
        session.screen().say("review_written", path=out, **counts)
        return
    rows = review_workbook.read_filled_rows(read)
    printed = reviewing.printed_values(published, [row.get("row_id") for row in rows])
    corrections = review_workbook.to_corrections(rows, printed, by=by, today=datetime.now(UTC).date())
    with _writing(session):
        kept = keep_corrections(session.home, corrections)
        apply_corrections(session.home)
    session.screen().say("review_kept", path=session.home.corrections, **asdict(kept))


@app.command()
def lexicon(
    context: typer.Context,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Headings of loaded documents that it lacks 词表之外的标题")
    ] = False,
    unused: Annotated[bool, typer.Option("--unused", help="Lines that no document used 没有用到的词条")] = False,
    format: Annotated[ListFormat, typer.Option("--format", help="table or 或 csv")] = ListFormat.table,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """What the lexicon holds, and which headings it lacks. 词表内容；词表之外的标题。"""
    from warehouse import lexicon_report
    from warehouse.release import find_release

    session = _session(context, home, lang)
    is_table = format is ListFormat.table
    if unknown:
        found = lexicon_report.find_unknown(find_release(session.home), session.home)
        if is_table:
            lexicon_report.show_unknown(session.screen(), found)
        else:
            lexicon_report.write_unknown(_data_stream(), found)
        return
    lines = lexicon_report.read_lines(session.home)
    if unused:
        lines = lexicon_report.find_unused(find_release(session.home), lines)
    show, write = (
        (lexicon_report.show_unused, lexicon_report.write_unused)
        if unused
        else (lexicon_report.show_roles, lexicon_report.write_roles)
    )
    if is_table:
        show(session.screen(), lines)
    else:
        write(_data_stream(), lines)


def main() -> None:
    """Entry point: every deliberate error is one sentence, every other one a sentence and a log."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show Chinese must not end the work.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    session = Session()
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        with _ending_on_request():
            try:
                app(obj=session)
            finally:
                # What cannot be written any more must be known before the exit code is given.
                sys.stdout.flush()
    except FundPerfError as error:
        _print_error(error.message(session.lang), keep="\n" if error.code == _ENGINE_SAYS else "")
        sys.exit(_exit_code(error))
    except OSError as error:
        _report_os_error(session, error)
        sys.exit(FAILED)
    except Exception as error:  # noqa: BLE001  (nobody should have to read a traceback)
        first_line = next(iter(str(error).splitlines()), "")[:200]
        log = _log(session, error)
        _print_error(say("unexpected", session.lang, kind=type(error).__name__, message=first_line, path=log))
        sys.exit(FAILED)


@contextmanager
def _ending_on_request() -> Iterator[None]:
    """Let SIGTERM end the work like an exception, so that locks, temporary folders and processes go with it."""

    def end(number: int, frame: object) -> None:
        sys.exit(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:
        # Only the main thread may ask for signals.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _report_os_error(session: Session, error: OSError) -> None:
    if error.filename is None and error.errno in _OUTPUT_ERRORS:
        # What is left in the buffer would fail once more, and noisily, when the process ends.
        with suppress(OSError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:
            return
    path = say("standard_output", session.lang) if error.filename is None else os.fsdecode(error.filename)
    _print_error(say("os_error", session.lang, path=path, reason=error.strerror or type(error).__name__))


def _session(context: typer.Context, home: Path | None, lang: LangChoice | None) -> Session:
    session = context.ensure_object(Session)
    session.adopt(home, lang)
    return session


@contextmanager
def _writing(session: Session) -> Iterator[None]:
    from warehouse import lock

    try:
        session.home.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _no_home(session, error.strerror or type(error).__name__) from error
    with lock.hold(session.home.lock):
        yield


def _no_home(session: Session, reason: str) -> UsageError:
    return UsageError(
        "home_not_usable",
        zh=f"{session.typed_home}：不能用作数据仓目录（{reason}）。请用 --home 指定另一个目录。",
        en=f"{session.typed_home}: this cannot be the home folder ({reason}). Name another folder with --home.",
        home=session.typed_home,
    )


def _ingest(session: Session, screen: Screen, paths: list[Path], jobs: int | None, time_limit: float | None) -> int:
    from warehouse import pipeline
    from warehouse.progress import showing_progress
    from warehouse.screens import show_load

    started = time.monotonic()
    with showing_progress(screen) as progress:
        result = pipeline.ingest(session.home, paths, limits=_limits(time_limit), jobs=jobs, progress=progress)
    show_load(screen, result, time.monotonic() - started)
    return result.quarantined


def _build(session: Session, screen: Screen) -> int:
    from warehouse.build import build as build_models
    from warehouse.screens import show_build

    with _waiting_for(screen, "stage_build"):
        result = build_models(session.home)
    show_build(screen, result)
    _show_misfits(session, screen, result)
    return len(result.failed)


def _show_misfits(session: Session, screen: Screen, result: BuildResult) -> None:
    from warehouse.corrections import MISFITS_CHECK, find_misfits
    from warehouse.screens import show_misfits

    if any(check.name == MISFITS_CHECK for check in result.failed):
        show_misfits(screen, find_misfits(session.home), session.home.corrections)


def _build_and_publish(session: Session, screen: Screen, *, force: bool) -> Release:
    from warehouse.corrections import apply_corrections, find_misfits
    from warehouse.pipeline import build_state
    from warehouse.release import find_release
    from warehouse.screens import show_misfits

    apply_corrections(session.home)
    state = "stale" if force else build_state(session.home)
    if state == "published":
        _say_nothing_changed(session, screen)
        return find_release(session.home)
    if state == "stale":
        _build(session, screen)
    else:
        # The build may wait because of corrections that do not fit: say so again, not only that a check stops it.
        show_misfits(screen, find_misfits(session.home), session.home.corrections)
    return _publish(session, screen)


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


@contextmanager
def _waiting_for(screen: Screen, key: str) -> Iterator[None]:
    if not screen.console.is_terminal:
        yield
        return
    with screen.console.status(say(key, screen.lang)):
        yield


def _limits(seconds: float | None) -> ReadingLimits:
    from ingest.reading_process import ReadingLimits

    return ReadingLimits() if seconds is None else ReadingLimits(seconds=seconds)


def _write_answer(session: Session, table: Any, format: RowFormat, output: Path | None) -> None:
    from warehouse.output import open_console, print_rows, replacing, table_rows, write_csv, write_json, write_parquet

    if format is RowFormat.table and output is None:
        print_rows(session.screen().console, table.column_names, table_rows(table))
        return

    def write(stream: IO[str]) -> None:
        if format is RowFormat.csv:
            write_csv(stream, table)
        elif format is RowFormat.json:
            write_json(stream, table)
        else:
            print_rows(open_console(stream), table.column_names, table_rows(table))

    if output is None:
        write(_data_stream())
        return
    if format is RowFormat.parquet:
        write_parquet(output, table)
    else:
        with replacing(output) as stream:
            write(stream)
    _error_screen(session).say("written", count=table.num_rows, path=output)


def _error_screen(session: Session) -> Screen:
    from warehouse.output import open_console
    from warehouse.screens import Screen

    return Screen(open_console(sys.stderr), session.lang)


def _read_stdin() -> str:
    return sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")


def _print_json(content: object) -> None:
    import json

    text = json.dumps(content, ensure_ascii=False, indent=2)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # A path need not be text on every system: it is written in escapes.
        text = json.dumps(content, indent=2)
    _data_stream().write(text + "\n")


def _data_stream() -> IO[str]:
    """Standard output for programs: UTF-8 without loss whatever the locale says. A screen stays as it is."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
    return sys.stdout


def _print_error(message: str, *, keep: str = "") -> None:
    from warehouse.output import one_line

    if sys.stderr is not None:
        sys.stderr.write(one_line(message, keep=keep) + "\n")


def _exit_code(error: FundPerfError) -> int:
    if isinstance(error, UsageError):
        return USAGE
    return BUSY if isinstance(error, BusyError) else FAILED


def _log(session: Session, error: Exception) -> Path:
    text = "".join(traceback.format_exception(error))
    name = f"error-{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z.log"
    for folder in (session.home.logs, Path(tempfile.gettempdir())):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
            return folder / name
    return Path("-")


if __name__ == "__main__":
    main()
