"""The money block without its grid: which number stands below which heading."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.support.forms.reading_back import execution, find, money, printed, rows, unread_codes


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("年度资金总额 20 18 17.1 10 95% 9.5", {"initial_budget": "20", "adjusted_budget": "18", "executed": "17.1"}),
        ("年度资金总额 —— 18 17.1 10 95% 9.5", {"adjusted_budget": "18", "executed": "17.1"}),
        ("年度资金总额 18 17.1 10 95% 9.5", {"adjusted_budget": "18", "executed": "17.1"}),
        ("年度资金总额 18 17.1", {"adjusted_budget": "18", "executed": "17.1"}),
        ("年度资金总额 0 0 0 10 0 0", {"initial_budget": "0", "adjusted_budget": "0", "executed": "0"}),
        ("年度资金总额 — 18 17.1 10 95% 9.5", {"adjusted_budget": "18", "executed": "17.1"}),
        ("年度资金总额 | | 18 | 17.1 | 10 | 95% | 9.5 |", {"adjusted_budget": "18", "executed": "17.1"}),
        ("年度资金总额 61,250.00 61,250.00 58,187.50 10 95.00% 9.5", {"executed": "58,187.50"}),
    ],
)
def test_vanished_and_empty_cells_are_told_apart_by_arithmetic(
    cells: str, expected: dict[str, str], lexicon: Lexicon
) -> None:
    forms, text = find(f"年初预算数 全年预算数 全年执行数 分值 执行率 得分 {cells}", lexicon)
    amounts = money(forms[0], text)
    assert {stage: amount for (_, stage), amount in amounts.items() if stage in expected} == expected
    assert not forms[0].unread


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("2018171094.44%9.4", ("20", "18", "17", "94.44%", "10", "9.4")),
        ("606060100.00%10", ("60", "60", "60", "100.00%", None, "10")),
        ("60606010100.00%10", ("60", "60", "60", "100.00%", "10", "10")),
        ("350000.00350000.00332500.001095.00%9.5", ("350000.00", "350000.00", "332500.00", "95.00%", "10", "9.5")),
        ("148.5148.5141.261095.12%9.51", ("148.5", "148.5", "141.26", "95.12%", "10", "9.51")),
    ],
)
def test_a_row_without_separators_is_divided_where_its_equations_hold(
    run: str, expected: tuple[str | None, ...], lexicon: Lexicon
) -> None:
    forms, text = find(f"年初预算数全年预算数全年执行数分值执行率得分年度资金总额:{run}年度总体目标", lexicon)
    amounts = money(forms[0], text)
    stages = ("initial_budget", "adjusted_budget", "executed")
    assert (*(amounts[("total", stage)] for stage in stages), *execution(forms[0], text)) == expected


def test_a_source_whose_cells_vanished_follows_the_total(lexicon: Lexicon) -> None:
    forms, text = find(
        "年初预算数 全年预算数 全年执行数 分值 执行率 得分 年度资金总额 387664.62 387664.62 10 100% 10 "
        "其中：当年财政 拨款 387664.62 387664.62 — — 上年结转 资金 — 其他资金 — — — — —",
        lexicon,
    )
    assert set(money(forms[0], text)) == {
        *(("total", stage) for stage in ("adjusted_budget", "executed")),
        *(("fiscal", stage) for stage in ("adjusted_budget", "executed")),
    }


def test_digits_that_can_be_dealt_out_in_two_ways_stay_unread(lexicon: Lexicon) -> None:
    forms, text = find("年初预算数全年预算数全年执行数分值执行率得分年度资金总额11111110100%10上年结转资金———", lexicon)
    assert money(forms[0], text) == {}
    assert [entry.code for entry in forms[0].unread] == ["cells_not_told_apart"]


def test_sums_below_no_heading_are_read_only_where_the_equations_bear_them_out(lexicon: Lexicon) -> None:
    forms, _ = find("项目名称 河堤加固工程\n年度资金总额 20 18 17.1\n", lexicon)
    assert [(form.funding, unread_codes(form)) for form in forms] == [((), ["cells_not_told_apart"])]
    forms, text = find("项目名称 河堤加固工程\n年度资金总额 20 18 17.1 10 95% 9.5\n", lexicon)
    assert {stage: printed(text, place) for stage, place in forms[0].funding[0].amounts.items()} == {
        "initial_budget": "20",
        "adjusted_budget": "18",
        "executed": "17.1",
    }


def test_headings_with_their_sum_beside_them_make_the_total_row(lexicon: Lexicon) -> None:
    forms, text = find("转移支付预算数（A） 5.8万 预算执行率（B/A） 100%\n转移支付执行数（B） 5.8万\n年度目标", lexicon)
    assert money(forms[0], text) == {("total", "adjusted_budget"): "5.8万", ("total", "executed"): "5.8万"}
    assert execution(forms[0], text)[0] == "100%"


@pytest.mark.parametrize("separator", [" ", "\n", "\n\n"])
def test_the_label_that_repeats_for_every_stage_is_dealt_out_by_its_occurrence(
    separator: str, lexicon: Lexicon
) -> None:
    cells = [
        "计划安排资金",
        "(万元)",
        "60",
        "实际到位资金",
        "(万元)",
        "60",
        "实际支出",
        "(万元)",
        "57.2",
        "结余(万元)",
        "2.8",
    ]
    cells += ["其中:中央财政"] * 4
    cells += ["省财政", "60", "省财政", "60", "省财政", "57.2", "省财政", "2.8", "其它", "其它", "其它", "其它"]
    forms, text = find(separator.join(cells), lexicon)
    assert money(forms[0], text) == {
        ("total", "planned"): "60",
        ("total", "received"): "60",
        ("total", "executed"): "57.2",
        ("province", "planned"): "60",
        ("province", "received"): "60",
        ("province", "executed"): "57.2",
    }


def test_a_table_dumped_column_by_column(lexicon: Lexicon) -> None:
    forms, text = find(
        "年度资金总额 其中：当年财政拨款 其他资金\n年初预算数 30 30 0\n全年预算数 40 32 8\n全年执行数 36 30 6\n"
        "分值 10 — —\n执行率 90% — —\n得分 9 — —",
        lexicon,
    )
    assert money(forms[0], text)["other", "adjusted_budget"] == "8"
    assert money(forms[0], text)["fiscal", "executed"] == "30"
    assert execution(forms[0], text) == ("90%", "10", "9")


def test_points_of_the_execution_row_in_the_heading(lexicon: Lexicon) -> None:
    forms, text = find(
        "预算执行情况(万元)\n\n(20分)\n\n预算数(A)\n\n执行数(B)\n\n执行率(B/A)\n\n得分\n\n(20分*执行率)\n\n"
        "年度财政资金总额\n\n30\n\n24\n\n80\n\n16\n\n年度绩效目标\n\n一级指标\n\n二级指标\n\n三级指标\n\n"
        "年初目标值(A)\n\n"
        "实际完成值(B)\n\n得分\n\n产出指标(40分)\n\n数量指标\n\n猪舍(≥**平方米)\n\n180\n\n180\n\n10",
        lexicon,
    )
    assert execution(forms[0], text) == ("80", "20", "16")
    assert rows(forms[0], text) == [("产出指标", "数量指标", "猪舍(≥**平方米)", "180", "180", None, "10")]


def test_a_checklist_records_its_money_among_its_indicators(lexicon: Lexicon) -> None:
    lines = [
        "指标名称 | 指标解释 | 记录 | 需提供的支撑材料",
        "预算资金 | 资金的金额（万元） | 年度预算资金总额：90.00 其中：中央补助 60.00 市级资金 30.00 | 文件",
        "新修渠道 | 按实际填写 | 9公里 | 照片",
    ]
    forms, text = find("\n".join(lines), lexicon)
    assert {(row.source, printed(text, row.amounts["initial_budget"])) for row in forms[0].funding} == {
        ("total", "90.00"),
        ("central", "60.00"),
        ("city", "30.00"),
    }
    assert forms[0].money_unit == "万元"
    assert [(row[2], row[4]) for row in rows(forms[0], text)] == [("新修渠道", "9公里")]


def test_rows_behind_a_remark_and_empty_rows_are_read_to_the_last(lexicon: Lexicon) -> None:
    remark = (
        "三个村的票据在年末决算时未能报送到位，其余部分按照县级财政的统一安排在下一年度的第一季度继续支付，"
        "手续正在办理之中，预计四月底前完成全部报账"
    )
    heading = "年度预算数（万元） | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分 | 原因 |\n"
    sums = (
        f"总额 | 0.00 | 14.20 | 13.49 | 95.00% | 10 | 9.5 | {remark} |\n"
        "其中：财政资金 | 0.00 | 14.20 | 13.49 | 95.00% | / | / | / |\n"
        "财政专户管理资金 |  |  |  |  | / | / | / |\n"
        "单位资金 | 0.00 | 0.00 | 0.00 | 0.00% | / | / | / |\n"
    )
    forms, text = find(heading + sums, lexicon)
    sums_read = money(forms[0], text)
    assert [sums_read["other", stage] for stage in ("initial_budget", "adjusted_budget", "executed")] == ["0.00"] * 3


def test_points_in_the_heading_of_the_score_are_those_of_the_row(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目资金（万元） 预算数 到位数 执行数 执行率 得分（10分）\n合计 60 60 54 90% 9\n中央财政资金 40 40 36\n"
        "县级资金 20 20 18\n",
        lexicon,
    )
    assert execution(forms[0], text) == ("90%", "10", "9")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("中央财政衔接推进乡村振兴补助资金", "central"),
        ("省级农村厕所改造奖补资金", "province"),
        ("县级财政配套资金", "county"),
        ("中央和省级林业改革发展资金", "fiscal"),
        ("市级福彩公益金项目资金", "other"),
    ],
)
def test_a_source_that_the_form_makes_up_is_known_by_its_level(name: str, source: str, lexicon: Lexicon) -> None:
    forms, text = find(
        f"项目资金（万元） 全年预算数 全年执行数 执行率\n年度资金总额 50 45 90%\n其中：{name} 30 27 90%\n"
        "上年结转资金 20 18 90%\n",
        lexicon,
    )
    assert {stage: amount for (of, stage), amount in money(forms[0], text).items() if amount in ("30", "27")} == {
        "adjusted_budget": "30",
        "executed": "27",
    }
    assert (source, "executed") in money(forms[0], text)


def test_a_project_named_like_a_source_is_no_row(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目名称 中央财政农村危房改造补助资金 主管部门 青河县住建局\n项目资金（万元） 全年预算数 全年执行数 执行率\n"
        "年度资金总额 50 45 90%\n其中：财政拨款 50 45 90%\n",
        lexicon,
    )
    assert printed(text, forms[0].identity["project_name"]) == "中央财政农村危房改造补助资金"
    assert {of for of, _ in money(forms[0], text)} == {"total", "fiscal"}


@pytest.mark.parametrize("line", ["单位：万元", "（单位： 万元）", "金额单位：万元"])
def test_the_unit_of_the_sums_may_stand_above_the_form(line: str, lexicon: Lexicon) -> None:
    forms, _ = find(
        f"2023年部门预算项目绩效自评\n{line}\n项目名称 河堤加固工程\n年初预算 调整后预算数 预算执行数 预算执行率\n"
        "总额 20 16 14 87.5%\n",
        lexicon,
    )
    assert forms[0].money_unit == "万元"


def test_two_stages_with_their_sums_above_the_indicators(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目名称：公厕管护 预算单位：青河县环卫站\n预算金额：56.8万元 执行金额：50.53万元\n"
        "一级指标 二级指标 三级指标 目标值 完成值 得分\n"
        "产出指标 数量指标 管护公厕 62座 62座 10\n",
        lexicon,
    )
    assert money(forms[0], text) == {("total", "adjusted_budget"): "56.8万元", ("total", "executed"): "50.53万元"}


def test_blanks_between_the_thousands_of_a_cell(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目资金（元）|年初预算数|全年预算数|全年执行数|执行率\n"
        "年度资金总额|1 200 000.00|1 350 000 . 00|1 282 500.00|95 %\n"
        "其中：财政资金|1 200 000.00|1 350 000.00|1 282 500.00|95%\n",
        lexicon,
    )
    assert money(forms[0], text)["total", "adjusted_budget"] == "1350000.00"
    assert execution(forms[0], text)[0] == "95%"


def test_numbers_side_by_side_in_a_line_are_not_joined(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目资金（万元） 年初预算数 全年预算数 全年执行数 执行率\n"
        "年度资金总额 120 120 114 95%\n其中：财政资金 120 120 114 95%\n",
        lexicon,
    )
    assert money(forms[0], text)["total", "executed"] == "114"


def test_the_unit_of_a_stage_in_a_cell_of_its_own(lexicon: Lexicon) -> None:
    forms, text = find(
        "计划安排资金|\n（万元）|\n86|\n实际到位资金|\n（万元）|\n80|\n实际支出|\n（万元）|\n72.4|\n"
        "其中：中央财政|56|其中：中央财政|56|其中：中央财政|50|\n县财政|30|县财政|24|县财政|22.4|\n",
        lexicon,
    )
    assert [money(forms[0], text)["total", stage] for stage in ("planned", "received", "executed")] == [
        "86",
        "80",
        "72.4",
    ]


def test_a_share_that_is_no_rate_of_execution_is_left_out(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目资金（万元） 预算安排 实际到位 到位率 实际支出 支出进度\n合计 126 118 93.65% 106.2 90%\n"
        "省级补助 70 70 100% 65 92.86%\n"
        "县级配套 56 48 85.71% 41.2 85.83%\n",
        lexicon,
    )
    amounts = money(forms[0], text)
    assert [amounts["total", stage] for stage in ("approved", "received", "executed")] == ["126", "118", "106.2"]
    assert amounts["county", "executed"] == "41.2"
    assert execution(forms[0], text)[0] == "90%"


@pytest.mark.parametrize(
    ("name", "source"), [("区级财政", "county"), ("市级财政配套", "city"), ("自治区补助资金", "province")]
)
def test_a_level_is_a_source_where_nothing_separates_the_cells(name: str, source: str, lexicon: Lexicon) -> None:
    forms, text = find(
        f"项目资金（万元）预算数到位数支出数执行率合计33.633.631.9295.00%{name}28.0028.0028.00100.00%镇村自筹5.65.63.9270.00%"
        "一级指标二级指标三级指标分值指标值完成值得分产出指标数量指标清运村庄数量1512个12个15",
        lexicon,
    )
    assert money(forms[0], text)[source, "received"] == "28.00"


def test_a_project_in_a_list_above_its_total_is_no_source(lexicon: Lexicon) -> None:
    forms, text = find(
        "绩效自评结果 单位：万元\n| 序号 | 项目名称 | 年初预算 | 全年预算 | 全年执行 | 执行率 |\n"
        "| 1 | 中央水利发展资金 | 1860.00 | 1926.40 | 1911.20 | 99.21% |\n"
        "| 2 | 省级水利补助资金 | 620.00 | 604.32 | 604.32 | 100% |\n"
        "| | 合计 | 2480.00 | 2530.72 | 2515.52 | 99.40% |\n",
        lexicon,
    )
    assert {source for form in forms for source, _ in money(form, text)} == {"total"}
