"""Where flattened forms stand, and that they say the same however their cells are separated."""

from __future__ import annotations

import time

import pytest

from ingest.extraction.forms.flattened import find_flattened_forms
from ingest.lexicon import Lexicon
from tests.support.forms.reading_back import (
    GOALS,
    HEADING,
    INDICATORS,
    MONEY,
    READ,
    execution,
    find,
    money,
    printed,
    rows,
)
from tests.support.report_sources import source_of

SEPARATORS = {
    "single spaces": " ",
    "one cell per line": "\n",
    "blank lines between": "\n\n",
    "pipes in one line": " | ",
    "pipes, one cell per line": " |\n",
    "nothing between": "",
}


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


def test_a_project_name_that_runs_into_its_label_is_left_unread(lexicon: Lexicon) -> None:
    form_text = "".join([*HEADING, *MONEY, *GOALS, *INDICATORS])
    forms, text = find(form_text.replace("河堤加固工程主管部门", "河堤加固资金项目主管部门"), lexicon)
    assert "project_name" not in forms[0].identity
    forms, text = find(form_text.replace("河堤加固工程主管部门", "河堤加固项目项目主管部门"), lexicon)
    assert printed(text, forms[0].identity["project_name"]) == "河堤加固项目"


def test_every_piece_lies_in_its_form(lexicon: Lexicon) -> None:
    forms, text = find("索引号 1234 浏览次数 56\n" + "\n".join([*HEADING, *MONEY, *GOALS, *INDICATORS]), lexicon)
    form = forms[0]
    places = [row.name for row in form.indicators] + [place for row in form.funding for place in row.amounts.values()]
    assert all(form.start <= place.start < place.end <= form.end for place in places)
    assert text[form.start :].startswith("项目支出绩效自评表")
    assert all(0 < place.confidence <= 1 for place in places)


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
