"""Who reports on what, where and for which year: each mechanism on texts written for the purpose."""

from __future__ import annotations

import pytest

from ingest.extraction.identity.reading import Identity, read_identity
from ingest.extraction.identity.regions import chain_of, find_places, superiors
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon
from ingest.reading.text import read_text
from ingest.records import Region

BODY = "\n一、项目概况\n（一）资金情况\n已支付18万元。\n"


def identity_of(text: str, lexicon: Lexicon) -> Identity:
    source = ReportSource.of(read_text(text.encode(), "a.txt"), lexicon)
    return read_identity(source, list(source.sentences()))


def value_of(field: str, text: str, lexicon: Lexicon) -> object:
    return identity_of(text, lexicon).values.get(field)


def region_of(text: str, lexicon: Lexicon) -> tuple[str | None, str | None, str | None]:
    region = identity_of(text, lexicon).values["region"]
    assert isinstance(region, Region)
    return region.province, region.city, region.county


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
            ("一、概况\n县图书馆2019年实施“书香进村”阅读推广项目，覆盖12村。\n", "“书香进村”阅读推广项目"),
            ("一、概况\n良好。\n综上，南县2020年水厂改造项目自评总得分95分。\n", "水厂改造项目"),
            ("按要求，南县林业局组织开展了2022年森林管护补助资金绩效自评工作。\n", "森林管护补助资金"),
        ],
    )
    def test_what_the_money_is_called_is_the_name(self, text: str, name: str, lexicon: Lexicon) -> None:
        assert value_of("project_name", text, lexicon) == name

    @pytest.mark.parametrize("text", ["下达专项资金20万元。", "全年实施项目共6个，下达道路养护资金20万元。"])
    def test_general_words_and_several_projects_give_no_name(self, text: str, lexicon: Lexicon) -> None:
        assert value_of("project_name", f"一、概况\n{text}\n", lexicon) is None


class TestCodes:
    def test_a_code_glued_to_the_project_is_in_its_name_and_apart(self, lexicon: Lexicon) -> None:
        values = identity_of(
            "项目名称：51052522T000005510987-松林养护\n项目单位：305001-南县林业局" + BODY, lexicon
        ).values
        assert values["project_name"] == "51052522T000005510987-松林养护"
        assert values["project_code"] == "51052522T000005510987"
        assert values["unit"] == "南县林业局"


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
            ("我镇20xx年度道路项目绩效自评报告" + BODY, None),
            ("一、概况\n按《实施方案（2017-2020年）》，2019年下达8万元。\n", 2019),
        ],
    )
    def test_one_stated_year_or_none(self, text: str, year: int | None, lexicon: Lexicon) -> None:
        assert value_of("fiscal_year", text, lexicon) == year


class TestRegion:
    @pytest.mark.parametrize(
        ("text", "region"),
        [
            ("岳阳市南湖新区环卫项目绩效自评报告" + BODY, (None, "岳阳市", "南湖新区")),
            ("天津市绿道工程绩效自评报告\n来源：天津市东丽区财政局" + BODY, ("天津市", None, "东丽区")),
            ("西平县水利局对水渠资金作了自评。\n一、依据\n河南省水利厅下达8万元。\n", ("河南省", None, "西平县")),
            ("西平县水利局对水渠资金作了自评。\n一、依据\n湖南省水利厅下达8万元。\n", (None, None, "西平县")),
            ("一、概况\n经甘孜州人民政府批准，支出5万元。\n", (None, "甘孜州", None)),
            ("一、概况\n按《四川省公路条例》，我县支出5万元。\n", (None, None, None)),
            ("一、概况\n综上，颍上县2020年厨房改造项目自评得分95分。\n", (None, None, "颍上县")),
            ("一、概况\n我区按《宣州区危房改造办法》发放5万元。\n", (None, None, "宣州区")),
            ("一、概况\n我市下达资金：磴口县5万元；五原县6万元。\n", (None, None, None)),
        ],
    )
    def test_places_of_the_reporting_body_as_written(
        self, text: str, region: tuple[str | None, str | None, str | None], lexicon: Lexicon
    ) -> None:
        assert region_of(text, lexicon) == region

    def test_districts_that_are_everyday_words_need_their_city(self) -> None:
        assert [place.name for place in find_places("城区道路与阳泉市城区道路")] == ["阳泉市", "城区"]

    def test_only_places_that_hold_the_county_are_above_it(self, lexicon: Lexicon) -> None:
        chain = chain_of("盐边县水利局", lexicon)
        assert [place.name for place in superiors(chain, "四川省攀枝花市与河南省")] == ["四川省", "攀枝花市"]


def test_every_value_points_to_its_characters(lexicon: Lexicon) -> None:
    text = "西平县水利局2021年度水渠清淤项目绩效自评报告" + BODY
    for place in identity_of(text, lexicon).places.values():
        assert text[place.start : place.end] == place.text


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


def test_a_labelled_year_and_a_label_on_a_line_with_its_value(lexicon: Lexicon) -> None:
    text = f"绩效自评报告\n项目名称 农村公厕\n实施单位 南县农业农村局\n自评年度：2023\n{BODY}"
    values = identity_of(text, lexicon).values
    assert (values["project_name"], values["unit"], values["fiscal_year"]) == ("农村公厕", "南县农业农村局", 2023)


def test_a_year_outside_the_report_is_not_its_year(lexicon: Lexicon) -> None:
    text = f"粮库改造项目绩效自评报告\n{BODY}2022年度批复。\n2021年度支出不在本次自评范围。\n"
    assert identity_of(text, lexicon).values["fiscal_year"] == 2022


def test_a_city_of_another_body_does_not_complete_the_region(lexicon: Lexicon) -> None:
    text = f"金乡县交通运输局\n公路养护资金绩效自评报告\n{BODY}济宁市级配套8万元，济宁市财政局下达。\n"
    assert identity_of(text, lexicon).values["region"].city is None
