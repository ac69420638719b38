"""Forms whose table reached the text without its grid: the same form, however its cells are separated."""

from __future__ import annotations

import time

import pytest

from ingest.extraction.forms.flattened import find_flattened_forms
from ingest.extraction.forms.rows import Form, Piece
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon
from ingest.reading import read_document

Row = tuple[str | None, str | None, str, str | None, str | None, str | None, str | None]

HEADING = [
    *("项目支出绩效自评表", "（2022年度）", "项目名称", "河堤加固工程", "主管部门", "青河县水务局"),
    *("实施单位", "青河县水利站", "项目资金（万元）"),
]
MONEY = [
    *("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
    *("年度资金总额", "46", "44", "41.8", "10", "95%", "9.5"),
    *("其中：当年财政拨款", "46", "40", "37.8", "—", "94.5%", "—"),
    *("上年结转资金", "—", "4", "4", "—", "100%", "—"),
]
GOALS = ["年度总体目标", "预期目标", "实际完成情况", "加固河堤，保障两岸安全。", "河堤加固完成，汛期平稳。"]
INDICATORS = [
    *("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
    *("产出指标（50分）", "数量指标", "加固河堤长度", "≥12公里", "13公里", "20", "20"),
    *("清理河道段数", "≥8段", "6段", "10", "7.5", "汛期推迟施工"),
    *("质量指标", "工程验收合格率", "100%", "100%", "20", "20"),
    *("效益指标（30分）", "社会效益指标", "两岸防洪安全", "有效保障", "有效保障", "30", "30"),
    *("满意度指标（10分）", "服务对象满意度指标", "沿线群众满意度", "≥90%", "93%", "10", "10"),
    *("总分", "100", "97", "优"),
]
READ: list[Row] = [
    ("产出指标", "数量指标", "加固河堤长度", "≥12公里", "13公里", "20", "20"),
    ("产出指标", "数量指标", "清理河道段数", "≥8段", "6段", "10", "7.5"),
    ("产出指标", "质量指标", "工程验收合格率", "100%", "100%", "20", "20"),
    ("效益指标", "社会效益指标", "两岸防洪安全", "有效保障", "有效保障", "30", "30"),
    ("满意度指标", "服务对象满意度指标", "沿线群众满意度", "≥90%", "93%", "10", "10"),
]
SEPARATORS = {
    "single spaces": " ",
    "one cell per line": "\n",
    "blank lines between": "\n\n",
    "pipes in one line": " | ",
    "pipes, one cell per line": " |\n",
    "nothing between": "",
}


def source_of(text: str, lexicon: Lexicon) -> ReportSource:
    return ReportSource.of(read_document(text.encode("utf-8"), "form.txt"), lexicon)


def find(text: str, lexicon: Lexicon) -> tuple[list[Form], str]:
    source = source_of(text, lexicon)
    return find_flattened_forms(source), source.text


def printed(text: str, piece: Piece | None) -> str | None:
    return None if piece is None else "".join(text[piece.start : piece.end].split())


def rows(form: Form, text: str) -> list[Row]:
    return [
        (
            row.level1,
            row.level2,
            printed(text, row.name) or "",
            "".join(printed(text, part) or "" for part in row.target) or None,
            printed(text, row.actual),
            printed(text, row.weight),
            printed(text, row.score),
        )
        for row in form.indicators
    ]


def money(form: Form, text: str) -> dict[tuple[str, str], str | None]:
    return {(row.source, stage): printed(text, place) for row in form.funding for stage, place in row.amounts.items()}


def execution(form: Form, text: str) -> tuple[str | None, str | None, str | None]:
    total = next(row for row in form.funding if row.source == "total")
    return printed(text, total.rate), printed(text, total.weight), printed(text, total.score)


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS.keys())
def test_a_form_says_the_same_however_its_cells_are_separated(separator: str, lexicon: Lexicon) -> None:
    forms, text = find(separator.join([*HEADING, *MONEY, *GOALS, *INDICATORS]), lexicon)
    assert len(forms) == 1
    form = forms[0]
    assert rows(form, text) == READ
    assert money(form, text) == {
        ("total", "initial_budget"): "46",
        ("total", "adjusted_budget"): "44",
        ("total", "executed"): "41.8",
        ("fiscal", "initial_budget"): "46",
        ("fiscal", "adjusted_budget"): "40",
        ("fiscal", "executed"): "37.8",
        ("carryover", "adjusted_budget"): "4",
        ("carryover", "executed"): "4",
    }
    assert execution(form, text) == ("95%", "10", "9.5")
    assert {name: printed(text, place) for name, place in form.identity.items()} == {
        "project_name": "河堤加固工程",
        "department": "青河县水务局",
        "unit": "青河县水利站",
        "fiscal_year": "2022",
    }
    assert (form.money_unit, printed(text, form.total_score), printed(text, form.grade)) == ("万元", "97", "优")
    assert form.has_actual_column
    assert not form.unread


def test_the_reason_for_a_deviation_belongs_to_the_row_above(lexicon: Lexicon) -> None:
    forms, text = find(" ".join([*HEADING, *MONEY, *GOALS, *INDICATORS]), lexicon)
    assert [printed(text, row.deviation_reason) for row in forms[0].indicators] == [
        None,
        "汛期推迟施工",
        None,
        None,
        None,
    ]


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


def test_the_transfer_form_has_no_points(lexicon: Lexicon) -> None:
    forms, text = find(
        "转移支付（项目）名称 就业补助 资金使用单位 红山区就业服务中心 资金投入情况（万元） 全年预算数(A) "
        "全年执行数(B) 预算执行率(B/A) 年度资金总额： 55 44 80% 其中：中央财政资金 40 32 80% 地方资金 15 12 80% "
        "一级指标 二级指标 三级指标 指标值 全年实际完成值 产出指标 数量指标 指标1：见习人数 ≥20人 21人 "
        "指标2：培训班次 效益指标 社会效益指标 就业稳定 提升 提升",
        lexicon,
    )
    form = forms[0]
    assert money(form, text)["local", "executed"] == "12"
    assert execution(form, text) == ("80%", None, None)
    assert rows(form, text) == [
        ("产出指标", "数量指标", "见习人数", "≥20人", "21人", None, None),
        ("产出指标", "数量指标", "培训班次", None, None, None, None),
        ("效益指标", "社会效益指标", "就业稳定", "提升", "提升", None, None),
    ]


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


def test_points_of_the_execution_row_in_the_heading(lexicon: Lexicon) -> None:
    forms, text = find(
        "预算执行情况(万元)\n\n(20分)\n\n预算数(A)\n\n执行数(B)\n\n执行率(B/A)\n\n得分\n\n(20分*执行率)\n\n"
        "年度财政资金总额\n\n30\n\n24\n\n80\n\n16\n\n年度绩效目标\n\n一级指标\n\n二级指标\n\n三级指标\n\n年初目标值(A)\n\n"
        "实际完成值(B)\n\n得分\n\n产出指标(40分)\n\n数量指标\n\n猪舍(≥**平方米)\n\n180\n\n180\n\n10",
        lexicon,
    )
    assert execution(forms[0], text) == ("80", "20", "16")
    assert rows(forms[0], text) == [("产出指标", "数量指标", "猪舍(≥**平方米)", "180", "180", None, "10")]


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


def test_a_second_target_and_its_neighbours_are_passed_over(lexicon: Lexicon) -> None:
    forms, text = find(
        "指标名称 计量单位 指标性质 年初指标值 调整指标值 全年完成值 得分系数 指标权重 指标得分 是否核心指标\n"
        "报刊发行量 份 ≥ 900 950 960 100% 20 20 否\n播出事故 次 ≤ 3 3 1 100% 10 10 是",
        lexicon,
    )
    assert [(row[2], row[4], row[5], row[6]) for row in rows(forms[0], text)] == [
        ("报刊发行量", "960", "20", "20"),
        ("播出事故", "1", "10", "10"),
    ]


def test_a_declaration_plans_its_sums_and_reaches_nothing(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目支出绩效目标申报表\n(2021年度)\n项目名称 独生子女家庭扶助\n预算单位 县卫生健康局\n"
        "项目资金(万元) 年度资金总额 金额(万元)\n (一)财政拨款小计 6.30\n 1、一般公共预算 6.30\n 2、政府性基金 0.00\n"
        " (二)自有资金小计 0.00\n绩效指标 一级指标 二级指标 三级指标 指标值\n项目完成\n指标\n数量指标 扶助人数 63人\n"
        "时效指标 资金拨付 12月底到位\n项目效益\n指标\n社会效益\n指标\n家庭稳定和谐 长期",
        lexicon,
    )
    form = forms[0]
    assert money(form, text) == {("fiscal", "planned"): "6.30", ("other", "planned"): "0.00"}
    assert not form.has_actual_column
    assert rows(form, text) == [
        ("项目完成指标", "数量指标", "扶助人数", "63人", None, None, None),
        ("项目完成指标", "时效指标", "资金拨付", "12月底到位", None, None, None),
        ("项目效益指标", "社会效益指标", "家庭稳定和谐", "长期", None, None, None),
    ]


def test_names_without_values_are_indicators_when_every_digit_is_gone(lexicon: Lexicon) -> None:
    forms, text = find(
        "年度财政资金总额分一级指标二级指标三级指标年初目标值()实际完成值()得分产出指标数量指标国家奖学金人数成本指标人均资助标准"
        "过程指标评审程序是否公正是是",
        lexicon,
    )
    assert [(row[2], row[3], row[4]) for row in rows(forms[0], text)] == [
        ("国家奖学金人数", None, None),
        ("人均资助标准", None, None),
        ("评审程序是否公正", "是", "是"),
    ]
    assert money(forms[0], text) == {}


def test_the_tail_of_a_form_is_read_without_its_heading(lexicon: Lexicon) -> None:
    forms, text = find(
        "时效指标 | 按时开工率 | ≥95% | 100% | 10 | 10 |\n"
        "效益指标（30分） | 经济效益指标 | 新增产能 | ≥50万公斤 | 43.2万公斤 | 10 | 8.6 |\n"
        "社会效益指标 | 受益农户 | ≥1260户 | 1304户 | 10 | 10 |\n总分 | 100 | 95.1 |",
        lexicon,
    )
    assert rows(forms[0], text) == [
        (None, "时效指标", "按时开工率", "≥95%", "100%", "10", "10"),
        ("效益指标", "经济效益指标", "新增产能", "≥50万公斤", "43.2万公斤", "10", "8.6"),
        ("效益指标", "社会效益指标", "受益农户", "≥1260户", "1304户", "10", "10"),
    ]
    assert printed(text, forms[0].total_score) == "95.1"


@pytest.mark.parametrize(
    ("line", "score"),
    [
        ("总分 100 92", "92"),
        ("合计 100", None),
        ("合计 100 - - 98", "98"),
        ("自评得分 92", "92"),
        ("总分10092", "92"),
    ],
)
def test_the_sum_of_points_is_no_score(line: str, score: str | None, lexicon: Lexicon) -> None:
    forms, text = find(
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n产出指标 数量指标 修路 ≥3公里 2公里 60 52\n"
        + line,
        lexicon,
    )
    assert printed(text, forms[0].total_score) == score


def test_two_forms_in_one_text_are_two(lexicon: Lexicon) -> None:
    one = " ".join([*HEADING, *MONEY, *INDICATORS])
    other = one.replace("河堤加固工程", "水库除险工程")
    forms, text = find(f"{one}\n{other}", lexicon)
    assert [printed(text, form.identity["project_name"]) for form in forms] == ["河堤加固工程", "水库除险工程"]
    assert forms[0].end <= forms[1].start
    assert rows(forms[0], text) == rows(forms[1], text) == READ


@pytest.mark.parametrize(
    "prose",
    [
        "一、项目概况\n年初预算数100万元，全年预算数120万元，全年执行数110万元，执行率91.67%，得分9.2分。",
        "本项目设一级指标3个、二级指标5个、三级指标12个，年度资金总额为100万元，其中：财政拨款80万元，其他资金20万元。",
        "（三）绩效指标完成情况\n1.产出指标。\n数量指标：修路目标值3公里，实际完成3公里；\n质量指标：合格率100%，实际100%。",
        "产出指标完成情况\n1)光模块数量，目标值大于等于10支，实际完成15支，分值7.5，得分7.5。\n效益指标完成情况\n1)畅通率100%。",
        "资金来源为中央资金、省级资金、市级财政资金，均已到位。",
        "没有任何数字的说明。",
    ],
)
def test_prose_has_no_form(prose: str, lexicon: Lexicon) -> None:
    assert find(prose, lexicon)[0] == []


def test_true_tables_are_left_to_the_grid(lexicon: Lexicon) -> None:
    text = " ".join([*HEADING, *MONEY, *INDICATORS])
    source = source_of(text, lexicon)
    assert find_flattened_forms(source, tables=[(0, len(source.text))]) == []


@pytest.mark.parametrize(
    "text",
    [
        "年初预算数全年预算数全年执行数分值执行率得分年度资金总额" + "1" * 50_000,
        "一级指标二级指标三级指标年度指标值实际完成值分值得分产出指标数量指标" + "12" * 20_000,
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 " + "建设 " * 20_000,
        "年初预算数 全年预算数 全年执行数 年度资金总额 " + "| " * 50_000,
        "项目名称 " * 20_000,
    ],
)
def test_hostile_text_ends_in_time(text: str, lexicon: Lexicon) -> None:
    begun = time.monotonic()
    find(text, lexicon)
    assert time.monotonic() - begun < 20


def test_every_piece_lies_in_its_form(lexicon: Lexicon) -> None:
    forms, text = find("索引号 1234 浏览次数 56\n" + "\n".join([*HEADING, *MONEY, *GOALS, *INDICATORS]), lexicon)
    form = forms[0]
    places = [row.name for row in form.indicators] + [place for row in form.funding for place in row.amounts.values()]
    assert all(form.start <= place.start < place.end <= form.end for place in places)
    assert text[form.start :].startswith("项目支出绩效自评表")
    assert all(0 < place.confidence <= 1 for place in places)


# --- cells that nothing separates

_GLUED_HEADING = "一级指标二级指标三级指标年度指标值实际完成值分值得分偏差原因分析及改进措施"


def unread_codes(form: Form) -> list[str]:
    return [entry.code for entry in form.unread]


def test_a_name_that_may_begin_with_the_reason_of_the_row_above_is_left_unread(lexicon: Lexicon) -> None:
    block = "产出指标数量指标新修渠道≥8公里6公里107.5受天气影响延后购置水泵≥5台5台1010质量指标验收合格率≥95%98%2020"
    forms, text = find(_GLUED_HEADING + block, lexicon)
    assert [row[2] for row in rows(forms[0], text)] == ["新修渠道", "验收合格率"]
    assert unread_codes(forms[0]) == ["cells_not_told_apart"]


def test_a_digit_that_two_rows_may_claim_makes_both_doubtful(lexicon: Lexicon) -> None:
    block = "产出指标质量指标抽查合格率≥90%95%5.55.53D测绘完成率100%100%1010"
    forms, text = find(_GLUED_HEADING + block, lexicon)
    assert all("3D" not in row[2] for row in rows(forms[0], text))
    assert "cells_not_told_apart" in unread_codes(forms[0])


def test_the_number_of_an_item_is_no_part_of_the_score_before_it(lexicon: Lexicon) -> None:
    block = "产出指标数量指标1.新修渠道≥8公里8公里102.52.购置水泵≥5台5台1010"
    forms, text = find(_GLUED_HEADING + block.replace("102.5", "1010"), lexicon)
    assert [(row[2], row[5], row[6]) for row in rows(forms[0], text)] == [
        ("新修渠道", "10", "10"),
        ("购置水泵", "10", "10"),
    ]


def test_a_word_of_degree_makes_a_value_of_a_known_word(lexicon: Lexicon) -> None:
    block = "效益指标社会效益指标管护制度建设情况健全基本健全108两岸环境面貌显著较显著108"
    forms, text = find(_GLUED_HEADING + block, lexicon)
    assert [row[2:5] for row in rows(forms[0], text)] == [
        ("管护制度建设情况", "健全", "基本健全"),
        ("两岸环境面貌", "显著", "较显著"),
    ]


def test_a_project_name_that_runs_into_its_label_is_left_unread(lexicon: Lexicon) -> None:
    form_text = "".join([*HEADING, *MONEY, *GOALS, *INDICATORS])
    forms, text = find(form_text.replace("河堤加固工程主管部门", "河堤加固资金项目主管部门"), lexicon)
    assert "project_name" not in forms[0].identity
    forms, text = find(form_text.replace("河堤加固工程主管部门", "河堤加固项目项目主管部门"), lexicon)
    assert printed(text, forms[0].identity["project_name"]) == "河堤加固项目"


# --- headings


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


def test_sums_below_no_heading_are_read_only_where_the_equations_bear_them_out(lexicon: Lexicon) -> None:
    forms, _ = find("项目名称 河堤加固工程\n年度资金总额 20 18 17.1\n", lexicon)
    assert [(form.funding, unread_codes(form)) for form in forms] == [((), ["cells_not_told_apart"])]
    forms, text = find("项目名称 河堤加固工程\n年度资金总额 20 18 17.1 10 95% 9.5\n", lexicon)
    assert {stage: printed(text, place) for stage, place in forms[0].funding[0].amounts.items()} == {
        "initial_budget": "20",
        "adjusted_budget": "18",
        "executed": "17.1",
    }


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


def test_without_any_digit_names_are_told_apart_by_how_they_end(lexicon: Lexicon) -> None:
    forms, text = find(
        "某校助学项目绩效目标自评表项目名称某校助学项目主管部门某省教育厅一级指标二级指标三级指标年初目标值()实际完成值()得分"
        "产出指标数量指标补助学生人数走访家庭次数分受助学生人数效益指标社会效益指标资金发放率分学生完成学业率",
        lexicon,
    )
    assert [row[2] for row in rows(forms[0], text)] == [
        "补助学生人数",
        "走访家庭次数",
        "受助学生人数",
        "资金发放率",
        "学生完成学业率",
    ]
    assert all(row[3:] == (None, None, None, None) for row in rows(forms[0], text))
