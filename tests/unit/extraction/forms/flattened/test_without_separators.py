"""Indicators of which nothing separates the cells: what cannot be told apart stays unread."""

from __future__ import annotations

from ingest.lexicon import Lexicon
from tests.support.forms.reading_back import find, money, rows, unread_codes

_GLUED_HEADING = "一级指标二级指标三级指标年度指标值实际完成值分值得分偏差原因分析及改进措施"


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
    block = "产出指标数量指标1.新修渠道≥8公里8公里10102.购置水泵≥5台5台1010"
    forms, text = find(_GLUED_HEADING + block, lexicon)
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
