"""How well documents are read, and what people do about it: `evaluate`, `review`, `lexicon`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ingest.confidence import REVIEW_BELOW
from warehouse.commands.exit_codes import DONE, FAILED
from warehouse.commands.options import HomeOption, LangOption
from warehouse.commands.session import Session, session_of
from warehouse.commands.streams import data_stream

if TYPE_CHECKING:
    from ingest.accuracy import Accuracy

AccuracyFormat = Literal["table", "json", "csv", "markdown"]
CaseSet = Literal["all", "development", "held-out"]
Group = Literal["layout", "format"]
ListFormat = Literal["table", "csv"]


def evaluate(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Labelled cases: NAME.txt beside NAME.json 标注样本文件夹")],
    format: Annotated[AccuracyFormat, typer.Option("--format", help="table, json, csv or 或 markdown")] = "table",
    by: Annotated[Group | None, typer.Option("--by", help="Fields of each group: layout or 或 format 按组列出")] = None,
    misses: Annotated[bool, typer.Option("--misses", help="List every value not read right 列出未读对的值")] = False,
    case_set: Annotated[
        CaseSet, typer.Option("--set", help="all, development (even numbers 双号), held-out (odd 单号)")
    ] = "all",
    require: Annotated[
        str, typer.Option("--require", help="Least values, e.g. overall_precision=0.97,unit_recall=0.9 最低要求")
    ] = "",
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Labelled cases → precision and recall of every field. 标注样本 → 各字段的准确率与召回率。"""
    from ingest.accuracy import evaluate as measure
    from ingest.accuracy import find_cases, reading_with
    from ingest.lexicon import load_lexicon
    from warehouse import accuracy_report

    session = session_of(context, home, lang)
    requirements = accuracy_report.read_requirements(require)
    cases = find_cases(folder, case_set)
    accuracy = measure(cases, reading_with(load_lexicon(session.home.lexicon)))
    _write_accuracy(session, accuracy, format, by=by, with_misses=misses)
    unmet = list(accuracy_report.unmet(accuracy, requirements))
    for requirement, found in unmet:
        shown = "—" if found is None else f"{found:.3f}"
        session.error_screen().say("accuracy_unmet", name=requirement.name, least=requirement.least, found=shown)
    raise typer.Exit(FAILED if unmet else DONE)


def _write_accuracy(
    session: Session, accuracy: Accuracy, format: AccuracyFormat, *, by: Group | None, with_misses: bool
) -> None:
    from warehouse import accuracy_report

    if format == "table":
        accuracy_report.show_accuracy(session.screen(), accuracy, by=by, with_misses=with_misses)
    elif format == "json":
        accuracy_report.write_json(data_stream(), accuracy)
    elif format == "csv":
        accuracy_report.write_csv(data_stream(), accuracy, by=by, with_misses=with_misses)
    else:
        accuracy_report.write_markdown(data_stream(), accuracy, by=by, with_misses=with_misses, lang=session.lang)


def review(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="Workbook to write 写出的工作簿")] = Path("fundperf-review.xlsx"),
    below: Annotated[
        float, typer.Option("--below", min=0, max=1.01, help="Confidence below which a value is doubtful 置信度界限")
    ] = REVIEW_BELOW,
    read: Annotated[
        Path | None, typer.Option("--read", help="Filled-in workbook to take over 读回已填写的工作簿")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who corrected, where a row does not say 更正人")] = None,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Doubtful values → workbook → corrections. 存疑值写入工作簿；填写后读回为更正。"""
    session = session_of(context, home, lang)
    if read is None:
        _write_review(session, out, below)
    else:
        _take_over(session, read, by)


def _write_review(session: Session, out: Path, below: float) -> None:
    from warehouse.release import find_release
    from warehouse.review import read_review_list
    from warehouse.review_workbook import write_workbook

    found = read_review_list(session.home, find_release(session.home), session.lang, below)
    write_workbook(out, found, session.lang)
    session.screen().say(
        "review_written",
        path=out,
        doubtful=len(found.doubtful),
        missing=len(found.missing),
        notes=len(found.notes),
        refused=len(found.refused),
    )


def _take_over(session: Session, workbook: Path, by: str | None) -> None:
    from warehouse.corrections import apply_corrections, keep_corrections
    from warehouse.release import find_release
    from warehouse.review import printed_values
    from warehouse.review_workbook import read_filled_rows, to_corrections

    published = find_release(session.home)
    rows = read_filled_rows(workbook)
    printed = printed_values(published, [row.get("row_id") for row in rows])
    corrections = to_corrections(rows, printed, by=by, today=datetime.now(UTC).date())
    with session.writing("review", needs_room=False):
        kept = keep_corrections(session.home, corrections)
        apply_corrections(session.home)
    session.screen().say("review_kept", path=session.home.corrections, **asdict(kept))


def lexicon(
    context: typer.Context,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Headings of loaded documents that it lacks 词表之外的标题")
    ] = False,
    unused: Annotated[bool, typer.Option("--unused", help="Lines that no document used 没有用到的词条")] = False,
    format: Annotated[ListFormat, typer.Option("--format", help="table or 或 csv")] = "table",
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """What the lexicon holds, and which headings it lacks. 词表内容；词表之外的标题。"""
    from warehouse import lexicon_report
    from warehouse.release import find_release

    session = session_of(context, home, lang)
    if unknown:
        found = lexicon_report.find_unknown(find_release(session.home), session.home)
        if format == "csv":
            lexicon_report.unknown_table(found).write(data_stream())
        else:
            lexicon_report.show_unknown(session.screen(), found)
        return
    lines = lexicon_report.read_lines(session.home)
    if unused:
        lines = lexicon_report.find_unused(find_release(session.home), lines)
    if format == "csv":
        table = lexicon_report.lines_table(lines) if unused else lexicon_report.roles_table(lines)
        table.write(data_stream())
    elif unused:
        lexicon_report.show_unused(session.screen(), lines)
    else:
        lexicon_report.show_roles(session.screen(), lines)
