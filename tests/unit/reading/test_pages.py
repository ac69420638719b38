"""Placed characters and lines → paragraphs and tables, over page breaks too."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

from ingest.reading.building import DocumentBuilder
from ingest.reading.grids import Rule, find_grids
from ingest.reading.layout import Glyph, Page, join_lines, lay_out
from ingest.reading.pages import add_pages
from tests.unit.reading.shapes import Shape, assert_sound, shape_of

SIZE = 10.0


def text(words: str, left: float, top: float, size: float = SIZE) -> list[Glyph]:
    return [
        Glyph(word, left + n * size, top, left + (n + 1) * size, top + size)
        for n, word in enumerate(words)
        if not word.isspace()
    ]


def ruled(xs: list[float], ys: list[float]) -> tuple[list[Rule], list[Rule]]:
    return [Rule(y, xs[0], xs[-1]) for y in ys], [Rule(x, ys[0], ys[-1]) for x in xs]


def page(number: int, glyphs: list[Glyph], rules: tuple[list[Rule], list[Rule]] = ([], [])) -> Page:
    return lay_out(number, (0.0, 0.0, 400.0, 800.0), glyphs, *rules)


def read(*pages: Page) -> Shape:
    builder = DocumentBuilder(b"x", "a.pdf", "application/pdf")
    add_pages(builder, pages)
    document = builder.build(len(pages))
    assert_sound(document)
    return shape_of(document)


def test_a_missing_line_merges_two_cells() -> None:
    horizontal = [Rule(0, 0, 200), Rule(20, 100, 200), Rule(40, 0, 200)]
    vertical = [Rule(0, 0, 40), Rule(100, 0, 40), Rule(200, 0, 40)]
    (grid,) = find_grids(horizontal, vertical)
    assert [(cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells] == [
        (0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1),
    ]  # fmt: skip


def test_lines_drawn_cell_by_cell_or_double_are_one_line() -> None:
    horizontal = [Rule(y + off, x, x + 99) for y in (0, 20, 40) for x in (0, 100) for off in (0, 1)]
    vertical = [Rule(x, y, y + 19) for x in (0, 100, 199.5) for y in (0, 20)]
    (grid,) = find_grids(horizontal, vertical)
    assert len(grid.cells) == 4


def test_an_open_side_is_closed_where_the_lines_end() -> None:
    horizontal = [Rule(y, 0, 300) for y in (0, 20, 40)]
    (grid,) = find_grids(horizontal, [Rule(100, 0, 40), Rule(200, 0, 40)])
    assert (grid.xs, len(grid.cells)) == ([0, 100, 200, 300], 6)


def test_frames_underlines_and_boxes_are_no_tables() -> None:
    frame = ruled([0, 500], [0, 700])
    assert find_grids(*frame) == []
    assert find_grids([Rule(50, 0, 100), Rule(70, 0, 100)], []) == []
    assert find_grids(*ruled([0, 4, 8], [0, 4, 8])) == []


def test_a_region_that_is_no_rectangle_is_cut_into_rows() -> None:
    horizontal = [Rule(0, 0, 200), Rule(20, 0, 100), Rule(40, 0, 200)]
    vertical = [Rule(0, 0, 40), Rule(200, 0, 40), Rule(100, 20, 40), Rule(100, 39, 40)]
    (grid,) = find_grids(horizontal, vertical)
    assert {cell.column_span for cell in grid.cells} <= {1, 2}
    assert sum(cell.row_span * cell.column_span for cell in grid.cells) == 4


def test_words_of_a_cell_are_joined_over_its_lines() -> None:
    glyphs = text("年度总", 10, 105) + text("体目标", 10, 118) + text("a b", 110, 105, 6) + text("c", 110, 118, 6)
    rules = ruled([0, 100, 200], [100, 140, 160])
    shape = read(page(1, text("表", 0, 50) + glyphs, rules))
    assert shape == ["表", [["年度总体目标", "a b c"], ["", ""]]]


def test_joining_wrapped_lines() -> None:
    assert join_lines("资金", "到位") == "资金到位"
    assert join_lines("fund", "report") == "fund report"
    assert join_lines("100.0", "0%") == "100.00%"
    assert join_lines("", "a") == "a"


def test_a_full_line_goes_on_and_an_indented_one_begins_anew() -> None:
    full = "项目资金已经全部到位并且按照规定使用管理"
    lines = text(full, 20, 100) + text("没有截留挪用。", 0, 115) + text("第二段", 20, 130) + text("短", 0, 145)
    assert read(page(1, lines)) == [full + "没有截留挪用。", "第二段", "短"]


def test_a_title_of_two_lines_is_one() -> None:
    title = text("某县项目支出绩效自评报", 0, 20, 20) + text("告", 100, 45, 20)
    body = [glyph for n in range(4) for glyph in text(f"正文{n}", 20, 100 + 30 * n)]
    assert read(page(1, title + body))[0] == "某县项目支出绩效自评报告"


def test_a_paragraph_goes_on_over_the_page_break() -> None:
    full = "项目资金已经全部到位并且按照规定使用管理"
    first = page(1, text(full, 0, 700) + text("3", 100, 780))
    second = page(2, text("没有截留。", 0, 100) + text("4", 100, 780))
    assert read(first, second) == [full + "没有截留。"]


def test_running_heads_and_page_numbers_are_dropped_and_others_kept() -> None:
    pages = [
        page(n, text("某县财政局", 0, 10) + text(f"第{n}段2023", 0, 300 + n) + text(f"- {n} -", 100, 780))
        for n in (1, 2, 3)
    ]
    assert read(*pages) == ["第1段2023", "第2段2023", "第3段2023"]
    assert read(page(1, text("2023", 0, 300) + text("第 1 页 共 2 页", 100, 780))) == ["2023"]
    assert read(page(1, text("某县财政局", 0, 10) + text("正文", 0, 300))) == ["某县财政局", "正文"]


XS, YS = [0.0, 100.0, 200.0, 300.0], [100.0, 120.0, 140.0, 160.0]


def row(top: float, *words: str) -> list[Glyph]:
    return [glyph for n, word in enumerate(words) for glyph in text(word, 5 + 100 * n, top + 5)]


def test_a_table_goes_on_over_the_page_break_without_its_header() -> None:
    first = row(100, "指标", "目标", "完成") + row(120, "a", "1", "2") + row(140, "b", "3", "4")
    second = row(100, "指标", "目标", "完成") + row(120, "c", "5", "6") + row(140, "d", "", "8")
    foot = text("1", 100, 780)
    shape = read(page(1, first + foot, ruled(XS, YS)), page(2, second + foot, ruled(XS, YS)))
    assert shape == [[["指标", "目标", "完成"], ["a", "1", "2"], ["b", "3", "4"], ["c", "5", "6"], ["d", "", "8"]]]


def test_a_merged_cell_goes_on_and_an_empty_value_stays_empty() -> None:
    rules = [Rule(y, 0 if y in (100, 160) else 100, 300) for y in YS], [Rule(x, 100, 160) for x in XS]
    first = text("产出", 5, 105) + row(100, "", "a", "1") + row(120, "", "b", "2") + row(140, "", "c", "3")
    second = row(100, "", "d", "") + row(120, "", "e", "5") + row(140, "", "f", "6")
    shape = read(page(1, first, rules), page(2, second, rules))
    assert shape == [[["产出 (6x1)", "a", "1"], ["b", "2"], ["c", "3"], ["d", ""], ["e", "5"], ["f", "6"]]]


def test_a_row_that_was_cut_is_one_row() -> None:
    first = row(100, "x", "y", "z") + row(120, "m", "n", "o") + row(140, "目标", "保障全县网", "已")
    second = row(100, "", "络运行", "") + row(120, "p", "q", "r") + row(140, "s", "t", "u")
    shape = read(page(1, first, ruled(XS, YS)), page(2, second, ruled(XS, YS)))
    assert shape[0][2:4] == [["目标", "保障全县网络运行", "已"], ["p", "q", "r"]]


def test_tables_with_a_line_between_or_other_edges_stay_apart() -> None:
    body = row(100, "a", "b", "c")
    one, other = page(1, body, ruled(XS, YS[:2])), page(2, text("附件2", 0, 50) + body, ruled(XS, YS[:2]))
    assert read(one, other) == [[["a", "b", "c"]], "附件2", [["a", "b", "c"]]]
    narrow = page(2, body, ruled([0.0, 100.0, 200.0, 260.0], YS[:2]))
    assert read(one, narrow) == [[["a", "b", "c"]], [["a", "b", "c"]]]


def test_forms_of_one_kind_on_page_after_page_stay_apart() -> None:
    forms = []
    for number, name in enumerate("甲乙丙", 1):
        title = text("项目支出绩效自评表", 50, 40, 16)
        forms.append(page(number, title + row(100, "项目", name, "县") + row(120, "预算", "1", "2"), ruled(XS, YS[:3])))
    titled = read(*forms)
    assert titled[::2] == ["项目支出绩效自评表"] * 3
    untitled = [replace(form, items=form.items[1:]) for form in forms]
    assert read(*untitled) == titled[1::2] == [[["项目", name, "县"], ["预算", "1", "2"]] for name in "甲乙丙"]


def test_a_table_over_many_pages_takes_time_in_proportion() -> None:
    cells = [glyph for n in range(20) for glyph in row(100 + 20 * n, f"a{n}", "1", "2")]
    rules = ruled(XS, [100.0 + 20 * n for n in range(21)])
    pages = [page(number, cells if number == 1 else cells[1:], rules) for number in range(1, 301)]
    began = process_time()
    builder = DocumentBuilder(b"x", "a.pdf", "application/pdf")
    add_pages(builder, pages)
    assert len(builder.build().blocks[0].cells) >= 300 * 20 * 3 - 9
    assert process_time() - began < 5


def test_lines_as_close_as_those_of_a_drawing_are_no_table() -> None:
    lines = [Rule(3.0 * place, 0, 3000) for place in range(1000)]
    assert find_grids(lines, lines) == []
