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
            ("填报单位:南县水利局(公章)\n", "南县水利局"),
            ("填报单位：南县水利局（盖章） 填报日期：2023年3月\n", "南县水利局"),
            ("南县图书馆古籍修复项目绩效自评报告\n县图书馆按要求采购设备。\n", "南县图书馆"),
            ("南县第一中学课桌更新项目绩效自评报告\n我校购置课桌。\n", "南县第一中学"),
            ("南县自然资源局文件\n关于报送2021年造林资金绩效自评报告的函\n", "南县自然资源局"),
            ("自评报告\n我镇（南县乌嘴镇）2021年实施道路项目4个。\n", "南县乌嘴镇"),
            ("自评报告\n南县水利局（以下简称我局）现对道路项目自评。\n", "南县水利局"),
            ("一、结论\n南县疾控中心2023年冷链设备项目到位资金128万元。\n", "南县疾控中心"),
            ("评价报告\n评价对象：南县林业局　2021年度国土绿化项目\n", "南县林业局"),
            ("南县财政局关于供水管网项目的绩效评价报告\n项目由南县水务公司承担，第三方评价。\n", "南县水务公司"),
            ("自评报告\n南县光荣院在院老人43人，本院每人每月伙食费600元。\n", "南县光荣院"),
            ("一、概况\n南县教育局2022年学生营养改善补助资金用于早餐、午餐两项。\n", "南县教育局"),
            ("自评报告\n全县新建机井62眼，县水利局负责组织，县财政局负责拨付。\n", "县水利局"),
            ("自评报告\n县图书馆2019年实施古籍修复项目，投入20万元。\n", "县图书馆"),
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


@pytest.mark.parametrize(
    "text",
    [
        "南县图书馆建设项目绩效自评报告\n项目位于城东。\n",
        "南县财政局2022年下达专项资金，用于道路。\n",
        "填报单位：万元\n",
        "自评报告\n南县财政局2021年3月下达我局农田水利资金100万元。\n",
        "自评报告\n南县水利局文件要求我局落实渠道维修。\n",
        "自评报告\n由县住建局牵头实施道路，县水利局负责管网。\n",
        "自评报告\n县农业农村局负责监督，县审计局负责审计。\n",
        "自评报告\n市场供应部负责采购。\n",
    ],
)
def test_a_building_a_payer_and_a_unit_of_money_are_no_reporting_body(text: str, lexicon: Lexicon) -> None:
    assert value_of("unit", text + BODY, lexicon) is None
