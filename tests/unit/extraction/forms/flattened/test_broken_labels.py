"""Labels that a page broke in two, with or without a bar at the break."""

from __future__ import annotations

from ingest.lexicon import Lexicon
from tests.support.forms.reading_back import find, money, rows


def test_a_label_broken_at_the_bar_of_its_cell_is_one(lexicon: Lexicon) -> None:
    forms, text = find(
        "绩 效 |\n指 标 | 一级 |\n指标 | 二级指标 | 三级指标 | 指标值 |\n产出 |\n指标 | 数量 |\n"
        "指标 | 栽植苗木 | ≥3000株 |\n"
        "效益 |\n指标 | 经济 |\n效益 |\n指标 | 苗木增值 | ≥6万元 |\n满意度指标 | 服务对象 |\n"
        "满意度指标 | 林农满意度 | ≥85% |\n",
        lexicon,
    )
    assert [row[:4] for row in rows(forms[0], text)] == [
        ("产出指标", "数量指标", "栽植苗木", "≥3000株"),
        ("效益指标", "经济效益指标", "苗木增值", "≥6万元"),
        ("满意度指标", "服务对象满意度指标", "林农满意度", "≥85%"),
    ]


def test_two_labels_at_the_end_and_the_beginning_of_lines_stay_two(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目资金（万元） | 全年预算数 | 全年执行数 | 执行率 |\n得分 |\n年度资金总额 | 30 | 27 | 90% | 9 |\n"
        "其中：财政拨款 | 30 | 27 | 90% | |\n",
        lexicon,
    )
    total = next(row for row in forms[0].funding if row.source == "total")
    assert total.rate is not None
    assert total.score is not None
    assert money(forms[0], text)["total", "executed"] == "27"


def test_a_label_read_column_by_column_is_set_upright(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 全年完成值 |\n"
        "出标 产指 | 量标 数指 | 林下种植面积 | ≥600亩 | 640亩 |\n"
        "益标 效指 | 济益标\n经效指 | 户均增收 | ≥2000元 | 2160元 |\n"
        "满度标 意指 | 服务对象满意度指标 | 林农满意度 | ≥90% | 92% |\n",
        lexicon,
    )
    assert [row[:3] for row in rows(forms[0], text)] == [
        ("产出指标", "数量指标", "林下种植面积"),
        ("效益指标", "经济效益指标", "户均增收"),
        ("满意度指标", "服务对象满意度指标", "林农满意度"),
    ]


def test_a_label_beside_its_rows_has_a_sign_in_each_line(lexicon: Lexicon) -> None:
    forms, text = find(
        "绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n"
        "产 数量 指标1:奖补行政村 ≥18个 18个 10 10\n"
        "指标2:离田面积 ≥3万亩 3.4万亩 10 10\n出 质量 指标1:火点数 ≤1个 2个 10 0 午收期间零星火点\n"
        "指 时效 指标1:兑付时间 12月底前 12月 10 10\n"
        "标 成本 指标1:每亩标准 =7元 7元 10 10\n效 经济效益 指标1:农户增收 ≥60万元 64万元 10 10\n"
        "益 生态效益 指标1:利用率 ≥92% 93% 20 20\n"
        "指 社会效益 ……\n标\n满意度指标 指标1:农户满意度 ≥90% 91% 10 10\n总分 100 90\n",
        lexicon,
    )
    assert [row[:3] for row in rows(forms[0], text)] == [
        ("产出指标", "数量", "奖补行政村"),
        ("产出指标", "数量", "离田面积"),
        ("产出指标", "质量", "火点数"),
        ("产出指标", "时效", "兑付时间"),
        ("产出指标", "成本", "每亩标准"),
        ("效益指标", "经济效益", "农户增收"),
        ("效益指标", "生态效益", "利用率"),
        ("满意度指标", None, "农户满意度"),
    ]
