"""Ends of forms without their headings, scoring tables, and forms of blocks."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.support.forms.reading_back import execution, find, money, printed, rows


def test_the_tail_of_a_form_without_separators_is_read_line_by_line(lexicon: Lexicon) -> None:
    forms, text = find(
        "工程验收合格率100%100%1010\n时效指标工资发放时间每月10日前每月10日前1010\n"
        "效益指标社会效益指标受益农户≥260户304户108.5\n可持续影响指标设施持续运行长期长期1010\n"
        "满意度指标服务对象满意度指标群众满意度≥90%95%1010\n总分10096.5\n"
        "存在问题 管护人员不足，部分设施老化，巡查记录不全，资料归档滞后。",
        lexicon,
    )
    assert rows(forms[0], text) == [
        (None, None, "工程验收合格率", "100%", "100%", "10", "10"),
        (None, "时效指标", "工资发放时间", "每月10日前", "每月10日前", "10", "10"),
        ("效益指标", "社会效益指标", "受益农户", "≥260户", "304户", "10", "8.5"),
        ("效益指标", "可持续影响指标", "设施持续运行", "长期", "长期", "10", "10"),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "95%", "10", "10"),
    ]
    assert printed(text, forms[0].total_score) == "96.5"


def test_rows_above_the_first_level_of_a_tail_belong_to_it(lexicon: Lexicon) -> None:
    forms, text = find(
        "新建蓄水池 ≥3座 3座 10 10\n管护合格率 100% 98% 10 9.8\n时效指标 完工时间 6月底前 6月20日 10 10\n"
        "社会效益指标 带动就业 ≥60人 72人 15 15\n合计 100 98.8",
        lexicon,
    )
    assert [row[1:4] for row in rows(forms[0], text)] == [
        (None, "新建蓄水池", "≥3座"),
        (None, "管护合格率", "100%"),
        ("时效指标", "完工时间", "6月底前"),
        ("社会效益指标", "带动就业", "≥60人"),
    ]


@pytest.mark.parametrize("separator", [" ", " | "])
def test_indicators_below_the_money_need_no_heading(separator: str, lexicon: Lexicon) -> None:
    form_lines = (
        "项目名称：{0}\n预算数（万元） 执行数（万元） 执行率\n年度资金总额 42.5 31.45 74%\n"
        "其中：财政拨款 42.5 31.45 74%\n"
        "产出指标 数量指标 培训教练 ≥12人 9人\n时效指标 集训完成时间 2023年12月底 2024年1月\n"
        "满意度指标 服务对象满意度指标 学员满意度 ≥90% 93%\n自评得分：{1}\n"
    )
    forms, text = find(
        (form_lines.format("训练经费", 86.4) + form_lines.format("场馆开放", 98)).replace(" ", separator), lexicon
    )
    assert [printed(text, form.total_score) for form in forms] == ["86.4", "98"]
    for form in forms:
        assert money(form, text)["fiscal", "executed"] == "31.45"
        assert rows(form, text) == [
            ("产出指标", "数量指标", "培训教练", "≥12人", "9人", None, None),
            ("产出指标", "时效指标", "集训完成时间", "2023年12月底", "2024年1月", None, None),
            ("满意度指标", "服务对象满意度指标", "学员满意度", "≥90%", "93%", None, None),
        ]


def test_a_scoring_table_records_what_was_reached(lexicon: Lexicon) -> None:
    forms, text = find(
        "渠道改造项目绩效评价打分表\n资金情况 年度预算资金总额: 80.00 万元 其中:中央补助 50.00 市级资金 30.00\n"
        "实际支出: 80.00 万元\n一级指标 二级指标 三级指标 分值 评价记录 得分\n"
        "项目决策(15) 项目立项 立项依据充分性 15 列入年度计划 15\n项目管理(25) 资金管理 预算执行率 10 100% 10\n"
        "组织实施 制度健全性 15 制度基本完备 13\n项目产出(30) 产出数量 改造渠道 30 4条完工4条 30\n"
        "项目效益(30) 社会效益 受益村庄 20 6个村 20\n满意度 农户满意度 10 91% 9.1\n合计 100 97.1",
        lexicon,
    )
    assert rows(forms[0], text) == [
        ("项目决策", "项目立项", "立项依据充分性", None, "列入年度计划", "15", "15"),
        ("项目管理", "组织实施", "制度健全性", None, "制度基本完备", "15", "13"),
        ("项目产出", "产出数量", "改造渠道", None, "4条完工4条", "30", "30"),
        ("项目效益", "社会效益", "受益村庄", None, "6个村", "20", "20"),
        ("项目效益", "满意度", "农户满意度", None, "91%", "10", "9.1"),
    ]
    assert execution(forms[0], text) == ("100%", "10", "10")
    # 中央补助 50.00 and 市级资金 30.00 are the total's 80.00万元.
    assert forms[0].money_unit == "万元"


def test_parts_that_do_not_add_up_have_no_unit(lexicon: Lexicon) -> None:
    forms, _ = find(
        "资金情况 年度预算资金总额: 80.00 万元 其中:中央补助 50.00 市级资金 20.00\n实际支出: 80.00 万元", lexicon
    )
    assert forms[0].money_unit is None


def test_a_form_of_blocks_scores_the_body_that_reports(lexicon: Lexicon) -> None:
    forms, text = find(
        "省级专项资金绩效自评表\n2020年度 单位:万元\n专项名称 农机推广\n自评得分 省级主管部门 某省农业厅 96\n"
        "市县实施单位 青河县农机推广站 92.5\n项目实施期 2020年3月—11月\n"
        "一、预算执行(20分) 预算数 46.5 执行数 44.2 执行率 95.05% 得分 19\n其中:省级资金 40 40\n县市配套 6.5 4.2\n"
        "三、绩效指标(50分) 一级指标 二级指标 三级指标 目标值 完成值 分值 得分\n"
        "产出 数量 推广机具 120台 126台 30 30\n数量 培训机手 300人 285人 20 19",
        lexicon,
    )
    form = forms[0]
    assert {name: printed(text, form.identity[name]) for name in ("unit", "department")} == {
        "unit": "青河县农机推广站",
        "department": "某省农业厅",
    }
    assert money(form, text) == {
        ("total", "adjusted_budget"): "46.5",
        ("total", "executed"): "44.2",
        ("province", "adjusted_budget"): "40",
        ("province", "executed"): "40",
        ("county", "adjusted_budget"): "6.5",
        ("county", "executed"): "4.2",
    }
    assert execution(form, text) == ("95.05%", "20", "19")
    assert [row[:3] for row in rows(form, text)] == [("产出", "数量", "推广机具"), ("产出", "数量", "培训机手")]
    assert printed(text, form.total_score) == "92.5"


def test_a_label_for_persons_ends_the_name_before_it(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目绩效自评表 项目名称 河湾村渠道硬化 项目负责人及联系电话 张三 主管部门 青河县水利局 "
        "实施单位 河湾村民委员会 资金情况（万元） 全年预算数 全年执行数 分值 执行率 得分 年度资金总额： "
        "38.5 37.92 10 98.49% 9.85",
        lexicon,
    )
    assert printed(text, forms[0].identity["project_name"]) == "河湾村渠道硬化"


def test_what_was_reached_repeats_the_words_of_the_goal(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 分值 年度指标值 全年实际值 得分\n"
        "效益指标 可持续影响指标 长效管护 10 建立管护制度 已建立管护制度3项 9\n"
        "满意度指标 服务对象满意度指标 群众满意度 5 ≥95% 97% 5",
        lexicon,
    )
    assert rows(forms[0], text)[0][3:] == ("建立管护制度", "已建立管护制度3项", "10", "9")


@pytest.mark.parametrize(
    ("line", "grade"),
    [
        ("自评等次：优□ 良☑ 中□ 差□", "良"),
        ("自评等级|优□|良■|中□|差□", "良"),
        ("自评等级 优（90分以上）□√ 良□ 中□ 差□", "优"),
        ("自评等级：优（ ）良（ ）中（ ）差（ ）", None),
        ("自评等级：优（90分以上）、良（80分以上）", None),
    ],
)
def test_a_scale_below_a_form_gives_the_grade_that_is_ticked(line: str, grade: str | None, lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|改造渠道|≥3公里|3.2公里|90|90\n"
        f"总分||||||96\n{line}",
        lexicon,
    )
    assert printed(text, forms[0].grade) == grade


@pytest.mark.parametrize("box", ["其他需要说明的事项", "其他需说明的问题", "其他情况说明"])
def test_a_box_for_remarks_is_no_indicator(box: str, lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n"
        "产出指标 | 数量指标 | 修建水窖 | 20口 | 20口 | 50 | 50 |\n"
        f"满意度指标 | 服务对象满意度指标 | 农户满意度 | ≥90% | 93% | 10 | 10 |\n{box} | 无 |\n总分 | 100 | 97 |\n",
        lexicon,
    )
    assert [row[2] for row in rows(forms[0], text)] == ["修建水窖", "农户满意度"]


def test_whose_satisfaction_it_is_may_be_the_level_of_a_name(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n产出 数量 修建水窖 20口 20口 50 50\n"
        "效益 社会效益 解决饮水人口 ≥300人 310人 30 30\n满意度 村民满意度 抽查村民满意率 ≥90% 93% 10 10\n",
        lexicon,
    )
    assert rows(forms[0], text)[-1][:3] == ("满意度", "村民满意度", "抽查村民满意率")


@pytest.mark.parametrize("total", ["合计 100 93.5", "合计 | 100 | | 100 | | 100 | | 93.5 |", "合计 100.00 100.00 93.5"])
def test_the_score_stands_behind_all_points_to_be_had(total: str, lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n产出指标 数量指标 修建水窖 20口 19口 60 57\n"
        f"效益指标 社会效益指标 解决饮水人口 ≥300人 310人 40 36.5\n{total}\n",
        lexicon,
    )
    assert printed(text, forms[0].total_score) == "93.5"


def test_the_execution_row_may_repeat_its_words_in_every_level(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n产出指标 数量指标 修建水窖 20口 19口 60 57\n"
        "预算执行 预算执行率 预算执行率 100% 96% 10 9.6\n",
        lexicon,
    )
    assert [row[2] for row in rows(forms[0], text)] == ["修建水窖"]
    assert execution(forms[0], text) == ("96%", "10", "9.6")


def test_a_label_that_nobody_knows_ends_the_name_before_it(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目名称：水窖修建 项目单位：青河县水务局 评价时段：2021年\n"
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n"
        "产出指标 数量指标 修建水窖 20口 19口 60 57\n",
        lexicon,
    )
    assert printed(text, forms[0].identity["unit"]) == "青河县水务局"


def test_a_cost_without_points_in_the_rest_of_a_form_is_a_level_two(lexicon: Lexicon) -> None:
    forms, text = find(
        "≥95% 96.1% 10 10\n成本指标 每公里养护成本 ≤1.2万元 1.08万元 10 10\n"
        "效益指标（30分） 社会效益指标 受益村民 ≥900人 960人 30 30\n"
        "满意度指标（10分） 服务对象满意度指标 沿线村民满意度 ≥90% 95% 10 10\n总分 100 96.31\n",
        lexicon,
    )
    assert [row[:2] for row in rows(forms[0], text)] == [
        (None, "成本指标"),
        ("效益指标", "社会效益指标"),
        ("满意度指标", "服务对象满意度指标"),
    ]


def test_the_name_of_the_form_is_no_unit(lexicon: Lexicon) -> None:
    forms, text = find(
        "部门（单位）整体支出绩效自评表\n部门（单位）名称 青河县统计局\n"
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n"
        "产出指标 数量指标 统计分析报告 ≥24篇 22篇 15 13.75\n",
        lexicon,
    )
    assert printed(text, forms[0].identity["unit"]) == "青河县统计局"


def test_the_instruction_in_the_last_box_is_no_reason(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 年度指标值 全年完成值 未完成原因和改进措施 "
        "产出指标 数量指标 修建水窖 20口 19口 塌方 "
        "满意度指标 服务对象满意度指标 农户满意度 ≥90% 93% 说明 请在此处说明问题。 无",
        lexicon,
    )
    assert [printed(text, row.deviation_reason) for row in forms[0].indicators] == ["塌方", None]


def test_the_points_behind_a_name_are_its_own(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 年初目标值（A） 实际完成值（B） 得分\n"
        "产出指标（40分） 数量指标 培育主体（10分） ≥260个 268个 10\n"
        "建设基地（30分） 4个 3个 22.5\n效益指标（60分） 社会效益指标 服务农户（60分） ≥900户 960户 60\n",
        lexicon,
    )
    assert rows(forms[0], text) == [
        ("产出指标", "数量指标", "培育主体", "≥260个", "268个", "10", "10"),
        ("产出指标", "数量指标", "建设基地", "4个", "3个", "30", "22.5"),
        ("效益指标", "社会效益指标", "服务农户", "≥900户", "960户", "60", "60"),
    ]


def test_levels_with_points_in_rows_of_their_own(lexicon: Lexicon) -> None:
    forms, text = find(
        "评价指标 分值 评分依据 自评情况 自评得分\n项目决策（10分）\n立项规范性 10 程序规范 自治区批复立项 10\n"
        "项目产出（60分）\n繁育原原种 40 ≥1200万粒 1260万粒 40\n种薯合格率 20 ≥95% 96.8% 20\n合计 100 97.5\n",
        lexicon,
    )
    assert [(row[0], row[2], row[4], row[6]) for row in rows(forms[0], text)] == [
        ("项目决策", "立项规范性", "自治区批复立项", "10"),
        ("项目产出", "繁育原原种", "1260万粒", "40"),
        ("项目产出", "种薯合格率", "96.8%", "20"),
    ]


def test_a_short_tail_without_separators_is_known_by_its_levels(lexicon: Lexicon) -> None:
    forms, text = find(
        "1010\n社会效益指标带动就业人数≥120人138人1515\n可持续影响指标就业服务体系较完善较完善1513.5基层人手不足\n"
        "满意度指标服务对象满意度指标参训人员满意度≥90%93.6%1010\n总分10096.2良好\n",
        lexicon,
    )
    assert [row[1:5] for row in rows(forms[0], text)] == [
        ("社会效益指标", "带动就业人数", "≥120人", "138人"),
        ("可持续影响指标", "就业服务体系", "较完善", "较完善"),
        ("服务对象满意度指标", "参训人员满意度", "≥90%", "93.6%"),
    ]


def test_sums_of_money_are_no_score(lexicon: Lexicon) -> None:
    forms, _ = find(
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n"
        "产出指标 数量指标 修建水窖 20口 19口 60 57\n合计 2560.00 2610.72\n",
        lexicon,
    )
    assert forms[0].total_score is None


def test_who_is_to_be_satisfied_is_the_level_of_a_name(lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n产出 数量 修建水窖 20口 20口 50 50\n"
        "效益 社会效益 解决饮水人口 ≥300人 310人 30 30\n满意度 受益群众 饮水户满意度 ≥90% 93% 10 10\n"
        "资金 执行率 预算执行率 100% 90% 10 9\n",
        lexicon,
    )
    assert [row[:3] for row in rows(forms[0], text)][2:] == [("满意度", "受益群众", "饮水户满意度")]
    assert execution(forms[0], text) == ("90%", "10", "9")


def test_a_year_printed_with_spaces(lexicon: Lexicon) -> None:
    forms, text = find(
        "项 目 支 出 绩 效 自 评 表\n（ 2 0 2 1 年 度 ）\n项 目 名 称 水 窖 修 建\n"
        "一 级 指 标 二 级 指 标 三 级 指 标 年 度 指 标 值 实 际 完 成 值\n"
        "产 出 指 标 数 量 指 标 修建水窖 20口 20口\n",
        lexicon,
    )
    assert printed(text, forms[0].identity["fiscal_year"]) == "2021"


def test_the_total_before_another_box_is_no_indicator(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目名称 水窖修建\n一级指标 二级指标 三级指标 年度指标值 实际完成值\n产出指标 数量指标 修建水窖 20口 19口\n"
        "满意度指标 服务对象满意度指标 饮水户满意度 ≥90% 93%\n总分 实施单位 青河县水务局\n",
        lexicon,
    )
    assert [row[2] for row in rows(forms[0], text)] == ["修建水窖", "饮水户满意度"]
