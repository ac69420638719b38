"""Workbooks: values as shown, merged cells, titles above the form."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from ingest.errors import DocumentError
from ingest.reading import read_document
from ingest.reading.excel97 import largest_area
from ingest.reading.sheets import Sheet, contents
from tests.unit.reading.shapes import Shape, assert_sound, compound, shape_of, zipped

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reading"

# BIFF8: begin of the globals, then FILEPASS (a password is needed), then the end.
LOCKED = struct.pack("<HH", 0x0809, 16) + struct.pack("<HH", 0x0600, 5) + bytes(12)
LOCKED += struct.pack("<HHH", 0x002F, 54, 1) + bytes(52) + struct.pack("<HH", 0x000A, 0)


def workbook(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        write(book)
    return stream.getvalue()


def read(write: Callable[[xlsxwriter.Workbook], None]) -> Shape:
    document = read_document(workbook(write), "表.xls")
    assert_sound(document)
    assert document.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return shape_of(document)


def test_a_form_is_titles_then_one_table() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        percent, money = book.add_format({"num_format": "0%"}), book.add_format({"num_format": "#,##0.00"})
        sheet.merge_range("B2:E2", "项目支出绩效自评表")
        sheet.write("B3", "（2023年度）")
        sheet.merge_range("B4:B5", "项目资金")
        sheet.write_row("C4", ["年初预算数", "执行数", "执行率"])
        sheet.write("C5", 1800, money)
        sheet.write("D5", 17.1)
        sheet.write("E5", 0.95, percent)
        sheet.write("B6", "完成日期")
        sheet.merge_range("C6:E6", date(2023, 12, 31), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))
        sheet.write("B7", "填表人")

    assert read(write) == [
        "项目支出绩效自评表",
        "（2023年度）",
        [
            ["项目资金 (2x1)", "年初预算数", "执行数", "执行率"],
            ["1,800.00", "17.1", "95%"],
            ["完成日期", "2023年12月31日 (1x3)"],
        ],
        "填表人",
    ]


def test_sheets_follow_each_other_and_hidden_ones_are_left_out() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        for name in ("一", "二", "三"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [name, 1])
            if name == "二":
                sheet.hide()

    assert read(write) == [[["一", "1"]], [["三", "1"]]]


def test_formulas_show_their_results_and_rich_texts_their_words() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("B1", '="a"', None, "合格")
        sheet.write_rich_string("C1", "其中：", book.add_format({"bold": True}), "财政")
        sheet.write_boolean("D1", True)
        sheet.write_string("E1", "第一行\n第二行")

    assert read(write) == [[["2", "合格", "其中：财政", "TRUE", "第一行\n第二行"]]]


def sheet_of(rows: dict[int, list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[str | int]:
    texts = {(row, column): text for row, cells in rows.items() for column, text in enumerate(cells) if text}
    found = contents(Sheet(texts, merged), "表.xls")
    return [item if isinstance(item, str) else max(cell.row for cell in item.cells) + 1 for item in found]


def test_empty_rows_part_tables_unless_a_merged_label_bridges_them() -> None:
    rows = {0: ["a", "b"], 2: ["c", "d"], 4: ["标题"], 5: ["e", "f"], 7: ["", "g"]}
    assert sheet_of(rows, []) == [1, 3, "标题", 6, "g"]
    assert sheet_of(rows, [((5, 0), (7, 0))])[-1] == 8


def test_a_second_form_right_below_the_first_begins_at_its_titles() -> None:
    rows = {0: ["表一"], 1: ["a", "b"], 2: ["附件2"], 3: ["表二"], 4: ["c", "d"], 5: ["说明", ""], 6: ["e", "f"]}
    assert sheet_of(rows, [((3, 0), (3, 1)), ((5, 1), (5, 2))]) == ["表一", 2, "附件2", "表二", 7]


def test_a_merged_range_hides_what_lies_below_it() -> None:
    assert shape(Sheet({(0, 0): "a", (0, 1): "b", (0, 2): "c"}, [((0, 0), (0, 1)), ((0, 0), (99, 99_999))])) == ["a"]


def shape(sheet: Sheet) -> list[str]:
    return [item for item in contents(sheet, "x") if isinstance(item, str)]


def test_a_sheet_beyond_the_limit_is_refused() -> None:
    texts = {(row, 0): "a" for row in range(2000)} | {(0, 2000): "b"}
    with pytest.raises(DocumentError) as refused:
        list(contents(Sheet(texts), "表.xls"))
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    ("texts", "merged"),
    [
        ({(0, 0): "甲", (1_000_000, 0): "乙"}, [((0, 0), (1_000_000, 3))]),
        (dict.fromkeys(((row, 0) for row in range(2000)), "甲"), [((row, 0), (5000, 0)) for row in range(1000)]),
    ],
)
def test_merged_ranges_that_reach_too_far_are_refused_at_once(
    texts: dict[tuple[int, int], str], merged: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    with pytest.raises(DocumentError) as refused:
        list(contents(Sheet(texts, merged), "表.xlsx"))
    assert refused.value.code == "too_large"


def test_the_area_of_an_excel_97_sheet_is_known_before_room_is_made_for_it() -> None:
    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    begin, end = record(0x0809, struct.pack("<HH", 0x0600, 5) + bytes(12)), record(0x000A, b"")
    book = begin + record(0x0085, struct.pack("<I", 0) + bytes(8)) + end
    book = begin + record(0x0085, struct.pack("<I", len(book)) + bytes(8)) + end
    cells = b"".join(
        record(0x0203, struct.pack("<HHHd", row, column, 0, 1.0)) for row, column in ((2, 1), (65_535, 255))
    )
    assert largest_area(book + begin + cells + end) == 65_534 * 255
    assert largest_area(book) == 0


def test_an_excel_97_file_shows_percents_dates_and_merged_cells() -> None:
    document = read_document((FIXTURES / "formats.xls").read_bytes(), "表.et")
    assert_sound(document)
    assert document.media_type == "application/vnd.ms-excel"
    assert shape_of(document) == [
        "自评表",
        [
            ["项目资金 (2x1)", "预算数", "执行率"],
            ["1,800.00", "95%"],
            ["完成日期", "2023年12月31日 (1x2)"],
            ["数", "17.1", "3"],
        ],
    ]


def test_rows_separated_by_tabs_are_a_table() -> None:
    document = read_document(
        '项目\t预算数\t执行数\n"甲\n乙"\t18\t17.1\n丙\t\t3\n丁\t1\t1\n'.encode("gb18030"), "表.xls"
    )
    assert document.media_type == "text/tab-separated-values"
    assert shape_of(document) == [
        [["项目", "预算数", "执行数"], ["甲\n乙", "18", "17.1"], ["丙", "", "3"], ["丁", "1", "1"]]
    ]


def damage(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (damage(workbook(lambda book: book.add_worksheet().write(0, 0, "a"))), "damaged_file"),
        (workbook(lambda book: book.add_worksheet()), "empty_document"),
        (zipped({"[Content_Types].xml": "", "xl/workbook.xml": "<workbook/>"}), "damaged_file"),
        (zipped({"[Content_Types].xml": "", "xl/workbook.bin": "x"}), "unsupported_format"),
        (damage((FIXTURES / "formats.xls").read_bytes()), "damaged_file"),
        ((FIXTURES / "formats.xls").read_bytes()[:600], "damaged_file"),
        (compound({"Workbook": LOCKED}), "password_protected"),
    ],
)
def test_what_is_no_sound_workbook_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(data, "表.xls")
    assert refused.value.code == code
