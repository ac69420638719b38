"""Headings keep their depth although the numbering is broken."""

from __future__ import annotations

from ingest.extraction.outline import Outline, read_outline
from ingest.lexicon import Lexicon
from ingest.reading import read_document


def outline_of(text: str, lexicon: Lexicon) -> Outline:
    document = read_document(text.encode(), "a.txt")
    return read_outline(document.blocks, document.text, lexicon)


def test_mixed_brackets_and_numerals_are_one_level(lexicon: Lexicon) -> None:
    outline = outline_of(
        "1、 项目基本情况\n（一）项目基本情况简介。\n正文\n（2） 绩效目标设定情况。\n正文\n"
        "2、 绩效自评工作情况\n（1） 绩效自评目的。\n正文\n"
        "（二）项目资金投入情况。\n正文\n（2） 项目资金产出情况。\n正文\n",
        lexicon,
    )
    assert [(heading.title, heading.depth) for heading in outline.headings] == [
        ("项目基本情况", 0),
        ("项目基本情况简介", 1),
        ("绩效目标设定情况", 1),
        ("绩效自评工作情况", 0),
        ("绩效自评目的", 1),
        ("项目资金投入情况", 1),
        ("项目资金产出情况", 1),
    ]


def test_a_count_goes_on_under_the_next_heading_above(lexicon: Lexicon) -> None:
    outline = outline_of(
        "3、 项目绩效情况\n(一) 产出指标完成情况\n1、数量指标\n甲\n2、质量指标\n乙\n(二) 效益指标完成情况\n"
        "3、经济效益\n丙\n"
        "4、社会效益\n丁\n4、 存在问题\n戊\n五、其他需要说明的问题\n己\n",
        lexicon,
    )
    depths = {heading.title: heading.depth for heading in outline.headings}
    assert depths["数量指标"] == depths["质量指标"] == depths["经济效益"] == depths["社会效益"] == 2
    assert depths["项目绩效情况"] == depths["其他需要说明的问题"] == 0
    levels = {passage.text: [heading.level1 for heading in passage.headings] for passage in outline.passages}
    assert levels["丙"] == [None, "效益指标", None]


def test_a_list_inside_a_heading_does_not_end_it(lexicon: Lexicon) -> None:
    outline = outline_of(
        "（三）项目自评步骤及方法。\n1.前期准备\n其中：\n（1）上述文件，复印待查。\n（2）起草本报告。\n2.组织实施\n安排人员。\n",
        lexicon,
    )
    assert [heading.title for heading in outline.headings] == ["项目自评步骤及方法", "前期准备", "组织实施"]
    assert all(passage.sections[0] == "evaluation_process" for passage in outline.passages)


def test_headings_without_text_are_found_and_parents_are_not(lexicon: Lexicon) -> None:
    outline = outline_of("一、存在问题\n（一）项目立项、实施存在问题。\n二、相关建议\n加强管理。\n", lexicon)
    assert [heading.title for heading in outline.empty_headings()] == ["项目立项、实施存在问题"]


def test_a_year_behind_a_list_number_is_no_decimal(lexicon: Lexicon) -> None:
    outline = outline_of("一、资金情况\n1.2023年中央财政下达资金10万元。\n", lexicon)
    assert outline.passages[0].text.startswith("1.2023年")
    assert outline.passages[0].is_numbered


def test_a_heading_outside_the_lexicon_is_a_heading_without_a_role(lexicon: Lexicon) -> None:
    outline = outline_of("一、道路硬化概貌\n正文一句。\n", lexicon)
    assert [(heading.title, heading.is_known) for heading in outline.headings] == [("道路硬化概貌", False)]


def test_arabic_numbers_right_below_chinese_ones_are_a_depth_of_their_own(lexicon: Lexicon) -> None:
    outline = outline_of(
        "（一）项目立项（8分）：\n（1）立项规范性（2分）\n合规。\n（二）资金落实（6分）：\n及时。\n", lexicon
    )
    assert [(heading.title, heading.depth) for heading in outline.headings] == [
        ("项目立项（8分）", 0),
        ("立项规范性（2分）", 1),
        ("资金落实（6分）", 0),
    ]


def test_headings_that_lost_their_line_breaks_are_found(lexicon: Lexicon) -> None:
    outline = outline_of(
        "一、绩效目标分解下达情况某文件下达资金20万元，二、绩效目标完成情况分析（一）资金投入情况分析1.项目资金到位情况，资金全部到位，\n",
        lexicon,
    )
    assert [heading.title for heading in outline.headings] == [
        "绩效目标分解下达情况",
        "绩效目标完成情况分析",
        "资金投入情况分析",
        "项目资金到位情况",
    ]
    assert [passage.text for passage in outline.passages] == ["某文件下达资金20万元，", "资金全部到位，"]


def test_a_line_that_is_a_level_is_a_heading_and_a_sentence_is_none(lexicon: Lexicon) -> None:
    outline = outline_of("一、绩效情况\n产出指标：\n数量指标\n路灯20盏。\n质量\n", lexicon)
    assert [(heading.level1, heading.level2) for heading in outline.headings[1:]] == [
        ("产出指标", None),
        (None, "数量指标"),
    ]


def test_a_piece_of_a_report_begins_below_the_chapter_that_follows(lexicon: Lexicon) -> None:
    outline = outline_of(
        "3.资金使用合规性（4分）\n正文\n（二）组织实施（8分）\n1.制度执行有效性（4分）\n正文\n"
        "二、项目产出（30分）\n（一）产出数量（10分）\n正文\n",
        lexicon,
    )
    assert [heading.depth for heading in outline.headings] == [0, 0, 1, 0, 1]
