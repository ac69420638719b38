"""The indicators without their grid: columns by the heading, rows by what suits a column."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.support.forms.reading_back import GOALS, HEADING, INDICATORS, MONEY, execution, find, printed, rows


def test_the_reason_for_a_deviation_belongs_to_the_row_above(lexicon: Lexicon) -> None:
    forms, text = find(" ".join([*HEADING, *MONEY, *GOALS, *INDICATORS]), lexicon)
    assert [printed(text, row.deviation_reason) for row in forms[0].indicators] == [
        None,
        "汛期推迟施工",
        None,
        None,
        None,
    ]


def test_operator_value_and_unit_in_columns_of_their_own(lexicon: Lexicon) -> None:
    forms, text = find(
        "绩效指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 一级指标 | 二级指标 | 三级指标 | "
        "指标性质 | 指标值 | 度量单位 |\n"
        "产出指标 | 数量指标 | 资助学生人数 | ≧ | 120 | 人次 | 118 | 20 | 19 |\n"
        "效益指标 | 社会效益 指标 | 减轻家庭负担 |\n| 有效 |\n| 有效 | 30 | 30 |\n"
        "生态效益 指标 |\n|\n|\n|\n|\n|\n|\n总分 | 100 | 96 | 优 |",
        lexicon,
    )
    assert rows(forms[0], text) == [
        ("产出指标", "数量指标", "资助学生人数", "≧120人次", "118", "20", "19"),
        ("效益指标", "社会效益指标", "减轻家庭负担", "有效", "有效", "30", "30"),
    ]
    assert printed(text, forms[0].total_score) == "96"


def test_points_before_the_target_and_stars_before_the_name(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 分值 年度指标值 全年实际值 得分\n产出指标 数量指标 ★新修水渠 15 ≥800米 820米 15\n"
        "其中：三面光 5 ≥600米 600米 4\n总分 100 95",
        lexicon,
    )
    assert rows(forms[0], text) == [
        ("产出指标", "数量指标", "新修水渠", "≥800米", "820米", "15", "15"),
        ("产出指标", "数量指标", "三面光", "≥600米", "600米", "5", "4"),
    ]


def test_the_execution_row_among_the_indicators_is_none(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 | 二级指标 | 三级指标 | 分值 | 完成情况 | 得分\n"
        "项目管理（25分） | 资金管理（15分） | 资金到位率 | 5 | 100% | 5\n"
        "预算执行率 | 5 | 95% | 4.75\n组织实施（10分） | 管理制度健全性 | 10 | 制度健全 | 9",
        lexicon,
    )
    assert [(row[0], row[1], row[2]) for row in rows(forms[0], text)] == [
        ("项目管理", "资金管理", "资金到位率"),
        ("项目管理", "组织实施", "管理制度健全性"),
    ]
    assert execution(forms[0], text) == ("95%", "5", "4.75")


def test_the_adjusted_target_is_in_force_where_it_is_filled(lexicon: Lexicon) -> None:
    forms, text = find(
        "指标名称 计量单位 指标性质 年初指标值 调整指标值 全年完成值 得分系数 指标权重 指标得分 是否核心指标\n"
        "报刊发行量 份 ≥ 900 950 960 100% 20 20 否\n播出事故 次 ≤ 3 1 100% 10 10 是",
        lexicon,
    )
    assert [row[2:] for row in rows(forms[0], text)] == [
        ("报刊发行量", "≥950份", "960", "20", "20"),
        ("播出事故", "≤3次", "1", "10", "10"),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "绩效目标 | 完成结果 | 分值 | 评价得分",
        "预计数值 | 年末落实情况 | 满分值 | 自查打分",
        "计划目标 | 目标实现数 | 权重分 | 打分",
    ],
)
def test_a_column_that_nobody_knows_is_told_by_a_word_in_it(heading: str, lexicon: Lexicon) -> None:
    lines = [
        f"一级指标 | 二级指标 | 三级指标 | {heading} |",
        "产出指标 | 数量指标 | 新修渠道 | ≥8公里 | 7公里 | 10 | 8.75 |",
        " | 质量指标 | 验收合格率 | ≥95% | 98% | 20 | 20 |",
    ]
    forms, text = find("\n".join(lines), lexicon)
    assert [row[3:] for row in rows(forms[0], text)] == [("≥8公里", "7公里", "10", "8.75"), ("≥95%", "98%", "20", "20")]


def test_the_number_of_a_row_is_no_score_of_the_row_above(lexicon: Lexicon) -> None:
    forms, text = find(
        "序号 一级指标 二级指标 三级指标 目标值 完成值 分值 评分标准 得分\n"
        "1 产出指标 数量指标 新修渠道 ≥8公里 7公里 10 按比例得分 8.75\n"
        "2 产出指标 质量指标 验收合格率 ≥95% 98% 20 未达标不得分 20\n"
        "3 效益指标 社会效益指标 受益农户 ≥60户 66户 30 酌情扣分 30\n",
        lexicon,
    )
    assert [row[2:] for row in rows(forms[0], text)] == [
        ("新修渠道", "≥8公里", "7公里", "10", "8.75"),
        ("验收合格率", "≥95%", "98%", "20", "20"),
        ("受益农户", "≥60户", "66户", "30", "30"),
    ]


def test_the_points_of_a_level_stand_behind_it(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值 | 评分标准 | 得分\n"
        "过程 | 20 | 资金管理 | 12 | 资金到位率 | 12 | 到位率×12 | 12\n"
        " | | 组织实施 | 8 | 管理制度健全性 | 8 | 制度完备 | 7\n"
        "产出 | 40 | 产出数量 | 40 | 新修渠道 | 40 | 按比例 | 36\n",
        lexicon,
    )
    assert [(*row[:3], *row[5:]) for row in rows(forms[0], text)] == [
        ("过程", "资金管理", "资金到位率", "12", "12"),
        ("过程", "组织实施", "管理制度健全性", "8", "7"),
        ("产出", "产出数量", "新修渠道", "40", "36"),
    ]


def test_operator_and_unit_in_cells_of_their_own_below_one_heading(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n"
        "产出指标|数量指标|新修渠道|8|公里|7|公里|10|8.75\n"
        "|质量指标|验收合格率|≥|95|%|98|%|20|20\n|时效指标|拨付时限|30|日内|28|日|10|10\n",
        lexicon,
    )
    assert [tuple(value and value.replace("|", "") for value in row[3:]) for row in rows(forms[0], text)] == [
        ("8公里", "7公里", "10", "8.75"),
        ("≥95%", "98%", "20", "20"),
        ("30日内", "28日", "10", "10"),
    ]


def test_an_unknown_column_is_named_and_hides_no_other(lexicon: Lexicon) -> None:
    lines = [
        "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 审定意见 | 实际完成值 | 分值 | 得分 | 附图页码",
        "产出指标 | 数量指标 | 新修渠道 | ≥8公里 | 同意 | 9公里 | 10 | 10 | 三",
        "质量指标 | 验收合格率 | ≥95% | 同意 | 98% | 20 | 20 | 四",
    ]
    forms, text = find("\n".join(lines), lexicon)
    unknown = [printed(text, entry.place) for entry in forms[0].unread if entry.code == "unknown_heading"]
    assert unknown == ["审定意见", "附图页码"]
    assert [row[3:] for row in rows(forms[0], text)] == [("≥8公里", "9公里", "10", "10"), ("≥95%", "98%", "20", "20")]


def test_names_below_the_word_indicator_and_levels_in_rows_of_their_own(lexicon: Lexicon) -> None:
    forms, text = find(
        "绩效指标\n指标\t分值\t目标值\t完成值\t得分\t备注\n（一）产出指标\t35\n1.救助户数\t20\t2260户\t2260户\t20\n"
        "2.发放准确率\t15\t100%\t100%\t15\n（二）效益指标\t30\n"
        "3.群众基本生活\t30\t有保障\t有保障\t28\t两户反映棉被偏薄\n"
        "（三）预算执行\t10\n4.预算执行率\t10\t100%\t94.9%\t9.49\n合计\t75\t\t\t72.49\n",
        lexicon,
    )
    assert rows(forms[0], text) == [
        ("产出指标", None, "救助户数", "2260户", "2260户", "20", "20"),
        ("产出指标", None, "发放准确率", "100%", "100%", "15", "15"),
        ("效益指标", None, "群众基本生活", "有保障", "有保障", "30", "28"),
    ]


def test_of_columns_for_all_years_and_for_the_year_the_latter_count(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目支出绩效目标申报表\n项目资金（万元）|实施期资金总额：|96|年度资金总额：|32|\n"
        "其中：财政拨款|90|其中：财政拨款|30|\n其他资金|6|其他资金|2|\n"
        "|一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值|\n"
        "|产出指标|数量指标|指标1：接入机构|13家|数量指标|指标1：接入机构|11家|\n"
        "|指标2：培训人次|60人次|指标2：培训人次|20人次|\n"
        "|时效指标|指标1：响应时间|≤2小时|时效指标|指标1：响应时间|≤2小时|\n",
        lexicon,
    )
    assert [row[1:4] for row in rows(forms[0], text)] == [
        ("数量指标", "接入机构", "11家"),
        ("数量指标", "培训人次", "20人次"),
        ("时效指标", "响应时间", "≤2小时"),
    ]
    assert [printed(text, row.amounts["planned"]) for row in forms[0].funding] == ["32", "30", "2"]


def test_a_name_behind_the_heading_in_its_line_is_no_column(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 指标值 完成造林面积 ≥3000亩 落实管护人员 ≥20人 补栽苗木成活率 ≥85% "
        "满意度指标 林农满意度 ≥90%\n上一篇 下一篇\n",
        lexicon,
    )
    assert [row[2:5] for row in rows(forms[0], text)] == [
        ("完成造林面积", "≥3000亩", None),
        ("落实管护人员", "≥20人", None),
        ("补栽苗木成活率", "≥85%", None),
        ("林农满意度", "≥90%", None),
    ]


def test_a_heading_that_stands_over_and_over_leaves_the_rows_to_be_read(lexicon: Lexicon) -> None:
    """Two beginnings of a row that differ by nothing but a target come in an order too."""
    heading = "绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因\n"
    again = "产出指标完成值 分值 得分 偏差原因\n"
    rows_printed = " 质量指标 合格率 100%  20 19 因雨\n 时效指标 完成时间 12月底 11月底 20 20 \n总分 100 95\n"
    first = "产出指标 数量指标 新建泵站 ≥3座  10  \n"
    money = "项目资金（万元）  年初预算数 全年预算数 全年执行数 分值 执行率 得分\n年度资金总额    10  \n"
    money += "其中：财政拨款    -  -\n"
    forms, _ = find(f"项目支出绩效自评表\n{money}{heading}{again * 4}{first}{rows_printed}", lexicon)
    assert len(forms) == 1
