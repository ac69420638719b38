"""The unit that a form declares for its sums, in a heading, a line or a cell of its own."""

from __future__ import annotations

import pytest

from ingest.extraction.forms.labels import declared_unit
from ingest.lexicon import Lexicon
from tests.support.forms.reading_back import find, money


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("项目资金（万元）", "万元"),
        ("预算执行情况（金额单位：元）", "元"),
        ("单位：人民币万元", "万元"),
        ("货币单位 | 千元 | 填报日期", "千元"),
        ("金额以万元为单位", "万元"),
        ("实施单位 | 元谋县水务局", None),
        ("计量单位 | 元 | 指标值", None),
        ("支出以元宵节活动为主", None),
    ],
)
def test_a_unit_is_declared_in_many_ways(text: str, unit: str | None) -> None:
    assert declared_unit(text) == unit


def test_a_cell_of_its_own_declares_the_unit_and_is_no_column(lexicon: Lexicon) -> None:
    forms, text = find(
        "项目名称 | 泵站维修 |\n实施单位 | 某县水务局 | 金额单位 | 元 |\n"
        "资金 | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |\n"
        "年度资金总额 | 0 | 90000 | 81000 | 10 | 90% | 9 |\n其中：当年财政拨款 | 0 | 90000 | 81000 | — | — | — |",
        lexicon,
    )
    assert forms[0].money_unit == "元"
    total = {stage: printed for (source, stage), printed in money(forms[0], text).items() if source == "total"}
    assert total == {"initial_budget": "0", "adjusted_budget": "90000", "executed": "81000"}
