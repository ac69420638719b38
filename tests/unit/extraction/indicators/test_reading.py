"""Indicators in prose: each manner of stating one, and what is none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.extraction.indicators.reading import read_indicators
from ingest.lexicon import Lexicon
from ingest.records import Indicator
from tests.support.report_sources import source_of

PERFORMANCE = "一、绩效目标完成情况\n"
GOALS = "一、项目绩效目标\n"
Row = tuple[str, str | None, str | None]


def indicators_of(text: str, lexicon: Lexicon) -> list[Indicator]:
    source = source_of(text, lexicon)
    indicators, _, _ = read_indicators(source, list(source.sentences()))
    for indicator in indicators:
        place = indicator.evidence
        assert source.text[place.start : place.end] == place.text
    return indicators


def rows_of(text: str, lexicon: Lexicon) -> list[Row]:
    return [(indicator.name, indicator.target, indicator.actual) for indicator in indicators_of(text, lexicon)]


class TestLabelledValues:
    @pytest.mark.parametrize(
        ("text", "row"),
        [
            ("渠道清淤长度年初指标值为不低于8公里，全年实际完成值9公里。", ("渠道清淤长度", "不低于8公里", "9公里")),
            ("渠道清淤，指标值≥8公里，完成值9公里。", ("渠道清淤", "≥8公里", "9公里")),
            ("改造面积年度目标0.8万亩，实际改造0.83万亩。", ("改造面积", "0.8万亩", "0.83万亩")),
            ("培训人数≥50人，完成52人。", ("培训人数", "≥50人", "52人")),
            ("校舍面貌目标有效改善，完成有效改善。", ("校舍面貌", "有效改善", "有效改善")),
            ("竣工时间计划2023年11月，实际2023年12月。", ("竣工时间", "2023年11月", "2023年12月")),
            ("每户补助标准年初指标值为260元/户，实际按该标准发放。", ("每户补助标准", "260元/户", "实际按该标准发放")),
        ],
    )
    def test_target_and_actual_are_kept_as_printed(self, text: str, row: Row, lexicon: Lexicon) -> None:
        assert rows_of(f"{PERFORMANCE}1、数量指标：{text}\n", lexicon) == [row]

    @pytest.mark.parametrize("mark", ["第一，", "①", "1）", "指标1：", "一是"])
    def test_the_mark_of_an_item_is_no_part_of_the_name(self, mark: str, lexicon: Lexicon) -> None:
        text = f"{PERFORMANCE}1、数量指标\n{mark}路灯目标值20盏，实际完成21盏。\n"
        assert rows_of(text, lexicon) == [("路灯", "20盏", "21盏")]

    def test_several_indicators_of_a_paragraph_are_told_apart(self, lexicon: Lexicon) -> None:
        text = (
            "数量指标：新建泵站目标值4座，实际完成4座；维修涵闸目标值6处，实际完成5处。\n"
            "质量指标：合格率≥95%，实际97%。\n"
        )
        assert rows_of(PERFORMANCE + text, lexicon) == [
            ("新建泵站", "4座", "4座"),
            ("维修涵闸", "6处", "5处"),
            ("合格率", "≥95%", "97%"),
        ]

    def test_values_are_shared_out_among_names(self, lexicon: Lexicon) -> None:
        text = "1、数量指标：受益乡镇、村目标值分别为6、48个，完成值分别为6、50个。\n"
        assert rows_of(PERFORMANCE + text, lexicon) == [("受益乡镇", "6", "6"), ("村", "48个", "50个")]

    def test_a_value_that_lost_its_number_is_null(self, lexicon: Lexicon) -> None:
        text = "数量指标：管护面积目标值万亩，实际完成万亩。\n"
        assert rows_of(PERFORMANCE + text, lexicon) == [("管护面积", None, None)]


class TestSecondValues:
    """What stands behind a first value of the same name is what was reached, or in brackets the other side."""

    @pytest.mark.parametrize(
        ("text", "row"),
        [
            ("疫苗接种率不低于95%，全县实际达到97.1%。", ("疫苗接种率", "不低于95%", "97.1%")),
            ("村民满意度90%以上，经回访为94%。", ("村民满意度", "90%以上", "94%")),
            ("应发放高龄津贴860人，实发858人。", ("发放高龄津贴", "860人", "858人")),
            ("到岗率≥98%，截至2022年底实际为99%。", ("到岗率", "≥98%", "99%")),
            ("资助学生1204人（目标1200人）。", ("资助学生", "1200人", "1204人")),
            ("修复堤防（目标3公里，实际3.1公里）。", ("修复堤防", "3公里", "3.1公里")),
            ("考核优良率目标85%以上、实际88%。", ("考核优良率", "85%以上", "88%")),
            ("完成时间为2023年11月底，实际完成时间2023年10月。", ("完成时间", "2023年11月底", "2023年10月")),
            ("储备点目标值12个，实际建成十二个。", ("储备点", "12个", "十二个")),
            ("照料水平稳步提升，实际稳步提升。", ("照料水平", "稳步提升", "稳步提升")),
            ("补助水平不低于上年，实际高于上年。", ("补助水平", "不低于上年", "高于上年")),
            ("放映合格率：≥98% 完成值 98%。", ("放映合格率", "≥98%", "98%")),
            ("防治率达92%，比目标值高2个百分点。", ("防治率", None, "92%")),
            ("2022年任务60户，实际完成危窑治理72户。", ("危窑治理", "60户", "72户")),
        ],
    )
    def test_they_are_told_apart(self, text: str, row: Row, lexicon: Lexicon) -> None:
        assert rows_of(f"{PERFORMANCE}1、数量指标：{text}\n", lexicon) == [row]

    def test_what_came_of_all_is_said_once(self, lexicon: Lexicon) -> None:
        text = f"{PERFORMANCE}成本指标：县道养护定额7000元/公里·年、村道养护定额900元/公里·年，均未突破；\n"
        assert rows_of(text, lexicon) == [
            ("县道养护定额", "7000元/公里·年", "均未突破"),
            ("村道养护定额", "900元/公里·年", "均未突破"),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "县级安排专项资金600万元，实际支出580万元。",
            "整合省级资金250万元，共计850万元。",
        ],
    )
    def test_money_against_money_is_funding(self, text: str, lexicon: Lexicon) -> None:
        assert rows_of(PERFORMANCE + text + "\n", lexicon) == []

    def test_a_survey_names_the_satisfaction(self, lexicon: Lexicon) -> None:
        text = f"{PERFORMANCE}农户满意度调查共发放问卷200份，收回187份，满意度86.1%。\n"
        assert rows_of(text, lexicon) == [("农户满意度", None, "86.1%")]

    def test_points_make_an_indicator_of_a_sentence_anywhere(self, lexicon: Lexicon) -> None:
        text = "巡查频次目标12次，完成12次，指标分值15分，得15分。\n办事效率目标明显提升，完成明显提升，得9分。\n"
        found = indicators_of(text, lexicon)
        assert [(one.name, one.weight, one.score) for one in found] == [
            ("巡查频次", Decimal(15), Decimal(15)),
            ("办事效率", None, Decimal(9)),
        ]


class TestGoalsAndTheirResults:
    def test_a_goal_and_its_result_are_one_indicator(self, lexicon: Lexicon) -> None:
        text = (
            f"{GOALS}承保水稻面积不少于15万亩，参保农户满意度85%以上。\n"
            "二、绩效目标完成情况\n承保面积15.6万亩，农户满意度90.4%。\n"
        )
        assert rows_of(text, lexicon) == [
            ("承保水稻面积", "不少于15万亩", "15.6万亩"),
            ("参保农户满意度", "85%以上", "90.4%"),
        ]

    def test_another_unit_is_another_thing(self, lexicon: Lexicon) -> None:
        text = f"{GOALS}培训村级医生40人。\n二、绩效目标完成情况\n培训村级医生3期。\n"
        assert rows_of(text, lexicon) == [("培训村级医生", "40人", None), ("培训村级医生", None, "3期")]


class TestValuesBehindNames:
    @pytest.mark.parametrize(
        ("text", "rows"),
        [
            ("新建垃圾房20个，路灯196盏。", [("新建垃圾房", None, "20个"), ("路灯", None, "196盏")]),
            ("工资发放率、道路完好率均达到100%。", [("工资发放率", None, "100%"), ("道路完好率", None, "100%")]),
            ("群众满意度均大于等于95%。", [("群众满意度", None, "大于等于95%")]),
            ("完成道路建设491米，已完成。", [("完成道路建设", "491米", "已完成")]),
        ],
    )
    def test_a_bare_value_is_actual_unless_something_came_of_it(
        self, text: str, rows: list[Row], lexicon: Lexicon
    ) -> None:
        assert rows_of(f"{PERFORMANCE}数量指标：{text}\n", lexicon) == rows

    @pytest.mark.parametrize(
        ("text", "rows"),
        [
            ("将火灾受害率控制在0.9‰以内。", [("火灾受害率", "0.9‰以内", None)]),
            (
                "年办件量不低于30万件，群众满意率98%以上。",
                [("年办件量", "不低于30万件", None), ("群众满意率", "98%以上", None)],
            ),
        ],
    )
    def test_under_goals_it_is_the_target(self, text: str, rows: list[Row], lexicon: Lexicon) -> None:
        assert rows_of(f"{GOALS}{text}\n", lexicon) == rows

    def test_a_list_of_goals_inside_a_paragraph_runs_to_its_full_stop(self, lexicon: Lexicon) -> None:
        text = "一、下达情况\n下达资金900万元，目标：一是筹集住房540套；二是发放租赁补贴224户。本镇共有12个村。\n"
        assert rows_of(text, lexicon) == [("筹集住房", "540套", None), ("发放租赁补贴", "224户", None)]

    def test_a_goal_that_an_indicator_states_again_counts_once(self, lexicon: Lexicon) -> None:
        text = f"{GOALS}制卡不少于240张。\n二、绩效目标完成情况\n数量指标：制卡数量目标值240张，实际完成251张。\n"
        assert rows_of(text, lexicon) == [("制卡数量", "240张", "251张")]

    def test_works_that_are_all_done_are_actual_values(self, lexicon: Lexicon) -> None:
        text = "一、概况\n建设内容为饮水工程:新建水池15个，管网16.5千米，均已完成。\n"
        assert rows_of(text, lexicon) == [("新建水池", None, "15个"), ("管网", None, "16.5千米")]


class TestOutcomesInWords:
    @pytest.mark.parametrize(
        ("text", "rows"),
        [
            (
                "社会效益指标：服务水平、出行便利程度有所提高。",
                [("服务水平", None, "有所提高"), ("出行便利程度", None, "有所提高")],
            ),
            ("质量指标：确保桥梁质量，已验收。", [("确保桥梁质量", None, "已验收")]),
        ],
    )
    def test_the_outcome_is_the_actual_value(self, text: str, rows: list[Row], lexicon: Lexicon) -> None:
        assert rows_of(f"{PERFORMANCE}{text}\n", lexicon) == rows

    def test_a_phrase_that_a_level_opens_is_an_indicator_without_values(self, lexicon: Lexicon) -> None:
        text = f"{PERFORMANCE}可持续影响指标延长渠道寿命；服务对象满意度指标农户满意度达到96%。\n"
        assert rows_of(text, lexicon) == [("延长渠道寿命", None, None), ("农户满意度", None, "96%")]


class TestLevels:
    @pytest.mark.parametrize(
        ("text", "levels"),
        [
            ("1、产出指标\n数量指标：新建水池15个。", ("产出指标", "数量指标")),
            ("1、产出指标\n数量指标\n新建水池15个。", ("产出指标", "数量指标")),
            ("1、产出数量指标：新建水池15个。", ("产出", "数量指标")),
            ("满意度指标：农户满意度96%。", ("满意度指标", None)),
            ("1、产出情况\n新建水池15个。", (None, None)),
        ],
    )
    def test_they_come_from_headings_and_from_the_head_of_the_sentence(
        self, text: str, levels: tuple[str | None, str | None], lexicon: Lexicon
    ) -> None:
        indicator = indicators_of(f"{PERFORMANCE}{text}\n", lexicon)[0]
        assert (indicator.level1, indicator.level2) == levels


class TestPointsInHeadings:
    TEXT = (
        "一、投入（14分）\n（一）项目立项（8分）：\n（1）立项规范性（5分）\n程序合规。自评得5分。\n"
        "（2）目标合理性（3分）：\n目标明确，自评得2.5分。\n（二）资金落实（6分）：\n到位及时。自评得6分。\n"
    )

    def test_the_innermost_heading_is_the_indicator(self, lexicon: Lexicon) -> None:
        read = [(one.level1, one.level2, one.name, one.weight, one.score) for one in indicators_of(self.TEXT, lexicon)]
        assert read == [
            ("投入", "项目立项", "立项规范性", Decimal(5), Decimal(5)),
            ("投入", "项目立项", "目标合理性", Decimal(3), Decimal("2.5")),
            ("投入", "资金落实", "资金落实", Decimal(6), Decimal(6)),
        ]

    def test_points_without_scores_and_the_execution_row_are_none(self, lexicon: Lexicon) -> None:
        assert indicators_of("一、产出指标（50分）\n完成较好。\n二、效益指标（30分）\n良好。\n", lexicon) == []
        text = self.TEXT + "（三）预算执行率（4分）：\n执行率92%，自评得3.68分。\n"
        assert "预算执行率" not in [one.name for one in indicators_of(text, lexicon)]

    def test_a_sentence_below_takes_name_and_weight_from_its_heading(self, lexicon: Lexicon) -> None:
        text = (
            "（一）产出（20分）\n1.产出数量（10分）：\n（1）改造农家书屋（10分）：计划改造42个，实际改造43个，自评得10分；\n"
            "2.产出质量（10分）：验收合格率（10分）：计划100%，实际99%，自评得9.9分。\n"
        )
        found = indicators_of(text, lexicon)
        assert [(one.level1, one.level2, one.name, one.weight, one.score) for one in found] == [
            ("产出", "产出数量", "改造农家书屋", Decimal(10), Decimal(10)),
            ("产出", "产出质量", "验收合格率", Decimal(10), Decimal("9.9")),
        ]

    def test_of_two_headings_above_a_sentence_the_inner_one_names_it(self, lexicon: Lexicon) -> None:
        text = (
            "一、绩效目标完成情况\n（一）产出管理（20分）\n1.过程情况说明\n（1）制度健全（5分）\n"
            "水渠数量目标值20座，实际完成20座。得5分。\n（二）效益（10分）\n得8分。\n"
        )
        first, second = indicators_of(text, lexicon)
        assert (first.name, first.target, first.weight, first.score) == ("制度健全", "20座", Decimal(5), Decimal(5))
        assert (second.name, second.weight, second.score) == ("效益", Decimal(10), Decimal(8))

    def test_a_rate_in_the_text_is_the_value_of_its_heading(self, lexicon: Lexicon) -> None:
        text = (
            "1.资金到位率（4分）\n资金全部到位，到位率100%。自评得4分。\n2.制度健全性（4分）\n制度齐全，自评得4分。\n"
        )
        assert rows_of(text, lexicon) == [("资金到位率", None, "100%"), ("制度健全性", None, None)]


def test_what_was_built_counts_under_the_implementation_too(lexicon: Lexicon) -> None:
    text = "一、项目实施情况\n2021年3月开工，工期210天，召开会议5次。新建渡槽3座，改造提灌站2处。\n"
    assert rows_of(text, lexicon) == [("新建渡槽", None, "3座"), ("改造提灌站", None, "2处")]


class TestPlainProse:
    @pytest.mark.parametrize(
        "text",
        [
            "一、概况\n全镇有12个村，人口3万人，耕地5万亩。\n",
            f"{PERFORMANCE}补助资金30万元，用于清淤。\n",
            f"{PERFORMANCE}因灾情严重，实际清淤数超任务43%。\n",
            f"{PERFORMANCE}完成率100%，资金支付率95%。\n",
            "一、概况\n计划投资100万元，实际支出95万元。\n",
            f"{PERFORMANCE}数量指标：渠道清淤，目标值见附表。\n",
            f"{PERFORMANCE}1、产出指标自评得分48分。\n",
        ],
    )
    def test_numbers_of_the_narrative_are_no_indicators(self, text: str, lexicon: Lexicon) -> None:
        assert rows_of(text, lexicon) == []


def test_a_sentence_that_names_other_money_is_left_for_the_funding(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}数量指标：路灯目标值2盏，实际完成2盏，支付7万元。单价目标值3万元，实际完成3万元。\n"
    source = source_of(text, lexicon)
    _, _, rest = read_indicators(source, list(source.sentences()))
    assert ["支付7万元" in sentence.text for sentence in rest] == [True]


def test_only_values_with_both_labels_are_sure(lexicon: Lexicon) -> None:
    sure, unsure = indicators_of(f"{PERFORMANCE}数量指标：路灯目标值2盏，实际完成2盏；水池15个。\n", lexicon)
    assert sure.evidence.confidence >= 0.9 > unsure.evidence.confidence


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("铺设管道。目标6公里。完成5公里。", ("铺设管道", "6公里", "5公里")),
        ("1.铺设管道。年度目标6公里，全年完成5公里。", ("铺设管道", "6公里", "5公里")),
        ("施工周期（≤9个月）：8个月。", ("施工周期", "≤9个月", "8个月")),
        ("目标人数40人，实际培训人数43人；", ("培训人数", "40人", "43人")),
        ("铺设管道任务6公里，实施6.2公里；", ("铺设管道", "6公里", "6.2公里")),
        ("示范园应建4个，建成3个；", ("示范园", "4个", "3个")),
        ("管网漏损率应低于9%，为8.4%；", ("管网漏损率", "低于9%", "8.4%")),
        ("铺设管道6.2公里，为任务数6公里的103%；", ("铺设管道", "6公里", "6.2公里")),
        ("用水户满意度94%，高于90%的目标值。", ("用水户满意度", "90%", "94%")),
        ("用水户满意度94%，高于目标值（90%）4个百分点。", ("用水户满意度", "90%", "94%")),
        ("“用水户满意度”指标，预期指标值≥90%，实际完成值94%。", ("用水户满意度", "≥90%", "94%")),
        ("用水户知晓率目标90%，实际因未开展调查，无法提供；", ("用水户知晓率", "90%", None)),
    ],
)
def test_a_target_is_set_against_what_was_reached(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}{text}\n", lexicon) == [row]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("亩均用水量同比下降4.5%。", ("亩均用水量", None, "同比下降4.5%")),
        ("自来水普及率由81%提高到92%。", ("自来水普及率", None, "由81%提高到92%")),
        ("运输成本降低一成。", ("运输成本", None, "降低一成")),
    ],
)
def test_how_far_something_changed_is_its_value(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}{text}\n", lexicon) == [row]


def test_a_sum_is_a_result_only_where_it_was_earned(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}经济效益指标：年节约水费12万元，补助资金30万元。\n"
    assert rows_of(text, lexicon) == [("年节约水费", None, "12万元")]


def test_days_and_wishes_are_goals_in_a_list_of_goals(lexicon: Lexicon) -> None:
    text = f"{GOALS}1、2023年9月底前完成竣工验收；\n2、用户投诉量明显减少。\n"
    assert rows_of(text, lexicon) == [
        ("完成竣工验收", "2023年9月底前", None),
        ("用户投诉量", "明显减少", None),
    ]


def test_headings_inside_a_paragraph_part_goals_from_results(lexicon: Lexicon) -> None:
    text = (
        "我局自评如下。一是任务。按照县里下达的计划，改造泵站3座。二是完成。全年改造泵站4座。"
        "三是困难。缺少技术人员2名。\n"
    )
    assert rows_of(text, lexicon) == [("改造泵站", "3座", "4座")]


def test_activities_on_the_way_are_no_results(lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}全县召开调度会6次，现场督查12次，印发通报3期。\n", lexicon) == []


def test_a_value_with_a_rest_of_words_is_not_sure(lexicon: Lexicon) -> None:
    (indicator,) = indicators_of(f"{PERFORMANCE}铺设管道目标值6公里，实际完成值约为预计的一半。\n", lexicon)
    assert indicator.evidence.confidence < 0.9
