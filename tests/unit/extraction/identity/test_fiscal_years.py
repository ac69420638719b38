"""The fiscal year: where it is stated, and which of several it is."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.unit.extraction.identity.identities import BODY, identity_of, value_of


class TestYear:
    @pytest.mark.parametrize(
        ("text", "year"),
        [
            ("某局2020绩效自评报告" + BODY, 2020),
            ("道路项目绩效自评报告\n（2021年度）" + BODY, 2021),
            ("道路项目绩效自评报告\n项目起止时间  2016年1月起至2016年12月止" + BODY, 2016),
            ("项目名称：2022年茶园改造资金\n一、概况\n自2016年起设立，支出5万元。\n", 2022),
            ("二〇二一年度道路项目绩效自评报告" + BODY, 2021),
            ("项目名称：45112322T000000018264-2022年绿化管护经费\n一、概况\n支出2021年尾款4万元。\n", 2022),
            ("一、概况\n2023年1月下达5万元，截至2023年底支出5万元。\n", 2023),
            ("一、概况\n项目2019年试点投入8万元。\n综上，南县2020年水厂改造项目自评得分95分。\n", 2020),
            ("2021-2022年度道路项目绩效自评报告" + BODY, None),
            ("20212022年度道路项目绩效自评报告" + BODY, None),
            ("我镇20xx年度道路项目绩效自评报告" + BODY, None),
            ("道路项目绩效自评报告\n一、概况\n自评结果作为2025年预算安排的参考。\n", None),
            ("道路项目绩效自评报告\n一、概况\n压减2024年度预算5%。\n", None),
            ("道路项目绩效自评报告\n填报日期：2023年3月\n" + BODY, None),
            ("2022年重点评价报告\n评价对象：南县林业局2021年度国土绿化项目\n" + BODY, 2021),
            ("一、概况\n按《实施方案（2017-2020年）》，2019年下达8万元。\n", 2019),
        ],
    )
    def test_one_stated_year_or_none(self, text: str, year: int | None, lexicon: Lexicon) -> None:
        assert value_of("fiscal_year", text, lexicon) == year


def test_a_year_outside_the_report_is_not_its_year(lexicon: Lexicon) -> None:
    text = f"粮库改造项目绩效自评报告\n{BODY}2022年度批复。\n2021年度支出不在本次自评范围。\n"
    assert identity_of(text, lexicon).values["fiscal_year"] == 2022
