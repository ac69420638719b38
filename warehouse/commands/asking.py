"""Answers out: `sql`, `trace`, `lineage` and `metric` read the published release."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal

import typer

from ingest.errors import UsageError
from warehouse.commands.exit_codes import DONE, FAILED
from warehouse.commands.options import AsOfOption, HomeOption, JsonOption, LangOption
from warehouse.commands.session import Session, session_of
from warehouse.commands.streams import data_stream, print_json, read_stdin

if TYPE_CHECKING:
    import pyarrow as pa

    from warehouse.metrics import Semantics
    from warehouse.release import Release

RowFormat = Literal["table", "csv", "json", "parquet"]
MetricFormat = Literal["table", "csv", "json", "sql"]
TreeFormat = Literal["tree", "json"]

SCREEN_ROWS = 1_000
"""Rows that a screen gets when nobody asks for more."""

SCREEN_BYTES, SCREEN_VALUES = 4 << 20, 30_000
"""What can be laid out as a table in a few seconds."""


def sql(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(help="One query; - reads standard input 一条查询；- 从标准输入读取")],
    format: Annotated[RowFormat, typer.Option("--format", help="table, csv, json or 或 parquet")] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write 输出文件")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="Rows; 0 for all 行数，0 为全部 [default: 1000 on a screen]")
    ] = None,
    seconds: Annotated[float, typer.Option("--timeout", min=1, help="Seconds a query may take 查询限时（秒）")] = 7.0,
    release_id: Annotated[str | None, typer.Option("--release", help="An older release 较早的版本")] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Ask the published release, read-only. 只读查询已发布的版本。"""
    from warehouse.sql import Limits, run_sql
    from warehouse.sql_guard import MAX_CHARACTERS

    session = session_of(context, home, lang)
    if format == "parquet" and output is None:
        raise UsageError(
            "output_needed",
            zh="Parquet 需要写入文件：请加 --output 文件名.parquet。",
            en="Parquet goes into a file: add --output NAME.parquet.",
        )
    if limit is None:
        limit = SCREEN_ROWS if format == "table" and output is None else 0
    written = (read_stdin(MAX_CHARACTERS + 1) if statement == "-" else statement).removeprefix("\ufeff")
    found = _find_release(session, release_id, as_of)
    limits = Limits(seconds=seconds)
    if format == "table":
        limits = replace(limits, result_bytes=SCREEN_BYTES, result_values=SCREEN_VALUES, cuts_to_fit=True)
    with run_sql(found, written, limit=limit, limits=limits) as answer:
        _write_answer(session, answer.table, format, output)
        if answer.is_cut:
            shown = answer.table.num_rows
            session.error_screen().say("cut" if shown == limit else "cut_to_fit", limit=shown)


def _find_release(session: Session, release_id: str | None, as_of: str | None) -> Release:
    """What is asked: the current release, an older one, or what was known on a day, which may take a build."""
    from warehouse.as_of import find_release_or_moment

    with session.error_screen().waiting_for("stage_as_of" if as_of else "stage_ask"):
        return find_release_or_moment(session.home, release_id, as_of)


def _write_answer(session: Session, table: pa.Table, format: RowFormat, output: Path | None) -> None:
    from warehouse.output import open_console, print_rows, replacing, table_rows, write_csv, write_json, write_parquet

    if format == "table" and output is None:
        print_rows(session.screen().console, table.column_names, table_rows(table))
        return

    def write(stream: IO[str]) -> None:
        if format == "csv":
            write_csv(stream, table)
        elif format == "json":
            write_json(stream, table)
        else:
            print_rows(open_console(stream), table.column_names, table_rows(table))

    if output is None:
        write(data_stream())
        return
    if format == "parquet":
        write_parquet(output, table)
    else:
        with replacing(output) as stream:
            write(stream)
    session.error_screen().say("written", count=table.num_rows, path=output)


def trace(
    context: typer.Context,
    fact_id: Annotated[str | None, typer.Argument(help="Id of a fact (column fact_id) 事实编号")] = None,
    field_name: Annotated[
        str | None,
        typer.Option("--field", help="Value of a report: evaluation.total_score, indicators.9 报告中的一个值"),
    ] = None,
    find: Annotated[str | None, typer.Option("--find", help="Search by text or figure 按文字或数字查找")] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Show the sentence behind a number. 显示数字背后的原文。"""
    session = session_of(context, home, lang)
    if fact_id is not None and find is None:
        _trace(session, _find_release(session, None, as_of), fact_id, field_name, as_json)
    elif fact_id is None and find is not None and find.strip():
        _search(session, _find_release(session, None, as_of), find, as_json)
    else:
        raise UsageError(
            "fact_needed",
            zh="请给出一个事实编号，或用 --find 文字 查找编号。",
            en="Give the id of a fact, or search for one with --find TEXT.",
        )


def lineage(
    context: typer.Context,
    column: Annotated[str, typer.Argument(help="TABLE.COLUMN, or TABLE for all of it 表名.列名，或表名")],
    format: Annotated[TreeFormat, typer.Option("--format", help="tree or 或 json")] = "tree",
    release_id: Annotated[str | None, typer.Option("--release", help="An older release 较早的版本")] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """From a column to the raw columns its values are made of. 从一列追溯到原始列。"""
    from warehouse.lineage import read_project
    from warehouse.lineage_report import show_lineage, show_origins
    from warehouse.release import find_release

    session = session_of(context, home, lang)
    project = read_project(find_release(session.home, release_id))
    relation = project.find_relation(column)
    if relation is None:
        found = project.follow(column)
        if format == "json":
            print_json(found.to_dict())
        else:
            show_lineage(session.screen(), found, project)
        return
    ways = [project.follow_column((relation, name)) for name in project.columns[relation]]
    if format == "json":
        print_json([way.to_dict() for way in ways])
    else:
        show_origins(session.screen(), relation, ways)


def metric(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Metrics; none lists them 度量名称；不写则列出全部")] = None,
    by: Annotated[list[str] | None, typer.Option("--by", help="Dimension to split by; repeatable 分组维度")] = None,
    where: Annotated[
        str | None, typer.Option("--where", help="Condition on dimensions, e.g. fiscal_year = 2023 维度上的条件")
    ] = None,
    format: Annotated[MetricFormat, typer.Option("--format", help="table, csv, json or 或 sql")] = "table",
    release_id: Annotated[str | None, typer.Option("--release", help="An older release 较早的版本")] = None,
    as_of: AsOfOption = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Metrics of the published release by name. 按名称查询已发布版本的度量。"""
    from warehouse.metrics import compile_metrics, explain_reasons, read_semantics, run_metrics
    from warehouse.screens import show_reasons

    session = session_of(context, home, lang)
    found = _find_release(session, release_id, as_of)
    if not names or names == ["list"]:
        _list_metrics(session, read_semantics(found), format)
    elif format == "sql":
        data_stream().write(compile_metrics(read_semantics(found), names, by=by or (), where=where) + "\n")
    else:
        with run_metrics(found, names, by=by or (), where=where) as table:
            _write_answer(session, table, format, None)
            if format == "table":
                show_reasons(session.screen(), explain_reasons(found, names, table))


def _list_metrics(session: Session, semantics: Semantics, format: MetricFormat) -> None:
    from warehouse.messages import say
    from warehouse.output import print_rows

    if format == "json":
        print_json(
            {"metrics": [asdict(e) for e in semantics.metrics], "dimensions": [asdict(e) for e in semantics.dimensions]}
        )
        return
    screen = session.screen()
    headings = [say(f"metric_{name}", session.lang) for name in ("name", "label", "description")]
    print_rows(screen.console, headings, [(entry.name, entry.label, entry.description) for entry in semantics.metrics])
    print_rows(screen.console, headings[:2], [(entry.name, entry.label) for entry in semantics.dimensions])


def _trace(session: Session, release: Release, fact_id: str, field_name: str | None, as_json: bool) -> None:
    from warehouse.screens import show_trace
    from warehouse.trace import trace_fact

    found = trace_fact(release, fact_id, field_name)
    if as_json:
        print_json(asdict(found))
    else:
        show_trace(session.screen(), found)


def _search(session: Session, release: Release, wanted: str, as_json: bool) -> None:
    from warehouse.fact_search import find_facts
    from warehouse.screens import show_hits

    hits = find_facts(release, wanted)
    if as_json:
        print_json([asdict(hit) for hit in hits])
    else:
        show_hits(session.screen(), wanted, hits)
    raise typer.Exit(DONE if hits else FAILED)
