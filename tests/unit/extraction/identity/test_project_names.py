"""The project's name, from the title and from the prose."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.unit.extraction.identity.identities import BODY, identity_of, value_of


class TestNameInTitle:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("西平县2021年度农田灌溉水渠建设项目绩效评价报告", "农田灌溉水渠建设项目"),
            ("2019年档案数字化建设经费项目资金绩效评价报告", "档案数字化建设经费"),
            ("南县2022年农机购置补贴项目支出绩效自评报告", "农机购置补贴项目"),
            ("盐边县气象局2020年度自动站运行维护费绩效自评报告", "自动站运行维护费"),
            ("柳河县应急管理局二○二一年度救灾物资储备项目绩效自评报告", "救灾物资储备项目"),
            ("隆德县2022年乡镇文化站免费开放专项资金项目绩效自评报告", "乡镇文化站免费开放专项资金项目"),
            ("现公开我镇20xx年度厕所改造项目绩效自评报告：", "厕所改造项目"),
            ("关于2023年义务教育营养膳食补助资金绩效自评情况的报告", "义务教育营养膳食补助资金"),
            ("关于《南县2022年水渠改造项目支出绩效自评报告》的公示", "水渠改造项目"),
            ("平远县2021年度公路养护专项资金财政重点绩效评价报告（摘要）", "公路养护专项资金"),
            ("南县2021年度危房改造资金绩效再评价报告", "危房改造资金"),
            ("南县2021年候车亭建设\n财政支出绩效评价结果", "候车亭建设"),
            ("南县20202021年度秸秆利用项目绩效自评报告", "秸秆利用项目"),
            ("南县财政支出重点评价公开\n柚果加工奖补专项资金重点绩效评价报告", "柚果加工奖补专项资金"),
            ("**区文化馆20××年非遗保护经费绩效自评报告", "非遗保护经费"),
        ],
    )
    def test_year_and_reporter_in_front_are_no_part_of_it(self, title: str, name: str, lexicon: Lexicon) -> None:
        assert value_of("project_name", title + BODY, lexicon) == name

    @pytest.mark.parametrize(
        "title",
        [
            "无为市安全饮水提升工程项目2021年度绩效自评报告",
            "2021-2024南县乡镇卫生院改造项目绩效评价报告",
        ],
    )
    def test_a_place_that_says_where_the_work_lies_stays(self, title: str, lexicon: Lexicon) -> None:
        name = str(value_of("project_name", title + BODY, lexicon))
        assert name.endswith("项目")
        assert "南县" in name or "无为市" in name

    def test_money_is_named_without_its_receiver_and_without_the_transfer(self, lexicon: Lexicon) -> None:
        assert (
            value_of("project_name", "无为市水库除险加固转移支付2022年度绩效自评报告" + BODY, lexicon) == "水库除险加固"
        )
        assert value_of("project_name", "南县就业补助资金2022年度绩效自评报告" + BODY, lexicon) == "就业补助资金"

    @pytest.mark.parametrize(
        "title", ["南县水利局2022年度项目支出绩效自评报告", "西平县2021年度中央转移支付资金绩效自评报告"]
    )
    def test_a_name_that_every_report_bears_is_none(self, title: str, lexicon: Lexicon) -> None:
        assert value_of("project_name", title + "\n一、项目概况\n严格管理。\n", lexicon) is None

    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("镜湖区残联中央转移支付2021年度绩效自评报告（残疾儿童康复救助资金）", "残疾儿童康复救助资金"),
            ("南县教育局项目支出绩效自评报告(校园足球专项经费)", "校园足球专项经费"),
        ],
    )
    def test_the_brackets_behind_a_general_title_name_the_fund(self, title: str, name: str, lexicon: Lexicon) -> None:
        assert value_of("project_name", title + BODY, lexicon) == name

    @pytest.mark.parametrize(
        ("lines", "name"),
        [
            ("西平县2021年度\n河道清淤整治项目绩效自评报告", "河道清淤整治项目"),
            ("西平县柳林河河道清淤\n工程项目2021年度绩效自评报告", "西平县柳林河河道清淤工程项目"),
        ],
    )
    def test_a_title_broken_over_two_lines_is_one(self, lines: str, name: str, lexicon: Lexicon) -> None:
        found = value_of("project_name", lines + BODY, lexicon)
        assert found == name or found == name.removeprefix("西平县")

    def test_a_section_of_the_site_is_no_half_title(self, lexicon: Lexicon) -> None:
        assert value_of("project_name", "预算绩效管理\n项目支出绩效自评报告\n一、项目概况\n无。\n", lexicon) is None


class TestNameInProse:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("一、概况\n2021年乡村道路加宽改造项目计划投资300万元，长8公里。\n", "乡村道路加宽改造项目"),
            ("南县交通局对2020年度中央财政农村客运补贴资金开展绩效自评：\n一、概况\n良好。\n", "农村客运补贴资金"),
            ("一、概况\n（一）下达农村厕所改造转移支付预算和绩效目标情况。\n已下达。\n", "农村厕所改造"),
            ("一、概况\n中央财政下达我县动物防疫补助资金120万元，其中耗材补助30万元。\n", "动物防疫补助资金"),
            ("一、概况\n下达2021年湖南省水利救灾资金40万元。\n", "2021年湖南省水利救灾资金"),
            ("一、概况\n下达南县厕所改造奖补资金40万元。\n", "厕所改造奖补资金"),
            ("四、自评得分\n村医补助项目最终得分96.5分。\n", "村医补助项目"),
            ("四、结论\n小型水库养护项目下达资金45万元，支付40万元。\n", "小型水库养护项目"),
            ("一、立项\n饮水工程养护项目按水农字11号要求申报。下达省级资金128万元。\n", "饮水工程养护项目"),
            ("一、概况\n县图书馆2019年实施“书香进村”阅读推广项目，覆盖12村。\n", "“书香进村”阅读推广项目"),
            ("一、概况\n良好。\n综上，南县2020年水厂改造项目自评总得分95分。\n", "水厂改造项目"),
            ("一、结论\n南县疾控中心2023年冷链设备更新项目到位资金128万元。\n", "冷链设备更新项目"),
            ("评价报告\n评价对象：南县林业局　2021年度国土绿化项目\n", "国土绿化项目"),
            ("评价报告\n评价对象为南县林业局国土绿化项目。\n", "国土绿化项目"),
            ("按要求，南县林业局组织开展了2022年森林管护补助资金绩效自评工作。\n", "森林管护补助资金"),
        ],
    )
    def test_what_the_money_is_called_is_the_name(self, text: str, name: str, lexicon: Lexicon) -> None:
        assert value_of("project_name", text, lexicon) == name

    def test_a_place_goes_where_the_prose_does_without_it(self, lexicon: Lexicon) -> None:
        title = "南县蜜桔产业提升工程绩效评价报告\n"
        assert value_of("project_name", f"{title}2020年设立蜜桔产业提升工程。\n", lexicon) == "蜜桔产业提升工程"
        assert value_of("project_name", f"{title}2020年设立。\n", lexicon) == "南县蜜桔产业提升工程"

    @pytest.mark.parametrize("text", ["下达专项资金20万元。", "全年实施项目共6个，下达道路养护资金20万元。"])
    def test_general_words_and_several_projects_give_no_name(self, text: str, lexicon: Lexicon) -> None:
        assert value_of("project_name", f"一、概况\n{text}\n", lexicon) is None


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("南县林业局2022年森林抚育补助资金绩效目标完成情况自查报告", "森林抚育补助资金"),
        ("南县林业局森林抚育补助资金2022年绩效自评总结。", "森林抚育补助资金"),
        ("我县2022年度森林抚育补助资金自评", "森林抚育补助资金"),
        ("南县 2 0 2 2 年 森 林 抚 育 补 助 绩 效 自 评 报 告", "森林抚育补助"),
        ("南县林业局关于2022年森林抚育项目资金使用情况的绩效自评报告", "森林抚育项目"),
        ("2022年度两个项目绩效自评报告", None),
    ],
)
def test_the_words_for_a_report_come_in_any_order(title: str, name: str | None, lexicon: Lexicon) -> None:
    values = identity_of(f"{title}\n{BODY}", lexicon).values
    assert (values.get("project_name"), values["fiscal_year"]) == (name, 2022)


class TestNameInAPiece:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("四、其他\n老旧小区改造补助资金执行率95.4%，其余结转下年。\n", "老旧小区改造补助资金"),
            ("四、其他\n2021年渠道维修资金计划80万元。\n", "渠道维修资金"),
            ("一、概况\n下达我县2023年重点文物修缮资金31万元，用于祠堂、古桥等12个项目。\n", "重点文物修缮资金"),
        ],
    )
    def test_the_money_that_a_rate_or_a_sum_is_told_of(self, text: str, name: str, lexicon: Lexicon) -> None:
        assert value_of("project_name", text, lexicon) == name

    @pytest.mark.parametrize(
        "text",
        [
            "四、其他\n省级补助资金执行率95.4%，计划资金320万元到位。\n",
            "四、其他\n主要用于购买设备等项目支出进度90%。\n",
            "一、概况\n下达我县民政项目资金310万元，共4个项目。\n",
        ],
    )
    def test_sources_purposes_and_several_projects_are_no_name(self, text: str, lexicon: Lexicon) -> None:
        assert value_of("project_name", text, lexicon) is None


def test_the_announcing_sentence_may_call_the_work_of_the_title_a_project(lexicon: Lexicon) -> None:
    title = "村庄污水治理绩效自评报告\n"
    assert (
        value_of("project_name", f"{title}现将村庄污水治理项目绩效自评情况报告如下：{BODY}", lexicon)
        == "村庄污水治理项目"
    )
    assert value_of("project_name", f"{title}村庄污水治理项目点多面广。{BODY}", lexicon) == "村庄污水治理"
