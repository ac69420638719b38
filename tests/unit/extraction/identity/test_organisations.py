"""Which organisation reports."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.unit.extraction.identity.identities import BODY, value_of


class TestUnit:
    @pytest.mark.parametrize(
        ("text", "unit"),
        [
            ("填报单位：南县财政局\n项目实施单位：南县水利局\n", "南县水利局"),
            ("镜湖区残联2023年度康复资金绩效自评报告\n", "镜湖区残联"),
            ("西平县林业局对2022年造林资金作了自评，总结如下：\n", "西平县林业局"),
            ("******街道对2024年道路补助资金开展自评，报告如下：\n", "******街道"),
            ("项目绩效自评报告\n来源：临河区民政局 浏览次数：3\n", "临河区民政局"),
            ("南县卫健委关于2022年药品零差率补助资金的绩效自评报告\n", "南县卫健委"),
            ("****委组织部2023年部门整体支出绩效自评报告\n", "****委组织部"),
            ("自评报告\n现将南县民政局2022年度救助资金自评情况报告如下：\n", "南县民政局"),
            ("自评报告\n南县文旅局收到补助资金100万元。\n", "南县文旅局"),
            ("会计师事务所对南县城管局实施的2021年环卫项目开展了绩效评价。\n", "南县城管局"),
            ("评估公司受第三方委托，对南县教育局2020年校舍项目开展了绩效评价。\n", "南县教育局"),
        ],
    )
    def test_the_body_that_acts_reports_or_publishes(self, text: str, unit: str, lexicon: Lexicon) -> None:
        assert value_of("unit", text + BODY, lexicon) == unit

    @pytest.mark.parametrize("publisher", ["南县财政局", "大声道", "无为市襄安镇"])
    def test_the_finance_bureau_or_a_site_publishes_for_others(self, publisher: str, lexicon: Lexicon) -> None:
        assert value_of("unit", f"道路项目绩效自评报告\n来源：{publisher}{BODY}", lexicon) is None

    def test_the_name_that_closes_the_text_is_the_unit(self, lexicon: Lexicon) -> None:
        assert value_of("unit", f"道路项目绩效自评报告{BODY}南县交通局\n2023年3月1日\n", lexicon) == "南县交通局"
