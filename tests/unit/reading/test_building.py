"""Paragraphs and cells → canonical text with offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import DocumentError
from ingest.reading.building import DocumentBuilder, Table, TableCell
from tests.unit.reading.shapes import assert_sound, rows_of, shape_of, text_of


def build(*items: str | Table) -> DocumentBuilder:
    builder = DocumentBuilder(b"x", "表.docx", "text/plain")
    builder.add_all(items)
    return builder


def test_cells_of_a_row_are_separated_by_tabs_and_rows_end_with_line_feeds() -> None:
    table = Table(
        [
            TableCell(0, 0, ("项目\u3000名称",), row_span=2),
            TableCell(0, 1, ("金额",)),
            TableCell(1, 1, ("18\n万元",)),
        ]
    )
    document = build(" 自评表 ", table, "填表人").build(page_count=1)
    assert document.text == "自评表\n项目 名称\t金额\n18\n万元\n填表人\n"
    assert text_of(document, document.blocks[1]) == "项目 名称\t金额\n18\n万元\n"
    assert rows_of(document, document.blocks[1]) == [["项目 名称 (2x1)", "金额"], ["18\n万元"]]
    assert_sound(document)


def test_lines_of_a_paragraph_become_blocks_of_their_own() -> None:
    assert shape_of(build("一、概况\n\n 二、资金 ").build()) == ["一、概况", "二、资金"]


def test_columns_that_no_cell_begins_in_are_left_out() -> None:
    table = Table([TableCell(0, 0, ("a",), column_span=4), TableCell(0, 4, ("b",)), TableCell(1, 0, ("c",), 1, 5)])
    document = build(table).build()
    assert shape_of(document) == [[["a", "b"], ["c (1x2)"]]]


def test_holes_are_filled_and_overlaps_are_cut_without_losing_words() -> None:
    table = Table(
        [
            TableCell(0, 0, ("a",), row_span=9, column_span=9),
            TableCell(0, 1, ("b",)),
            TableCell(1, 0, ("c",)),
            TableCell(2, 2, ("d",)),
        ]
    )
    document = build(table).build()
    assert_sound(document)
    assert {"a", "b", "c", "d"} <= set(document.text.split())


def test_a_frame_around_a_report_is_opened() -> None:
    form = Table([TableCell(0, 0, ("预算数",)), TableCell(0, 1, ("18",))])
    layout = Table([TableCell(0, 0, ("菜单",)), TableCell(0, 1, ("项目支出绩效自评表" * 3, form, "填表人"))])
    assert shape_of(build(layout).build()) == ["菜单", "项目支出绩效自评表" * 3, [["预算数", "18"]], "填表人"]
    assert shape_of(build(Table([TableCell(0, 0, ("只有一格",))])).build()) == ["只有一格"]


def test_a_small_table_within_a_cell_stays_in_the_cell() -> None:
    small = Table(
        [TableCell(0, 0, ("甲",)), TableCell(0, 1, ("1",)), TableCell(1, 0, ("乙",)), TableCell(1, 1, ("2",))]
    )
    form = Table([TableCell(0, 0, ("年度总体目标",)), TableCell(0, 1, ("完成以下任务并且按时验收", small))])
    assert shape_of(build(form).build()) == [[["年度总体目标", "完成以下任务并且按时验收\n甲 1\n乙 2"]]]


def test_a_table_of_one_column_is_lines() -> None:
    assert shape_of(build(Table([TableCell(0, 0, ("a",)), TableCell(1, 0, ("b",))])).build()) == ["a", "b"]


def test_nothing_added_is_an_empty_document() -> None:
    with pytest.raises(DocumentError) as refused:
        build(" \u200b", Table([TableCell(0, 0), TableCell(0, 1)])).build()
    assert refused.value.code == "empty_document"


def test_a_table_beyond_the_limit_is_refused() -> None:
    cells = [TableCell(n, 0, ("a",)) for n in range(1001)] + [TableCell(0, n, ("a",)) for n in range(1, 1001)]
    with pytest.raises(DocumentError) as refused:
        build(Table(cells))
    assert refused.value.code == "too_large"


def test_doubtful_spans_point_to_their_words() -> None:
    builder = build(Table([TableCell(0, 0, ("确定",)), TableCell(0, 1, ("模糊",), is_doubtful=True)]))
    builder.add_paragraph("不清", is_doubtful=True)
    document = builder.build()
    assert [document.text[start:end] for start, end in document.doubtful] == ["模糊", "不清"]


cells = st.builds(
    TableCell,
    st.integers(0, 8),
    st.integers(0, 8),
    st.lists(st.text("甲1 \n\t", max_size=4), max_size=2),
    st.integers(1, 12),
    st.integers(1, 12),
)


@given(st.lists(cells, max_size=12))
def test_any_cells_give_a_sound_document(found: list[TableCell]) -> None:
    document = build("题", Table(found)).build()
    assert_sound(document)
    words = [word for cell in found for item in cell.content for word in str(item).split()]
    for word in words:
        assert word in document.text
