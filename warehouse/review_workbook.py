"""The review list as an Excel workbook, and the corrections that people wrote into it.

Every cell is a text: nothing in the workbook can act as a formula or a link. Columns are found by their headings and
rows by hidden keys, so people may sort, filter, and delete what they do not need.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import UnreachableError, UsageError
from warehouse.corrections import Correction
from warehouse.messages import Lang, say
from warehouse.output import one_line, staged_file
from warehouse.review_fields import EMPTY, HOW_TO_WRITE, REVIEW_FIELDS, ReviewField

if TYPE_CHECKING:
    from warehouse.review import ReviewList, ReviewValue

_CORRECTED, _REASON, _WHO = "更正值 Correction", "理由 Reason", "更正人 Corrected by"
_KEYS = ("raw_table", "row_id", "field", "expect", "document_sha256")
_FILE = "文件 Document"
# Heading and width; the widths are those of Excel, in characters.
_VALUE_COLUMNS: tuple[tuple[str, int], ...] = (
    (_FILE, 28), ("项目 Report", 30), ("所在行 Row", 26), ("字段 Field", 20), ("读到的值 Read", 22),
    ("原文 Snippet", 60), ("存疑原因 Why", 36), (_CORRECTED, 22), (_REASON, 28), (_WHO, 14),
)  # fmt: skip
_NOTE_COLUMNS: tuple[tuple[str, int], ...] = (
    (_FILE, 28), ("项目 Report", 30), ("提示 Code", 26), ("内容 Message", 48), ("原文 Snippet", 60),
)  # fmt: skip
_REFUSED_COLUMNS: tuple[tuple[str, int], ...] = ((_FILE, 48), ("原因 Reason code", 26), ("内容 Message", 90))
_REFUSED = "未读入 Not loaded"
_DOUBTFUL, _MISSING, _NOTES, _HELP = "存疑值 Doubtful", "缺失值 Missing", "提示 Warnings", "说明 Instructions"
# In points. Not every spreadsheet program makes rows as high as their wrapped text when it opens a file.
_INSTRUCTION_HEIGHT, _VALUE_HEIGHT = 48, 75
_MOST_ROWS = 1_000_000
_LONGEST_CELL = 2_000
_LONGEST_REASON = 500
_SHOWN_PROBLEMS = 5


def write_workbook(path: Path, review: ReviewList, lang: Lang) -> None:
    """Write the review list into a workbook, in one step.

    Raises:
        UsageError: it cannot be written there, or holds more rows than a sheet of Excel.
    """
    import xlsxwriter

    if max(map(len, (review.doubtful, review.missing, review.notes, review.refused))) > _MOST_ROWS:
        raise UsageError(
            "review_too_long",
            zh=f"复核清单超过 {_MOST_ROWS} 行，Excel 放不下。请用 --below 降低置信度界限。",
            en=f"The review list has more than {_MOST_ROWS} rows, too many for Excel. Give a lower --below.",
        )
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {**options, "in_memory": True}) as workbook:
        styles = _Styles.of(workbook)
        _write_instructions(workbook.add_worksheet(_HELP), styles)
        _write_values(workbook.add_worksheet(_DOUBTFUL), styles, review.doubtful, lang)
        _write_values(workbook.add_worksheet(_MISSING), styles, review.missing, lang)
        notes = [(note.file_name, note.report, note.code, note.message, note.snippet) for note in review.notes]
        _write_texts(workbook.add_worksheet(_NOTES), styles, _NOTE_COLUMNS, notes)
        refused = [(entry.input_name, entry.code, entry.message) for entry in review.refused]
        _write_texts(workbook.add_worksheet(_REFUSED), styles, _REFUSED_COLUMNS, refused)
        workbook.get_worksheet_by_name(_DOUBTFUL).activate()
    with staged_file(path) as staged:
        staged.write_bytes(content.getvalue())


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row of a workbook in which a person wrote a correction; `number` is the row's number as Excel shows it."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def get(self, heading: str) -> str:
        """The text of a cell; empty when it is blank."""
        return self.cells.get(heading, "")


def read_filled_rows(path: Path) -> list[FilledRow]:
    """The rows of a review workbook in which somebody wrote something.

    Raises:
        UnreachableError: the file is no workbook.
        UsageError: there is no such file, or it holds no sheet of a review workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    if not path.is_file():
        raise UsageError(
            "no_such_workbook",
            zh=f"{path}：没有这个文件。请给出已填写的复核工作簿。",
            en=f"{path}: there is no such file. Name the review workbook that was filled in.",
            path=str(path),
        )
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise UnreachableError(
            "workbook_not_read",
            zh=f"{path}：不能作为 Excel 工作簿读取。请选择由 fundperf review 写出并保存为 .xlsx 的文件。",
            en=f"{path}: this cannot be read as an Excel workbook. "
            "Choose a file that `fundperf review` wrote, saved as .xlsx.",
            path=str(path),
        ) from error
    tables = {name: rows for name, rows in sheets.items() if rows and _is_review_sheet(rows[0])}
    if not tables:
        raise UsageError(
            "no_review_sheet",
            zh=f"{path}：没有复核表（需要“{_CORRECTED}”等列和隐藏的键列）。请重新运行 fundperf review 导出。",
            en=f"{path}: there is no sheet of a review workbook (the columns {_CORRECTED}, … and the hidden keys). "
            "Write it anew with `fundperf review`.",
            path=str(path),
        )
    return [row for name, rows in tables.items() for row in _filled_rows(name, rows)]


def to_corrections(
    rows: Iterable[FilledRow],
    printed: Mapping[tuple[str, str], tuple[str, str | None]],
    *,
    by: str | None,
    today: date,
) -> list[Correction]:
    """The corrections that filled rows hold, checked one by one; all problems are told at once.

    Args:
        rows: from `read_filled_rows`.
        printed: raw table and printed value of each row and field, as the current release has them.
        by: who corrected where the row does not say.
        today: the day of the correction.

    Raises:
        UsageError: a row cannot be taken over; the message names sheet, row, column and what to do.
    """
    corrections: list[Correction] = []
    problems: list[tuple[str, str]] = []
    first: dict[tuple[str, str], tuple[FilledRow, Correction]] = {}
    for row in rows:
        try:
            correction = _to_correction(row, printed, by, today)
            _check_agreement(
                row, correction, *first.setdefault((correction.row_id, correction.field), (row, correction))
            )
        except _RowError as error:
            problems.append((error.zh, error.en))
        else:
            corrections.append(correction)
    if problems:
        raise _cannot_take_over(problems)
    return corrections


class _RowError(Exception):
    """Why one row cannot be taken over."""

    def __init__(self, row: FilledRow, column: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = f"工作表“{row.sheet}”第 {row.number} 行“{column}”列：{zh}"
        self.en = f"sheet “{row.sheet}”, row {row.number}, column “{column}”: {en}"


@dataclass(frozen=True, slots=True)
class _Styles:
    heading: Any
    text: Any
    entry: Any
    title: Any

    @classmethod
    def of(cls, workbook: Any) -> _Styles:
        # @ makes a cell a text cell, so that what a person types is kept as typed.
        plain = {"valign": "top", "text_wrap": True, "num_format": "@"}
        return cls(
            heading=workbook.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True}),
            text=workbook.add_format(plain),
            entry=workbook.add_format({**plain, "bg_color": "#FFF9DB", "border": 1, "border_color": "#D0D0D0"}),
            title=workbook.add_format({"bold": True, "font_size": 14}),
        )


def _write_instructions(sheet: Any, styles: _Styles) -> None:
    sheet.set_column(0, 0, 60, styles.text)
    sheet.set_column(1, 1, 70, styles.text)
    lines = [(say(f"review_help_{number}", "zh"), say(f"review_help_{number}", "en")) for number in range(1, 8)]
    for row, cells in enumerate(lines):
        sheet.set_row(row, _INSTRUCTION_HEIGHT)
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text, styles.title if row == 0 else styles.text)


def _write_values(sheet: Any, styles: _Styles, values: Sequence[ReviewValue], lang: Lang) -> None:
    _write_headings(sheet, styles, _VALUE_COLUMNS)
    entries = [number for number, (heading, _) in enumerate(_VALUE_COLUMNS) if heading in (_CORRECTED, _REASON, _WHO)]
    first_key = len(_VALUE_COLUMNS)
    for offset, name in enumerate(_KEYS):
        sheet.write_string(0, first_key + offset, name, styles.heading)
    sheet.set_column(first_key, first_key + len(_KEYS) - 1, 10, styles.text, {"hidden": True})
    for row, value in enumerate(values, start=1):
        if value.snippet:
            sheet.set_row(row, _VALUE_HEIGHT)
        for column, text in enumerate(_value_cells(value, lang)):
            if text:
                sheet.write_string(row, column, _cell(text), styles.text)
        for column in entries:
            sheet.write_blank(row, column, None, styles.entry)
        keys = (value.field.table, value.row_id, value.field.name, value.expect, value.document_sha256)
        for offset, key in enumerate(keys):
            if key is not None:
                sheet.write_string(row, first_key + offset, key, styles.text)
    if values:
        _add_validation(sheet, values, entries)
        sheet.autofilter(0, 0, len(values), len(_VALUE_COLUMNS) - 1)


def _value_cells(value: ReviewValue, lang: Lang) -> tuple[str, ...]:
    read = "" if value.expect is None else value.field.show(value.expect)
    return (
        value.file_name, value.report, value.line, value.field.term(lang), read, value.snippet, "；".join(value.why),
    )  # fmt: skip


def _add_validation(sheet: Any, values: Sequence[ReviewValue], entries: Sequence[int]) -> None:
    corrected, reason, who = entries
    for row, value in enumerate(values, start=1):
        zh, en = HOW_TO_WRITE[value.field.kind]
        rule: dict[str, Any] = {"input_title": value.field.zh, "input_message": f"{zh}\n{en}\n{EMPTY} = 原文未写明"}
        if value.field.kind == "code":
            rule |= {"validate": "list", "source": list(value.field.codes.values())}
        else:
            rule |= {"validate": "any"}
        sheet.data_validation(row, corrected, row, corrected, rule)
    limit = {"validate": "length", "criteria": "<=", "value": _LONGEST_REASON}
    sheet.data_validation(1, reason, len(values), who, limit)


def _write_texts(
    sheet: Any, styles: _Styles, columns: Sequence[tuple[str, int]], rows: Sequence[tuple[str, ...]]
) -> None:
    """A sheet for reading only."""
    _write_headings(sheet, styles, columns)
    for number, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells):
            if text:
                sheet.write_string(number, column, _cell(text), styles.text)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write_headings(sheet: Any, styles: _Styles, columns: Sequence[tuple[str, int]]) -> None:
    for column, (heading, width) in enumerate(columns):
        sheet.set_column(column, column, width, styles.text)
        sheet.write_string(0, column, heading, styles.heading)
    sheet.freeze_panes(1, 0)


def _cell(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= _LONGEST_CELL else shown[: _LONGEST_CELL - 1] + "…"


def _is_review_sheet(first_row: Sequence[Any]) -> bool:
    return {_CORRECTED, _REASON, _WHO, *_KEYS} <= {str(cell).strip() for cell in first_row}


def _filled_rows(sheet: str, rows: Sequence[Sequence[Any]]) -> Iterator[FilledRow]:
    headings = [str(cell).strip() for cell in rows[0]]
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(headings, map(_as_text, row), strict=False))
        if cells.get(_CORRECTED) or cells.get(_REASON):
            yield FilledRow(sheet, number, cells)


def _as_text(cell: Any) -> str:
    """A cell as a person sees it: a spreadsheet program may have made a number or a date of what was typed."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(cell).strip()


def _to_correction(
    row: FilledRow, printed: Mapping[tuple[str, str], tuple[str, str | None]], by: str | None, today: date
) -> Correction:
    field, expect = _checked_target(row, printed)
    reason = row.get(_REASON)
    who = row.get(_WHO) or (by or "").strip()
    corrected = _parse(row, field)
    for column, text, zh, en in (
        (_REASON, reason, "请写明更正理由", "say why it is corrected"),
        (_WHO, who, "请写明更正人，或加 --by 姓名", "say who corrected it, or add --by NAME"),
    ):
        if not text:
            raise _RowError(row, column, zh, en)
        if len(text) > _LONGEST_REASON:
            raise _RowError(
                row, column, f"请缩短到 {_LONGEST_REASON} 字以内", f"use at most {_LONGEST_REASON} characters"
            )
    return Correction(
        document_sha256=row.get("document_sha256"),
        file_name=row.get(_FILE),
        row_id=row.get("row_id"),
        field=field.name,
        expect=expect,
        corrected=corrected,
        reason=" ".join(reason.split()),
        corrected_by=" ".join(who.split()),
        corrected_on=today,
    )


def _check_agreement(row: FilledRow, correction: Correction, first_row: FilledRow, first: Correction) -> None:
    if correction.corrected != first.corrected:
        raise _RowError(
            row,
            _CORRECTED,
            f"同一个值在“{first_row.sheet}”第 {first_row.number} 行已填为另一值，请只保留一行",
            f"another value stands for it in sheet “{first_row.sheet}”, row {first_row.number}; keep one",
        )


def _checked_target(
    row: FilledRow, printed: Mapping[tuple[str, str], tuple[str, str | None]]
) -> tuple[ReviewField, str | None]:
    field = REVIEW_FIELDS.get((row.get("raw_table"), row.get("field")))
    if field is None:
        raise _RowError(
            row, "field", "隐藏的键列已被改动，请重新导出", "the hidden keys were changed; write the workbook anew"
        )
    found = printed.get((row.get("row_id"), field.name))
    expect = row.get("expect") or None
    if found != (field.table, expect):
        raise _RowError(
            row,
            "expect",
            "导出之后该值已变化或不再存在，请重新运行 fundperf review 导出后填写",
            "the value has changed or gone since the workbook was written; run `fundperf review` and fill in that one",
        )
    return field, expect


def _parse(row: FilledRow, field: ReviewField) -> str | None:
    written = row.get(_CORRECTED)
    if not written:
        raise _RowError(row, _CORRECTED, "请填写更正值，或清空该行", "fill in the correction, or clear the row")
    try:
        return field.parse(written)
    except ValueError as error:
        zh, en = HOW_TO_WRITE[field.kind]
        raise _RowError(
            row, _CORRECTED, f"“{written}”不能作为{field.zh}，应写{zh}", f"“{written}” is no {field.en}: write {en}"
        ) from error


def _cannot_take_over(problems: Sequence[tuple[str, str]]) -> UsageError:
    more = len(problems) - _SHOWN_PROBLEMS
    zh = "；".join(chinese for chinese, _ in problems[:_SHOWN_PROBLEMS]) + (f"；另有 {more} 处" if more > 0 else "")
    en = "; ".join(english for _, english in problems[:_SHOWN_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")
    return UsageError(
        "bad_corrections",
        zh=f"未采用任何更正：{zh}。",
        en=f"No correction was taken over: {en}.",
        problems=[english for _, english in problems],
    )
