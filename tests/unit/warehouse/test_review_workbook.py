"""The workbook out and in: what people see, what nobody can break, what is refused and how it is said."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import UnreachableError, UsageError
from tests.support.workbooks import CORRECTED, REASON, WHO, fill, read_sheets, write_sheets
from warehouse.corrections import Correction
from warehouse.review import RefusedInput, ReviewList, ReviewNote, ReviewValue
from warehouse.review_fields import REVIEW_FIELDS
from warehouse.review_workbook import read_filled_rows, to_corrections, write_workbook

TODAY = date(2026, 1, 2)


def value(table: str, name: str, expect: str | None, row_id: str = "r1", file_name: str = "报告.txt") -> ReviewValue:
    return ReviewValue(
        field=REVIEW_FIELDS[table, name],
        row_id=row_id,
        expect=expect,
        file_name=file_name,
        document_sha256="a" * 64,
        report="2020 金保网",
        line="全年执行数 · 年度资金总额",
        snippet="支出⟦16800元⟧",
        why=("置信度 0.75，方法 prose",),
    )


AMOUNT = value("funding_lines", "amount_yuan", "16800.00")
STAGE = value("funding_lines", "stage", "executed")
UNIT = value("reports", "unit", None, "report")
EVIL = value("reports", "project_name", '=HYPERLINK("http://x","y")', "report", "=cmd|' /C calc'!A0")
PRINTED = {(entry.row_id, entry.field.name): (entry.field.table, entry.expect) for entry in (AMOUNT, STAGE, UNIT, EVIL)}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook with three doubtful values, a missing one, a note and an input that was not loaded."""
    path = tmp_path / "review.xlsx"
    note = ReviewNote("报告.txt", "2020 金保网", "empty_heading", "+1+1", "⟦经济效益⟧")
    refused = RefusedInput("=1+1.docx", "no_report", "没有自评内容")
    write_workbook(path, ReviewList((AMOUNT, STAGE, EVIL), (UNIT,), (note,), (refused,)), "zh")
    return path


def corrections(workbook: Path, *entries: dict[str, Any], by: str | None = None) -> list[Correction]:
    filled = workbook.with_name("filled.xlsx")
    fill(workbook, filled, list(entries))
    return to_corrections(read_filled_rows(filled), PRINTED, by=by, today=TODAY)


def test_every_value_has_a_row_with_all_that_is_needed_to_decide(workbook: Path) -> None:
    sheets = read_sheets(workbook)
    assert list(sheets) == [
        "说明 Instructions",
        "存疑值 Doubtful",
        "缺失值 Missing",
        "提示 Warnings",
        "未读入 Not loaded",
    ]
    doubtful = dict(zip(sheets["存疑值 Doubtful"][0], sheets["存疑值 Doubtful"][1], strict=True))
    assert doubtful["字段 Field"] == "金额（元）"
    assert doubtful["读到的值 Read"] == "16800"
    assert doubtful["原文 Snippet"] == "支出⟦16800元⟧"
    assert (doubtful["row_id"], doubtful["expect"]) == ("r1", "16800.00")
    assert [row[3] for row in sheets["缺失值 Missing"][1:]] == ["实施单位"]
    assert sheets["提示 Warnings"][1][2:4] == ["empty_heading", "+1+1"]
    assert sheets["未读入 Not loaded"][1] == ["=1+1.docx", "no_report", "没有自评内容"]


def test_nothing_in_the_workbook_is_a_formula_or_a_link(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert not any("_rels" in name for name in parts.namelist() if name.startswith("xl/worksheets/"))
    assert len([text for text in sheets if "<sheetData" in text]) == 5
    for text in sheets:
        assert "<f>" not in text
        assert "hyperlink" not in text.casefold()
    assert sum("frozen" in text for text in sheets) == 4
    assert any('hidden="1"' in text for text in sheets)
    assert any("批复（下达）" in text for text in sheets), "the codes are offered as a list"


def test_filled_rows_become_corrections(workbook: Path) -> None:
    found = corrections(
        workbook,
        {"field": "amount_yuan", "set": {CORRECTED: "1.68万元", REASON: "多读", WHO: "王某"}},
        {"field": "unit", "set": {CORRECTED: "甲局", REASON: " 见封面 "}},
        by="李某",
    )
    assert [(entry.row_id, entry.field, entry.expect, entry.corrected) for entry in found] == [
        ("r1", "amount_yuan", "16800.00", "16800"),
        ("report", "unit", None, "甲局"),
    ]
    assert [(entry.reason, entry.corrected_by, entry.corrected_on) for entry in found] == [
        ("多读", "王某", TODAY),
        ("见封面", "李某", TODAY),
    ]


def test_a_number_typed_into_a_spreadsheet_is_taken_as_it_is_seen(workbook: Path) -> None:
    [found] = corrections(workbook, {"field": "amount_yuan", "set": {CORRECTED: 16801.0, REASON: "x"}}, by="王某")
    assert found.corrected == "16801"


def test_unfilled_rows_are_no_corrections(workbook: Path) -> None:
    assert corrections(workbook) == []


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({CORRECTED: "很多", REASON: "x", WHO: "y"}, "“很多” is no amount, yuan: write an amount, e.g. 180000"),
        ({CORRECTED: "1", WHO: "y"}, "say why it is corrected"),
        ({CORRECTED: "1", REASON: "x"}, "add --by NAME"),
        ({REASON: "x", WHO: "y"}, "fill in the correction, or clear the row"),
        ({CORRECTED: "1", REASON: "x" * 501, WHO: "y"}, "at most 500 characters"),
        ({CORRECTED: "1", REASON: "x", WHO: "y", "expect": "5.00"}, "has changed or gone"),
        ({CORRECTED: "1", REASON: "x", WHO: "y", "row_id": "r9"}, "has changed or gone"),
        ({CORRECTED: "1", REASON: "x", WHO: "y", "raw_table": "documents"}, "the hidden keys were changed"),
    ],
)
def test_a_row_that_cannot_be_taken_over_is_named(workbook: Path, cells: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        corrections(workbook, {"field": "amount_yuan", "set": cells})
    assert raised.value.code == "bad_corrections"
    assert "sheet “存疑值 Doubtful”, row 2, column" in raised.value.en
    assert message in raised.value.en


def test_all_problems_are_told_at_once(workbook: Path) -> None:
    bad = {CORRECTED: "x", REASON: "x", WHO: "y"}
    with pytest.raises(UsageError) as raised:
        corrections(workbook, {"field": "amount_yuan", "set": bad}, {"field": "stage", "set": bad})
    problems = raised.value.facts["problems"]
    assert isinstance(problems, list)
    assert len(problems) == 2


def test_two_values_for_one_place_are_refused_and_the_same_one_twice_is_not(workbook: Path) -> None:
    sheets = read_sheets(workbook)
    rows = sheets["存疑值 Doubtful"]
    filled = [dict(zip(rows[0], rows[1], strict=True)) | {CORRECTED: amount, REASON: "r"} for amount in ("5", "5", "6")]
    for name, copies in (("same", filled[:2]), ("other", filled)):
        sheets["存疑值 Doubtful"] = [rows[0], *([row[heading] for heading in rows[0]] for row in copies)]
        write_sheets(workbook.with_name(f"{name}.xlsx"), sheets)
    same = to_corrections(read_filled_rows(workbook.with_name("same.xlsx")), PRINTED, by="李", today=TODAY)
    assert {correction.corrected for correction in same} == {"5"}
    with pytest.raises(UsageError, match=r"row 4, .*another value stands for it in sheet .*, row 2"):
        to_corrections(read_filled_rows(workbook.with_name("other.xlsx")), PRINTED, by="李", today=TODAY)


def test_sorted_and_shortened_sheets_are_read_by_their_keys(workbook: Path) -> None:
    sheets = read_sheets(workbook)
    sheets["存疑值 Doubtful"][1:] = [sheets["存疑值 Doubtful"][2]]
    write_sheets(workbook, sheets)
    [found] = corrections(workbook, {"field": "stage", "set": {CORRECTED: "到位", REASON: "x"}}, by="王某")
    assert (found.row_id, found.field, found.corrected) == ("r1", "stage", "received")


def test_another_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    text = tmp_path / "a.xlsx"
    text.write_text("甲", encoding="utf-8")
    with pytest.raises(UnreachableError, match="cannot be read as an Excel workbook"):
        read_filled_rows(text)
    with pytest.raises(UsageError, match="there is no such file"):
        read_filled_rows(tmp_path / "none.xlsx")
    write_sheets(text, {"Sheet1": [["a", "b"]]})
    with pytest.raises(UsageError, match="no sheet of a review workbook"):
        read_filled_rows(text)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        write_workbook(tmp_path / "nowhere" / "a.xlsx", ReviewList((), (), ()), "en")
    assert raised.value.code == "output_not_written"
