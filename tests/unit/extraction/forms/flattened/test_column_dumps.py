"""Forms dumped column by column: what stands in which row follows from counts and from the form's own sums."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.support.forms.reading_back import execution, find, money, printed, rows, unread_codes

IDENTITY = [
    *("项目支出绩效自评表", "（2022年度）", "项目名称", "主管部门", "项目负责人", "实施单位"),
    *("灌区渠系清淤整治", "青河县水利局", "张三", "青河县灌溉管理处"),
]
MONEY = [
    *("资金情况（万元）", "年度资金总额", "其中：省级资金", "县级资金"),
    *("全年预算数（A）", "64.5", "50", "14.5", "全年执行数（B）", "60.63", "50", "10.63"),
    *("执行率（B/A）", "94%", "100%", "73.31%", "分值", "10", "得分", "9.4"),
]
LEVELS = ["一级指标", "产出指标", "二级指标", "数量指标", "质量指标", "时效指标"]
COLUMNS = [
    *("三级指标", "清淤渠道长度", "渠道验收合格率", "完工时间"),
    *("指标值", "≥12公里", "100%", "11月底前"),
    *("完成值", "12.6公里", "98%", "11月20日"),
    *("权重", "30", "30", "30"),
    *("自评得分", "30", "29.4", "30"),
]
TOTAL = ["合计", "100", "98.8"]
SEPARATORS = {"one cell per line": "\n", "single spaces": " ", "pipes": " | "}


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS.keys())
def test_a_form_dumped_column_by_column_is_read_row_by_row(separator: str, lexicon: Lexicon) -> None:
    forms, text = find(separator.join([*IDENTITY, *MONEY, *LEVELS, *COLUMNS, *TOTAL]), lexicon)
    form = forms[0]
    assert {name: printed(text, place) for name, place in form.identity.items()} == {
        "project_name": "灌区渠系清淤整治",
        "department": "青河县水利局",
        "unit": "青河县灌溉管理处",
        "fiscal_year": "2022",
    }
    assert money(form, text) == {
        ("total", "adjusted_budget"): "64.5",
        ("total", "executed"): "60.63",
        ("province", "adjusted_budget"): "50",
        ("province", "executed"): "50",
        ("county", "adjusted_budget"): "14.5",
        ("county", "executed"): "10.63",
    }
    assert execution(form, text) == ("94%", "10", "9.4")
    assert rows(form, text) == [
        ("产出指标", "数量指标", "清淤渠道长度", "≥12公里", "12.6公里", "30", "30"),
        ("产出指标", "质量指标", "渠道验收合格率", "100%", "98%", "30", "29.4"),
        ("产出指标", "时效指标", "完工时间", "11月底前", "11月20日", "30", "30"),
    ]
    assert printed(text, form.total_score) == "98.8"
    assert not form.unread


def test_levels_that_span_an_unknown_number_of_rows_are_not_guessed(lexicon: Lexicon) -> None:
    lines = ["一级指标", "产出指标", "效益指标", "二级指标", "数量指标", "社会效益指标", *COLUMNS]
    forms, text = find("\n".join(lines), lexicon)
    assert {row[:2] for row in rows(forms[0], text)} == {(None, None)}


def test_a_name_of_two_words_is_one_cell_where_every_cell_has_a_line(lexicon: Lexicon) -> None:
    forms, text = find("\n".join(COLUMNS).replace("清淤渠道长度", "清淤渠道 长度"), lexicon)
    assert [row[2] for row in rows(forms[0], text)] == ["清淤渠道长度", "渠道验收合格率", "完工时间"]


@pytest.mark.parametrize(
    ("printed_there", "instead"),
    [("29.4", "31"), ("12.6公里\n98%", "12.6公里98%"), ("11月底前\n", "")],
    ids=["a score above its points", "a value lost", "a target lost"],
)
def test_columns_that_do_not_fit_are_left_unread(printed_there: str, instead: str, lexicon: Lexicon) -> None:
    forms, text = find("\n".join(COLUMNS).replace(printed_there, instead), lexicon)
    assert "cells_not_told_apart" in unread_codes(forms[0])
    assert all(row[5] is None or row[6] is None or float(row[6]) <= float(row[5]) for row in rows(forms[0], text))


def test_the_rows_at_the_bottom_are_empty_where_the_sums_bear_it_out(lexicon: Lexicon) -> None:
    block = (
        "年度资金总额\n其中：当年财政拨款\n上年结转资金\n其他资金\n年初预算数\n86\n86\n全年预算数\n93\n86\n7\n"
        "全年执行数\n91\n84\n7\n执行率\n97.85%"
    )
    forms, text = find(block, lexicon)
    assert money(forms[0], text) == {
        ("total", "initial_budget"): "86",
        ("fiscal", "initial_budget"): "86",
        ("total", "adjusted_budget"): "93",
        ("fiscal", "adjusted_budget"): "86",
        ("carryover", "adjusted_budget"): "7",
        ("total", "executed"): "91",
        ("fiscal", "executed"): "84",
        ("carryover", "executed"): "7",
    }
    forms, text = find(block.replace("93\n86\n7", "93\n80\n7"), lexicon)
    assert not any(stage == "adjusted_budget" for _, stage in money(forms[0], text))
    assert unread_codes(forms[0]) == ["cells_not_told_apart"]


def test_labels_above_another_number_of_values_are_left_unread(lexicon: Lexicon) -> None:
    lines = [entry for entry in IDENTITY if entry != "张三"]
    forms, _ = find("\n".join([*lines, *MONEY]), lexicon)
    assert "unit" not in forms[0].identity
    assert unread_codes(forms[0]) == ["cells_not_told_apart"]


def test_a_box_between_the_rows_and_the_stages_of_a_dump_is_read(lexicon: Lexicon) -> None:
    lines = [*MONEY[:4], "项目单位", "青河县灌溉管理处", *MONEY[4:]]
    forms, text = find("\n".join(lines), lexicon)
    assert printed(text, forms[0].identity["unit"]) == "青河县灌溉管理处"
    assert money(forms[0], text)["county", "executed"] == "10.63"


BELOW = [
    *("年度资金总额", "其中：财政拨款", "其他资金", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
    *("50", "40", "10", "64.5", "54.5", "10", "60.63", "50.63", "10", "10", "94%", "9.4"),
    *("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    *("产出指标", "数量指标", "质量指标", "时效指标", "清淤渠道长度", "渠道验收合格率", "完工时间"),
    *("≥12公里", "100%", "11月底前", "12.6公里", "98%", "11月20日", "30", "30", "30", "30", "29", "30"),
    *("总分", "100", "98.4"),
]


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS.keys())
def test_all_headings_may_stand_before_all_columns(separator: str, lexicon: Lexicon) -> None:
    forms, text = find(separator.join(BELOW), lexicon)
    amounts = money(forms[0], text)
    assert [amounts["total", "initial_budget"], amounts["fiscal", "executed"]] == ["50", "50.63"]
    assert execution(forms[0], text) == ("94%", "10", "9.4")
    assert rows(forms[0], text) == [
        ("产出指标", "数量指标", "清淤渠道长度", "≥12公里", "12.6公里", "30", "30"),
        ("产出指标", "质量指标", "渠道验收合格率", "100%", "98%", "30", "29"),
        ("产出指标", "时效指标", "完工时间", "11月底前", "11月20日", "30", "30"),
    ]


def test_sums_behind_all_headings_that_do_not_add_up_are_left_unread(lexicon: Lexicon) -> None:
    forms, text = find("\n".join(BELOW).replace("\n54.5\n", "\n44.5\n"), lexicon)
    assert not money(forms[0], text)
    assert "cells_not_told_apart" in unread_codes(forms[0])


def test_a_level_two_tells_which_level_one_spans_its_row(lexicon: Lexicon) -> None:
    columns = [
        ("一级指标", "产出指标", "效益指标", "满意度指标"),
        ("二级指标", "数量指标", "质量指标", "成本指标", "社会效益指标", "服务对象满意度指标"),
        ("三级指标", "治理河段", "验收合格率", "治理成本", "受益村庄", "村民满意度"),
        ("年度指标值", "≥6处", "100%", "≤20万元", "≥3个", "≥90%"),
        ("实际完成值", "6处", "83.3%", "18万元", "4个", "92%"),
        ("分值", "20", "10", "20", "30", "10"),
        ("得分", "20", "8.33", "20", "30", "10"),
    ]
    forms, text = find("\n".join("\n".join(column) for column in columns) + "\n总分\n100\n88.33\n", lexicon)
    assert [row[0] for row in rows(forms[0], text)] == ["产出指标"] * 3 + ["效益指标", "满意度指标"]
