"""A value right behind its name in one clause: what is read, and what is no name."""

from __future__ import annotations

import pytest

from ingest.extraction.indicators.named_values import read_named_values
from ingest.lexicon import Lexicon


def values_of(clause: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    return [(one.name, one.value) for one in read_named_values(clause, lexicon)]


@pytest.mark.parametrize(
    ("clause", "values"),
    [
        ("新修机耕道6.8公里", [("新修机耕道", "6.8公里")]),
        ("观看人数约3.2万人次", [("观看人数", "约3.2万人次")]),
        ("水毁里程控制在2公里以内", [("水毁里程", "2公里以内")]),
        ("2022年计划硬化巷道12条", [("硬化巷道", "12条")]),
        ("3-6岁儿童入园率91.5%", [("3-6岁儿童入园率", "91.5%")]),
        ("65岁以上老人体检人数4200人", [("65岁以上老人体检人数", "4200人")]),
        ("安置搬迁群众85户316人", [("安置搬迁群众", "85户316人")]),
        ("入学率、巩固率均达到100%", [("入学率", "100%"), ("巩固率", "100%")]),
        ("干渠清淤12公里、支渠清淤30公里", [("干渠清淤", "12公里"), ("支渠清淤", "30公里")]),
        ("讲座、展览分别为8场、5场", [("讲座", "8场"), ("展览", "5场")]),
    ],
)
def test_quantities(clause: str, values: list[tuple[str, str]], lexicon: Lexicon) -> None:
    assert values_of(clause, lexicon) == values
    assert all(one.is_number for one in read_named_values(clause, lexicon))


@pytest.mark.parametrize(
    ("clause", "values"),
    [
        ("村容村貌得到明显改善", [("村容村貌", "得到明显改善")]),
        ("救助标准不低于上年", [("救助标准", "不低于上年")]),
        ("亩均产量较上年提高", [("亩均产量", "较上年提高")]),
        ("竣工时间2023年10月底", [("竣工时间", "2023年10月底")]),
        ("补贴资金每月15日前发放", [("补贴资金", "每月15日前发放")]),
    ],
)
def test_outcomes_comparisons_and_times_are_no_numbers(
    clause: str, values: list[tuple[str, str]], lexicon: Lexicon
) -> None:
    assert values_of(clause, lexicon) == values
    assert not any(one.is_number for one in read_named_values(clause, lexicon))


@pytest.mark.parametrize(
    "clause",
    ["较上年提升1.2个百分点", "占全县60%", "完成率100%", "发放问卷200份", "完成年度计划的105%", "有关工作正在推进"],
)
def test_shares_surveys_and_narrative_name_nothing(clause: str, lexicon: Lexicon) -> None:
    assert values_of(clause, lexicon) == []
