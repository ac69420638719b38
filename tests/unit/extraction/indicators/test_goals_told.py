"""Goals and results that sentences tell without a column's heading before each value."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.unit.extraction.indicators.test_reading import GOALS, PERFORMANCE, Row, rows_of


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("栽植苗木2万株的目标，实际只完成了1.7万株。", ("栽植苗木", "2万株", "1.7万株")),
        ("新建便民桥6座的任务全部完成。", ("新建便民桥", "6座", "全部完成")),
        ("苗木成活率达90%的目标没有实现，抽检结果为84.2%。", ("苗木成活率", "90%", "84.2%")),
        ("完成了维修水窖40口的年度任务。", ("维修水窖", "40口", "完成")),
    ],
)
def test_a_value_told_as_a_goal_is_the_target(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text + "\n", lexicon) == [row]


def test_a_sum_told_as_a_goal_is_none(lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}筹措资金500万元的目标如期实现。\n", lexicon) == []


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("亩产小麦≥450公斤，测产468公斤。", [("亩产小麦", "≥450公斤", "468公斤")]),
        ("住户满意度≥88%，问卷结果91%。", [("住户满意度", "≥88%", "91%")]),
        ("新增床位45张，比年初确定的40张多5张。", [("新增床位", "40张", "45张")]),
        ("录入卡片十二万条，超过年初确定的十一万条。", [("录入卡片", "十一万条", "十二万条")]),
        ("出租率为71%，入住率为69.5%，均低于80%的目标值。", [("出租率", "80%", "71%"), ("入住率", "80%", "69.5%")]),
        (
            "达标率96%，用水户满意度93%，均达到90%的年初目标。",
            [("达标率", "90%", "96%"), ("用水户满意度", "90%", "93%")],
        ),
    ],
)
def test_what_was_found_and_what_it_is_measured_by(text: str, rows: list[Row], lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text + "\n", lexicon) == rows


def test_a_share_of_the_goal_is_not_the_goal(lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}改造厨房100户，完成90%的目标。\n", lexicon) == [("改造厨房", None, "100户")]


def test_one_value_for_several_names(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}农户满意率、商户满意率都在92%以上。\n"
    assert rows_of(text, lexicon) == [("农户满意率", None, "92%以上"), ("商户满意率", None, "92%以上")]


def test_the_result_may_be_a_sentence_of_its_own(lexicon: Lexicon) -> None:
    text = (
        f"{PERFORMANCE}（一）目标：快递进村覆盖率≥85%。实绩：88.4%。\n（二）目标：培训≥1,500人次。实际：1,620人次。\n"
    )
    assert rows_of(text, lexicon) == [("快递进村覆盖率", "≥85%", "88.4%"), ("培训", "≥1,500人次", "1,620人次")]


def test_a_rate_that_is_no_indicator_alone_is_one_with_a_target(lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}产出指标：当年完工率98%（计划100%）。\n", lexicon) == [("当年完工率", "100%", "98%")]
    assert rows_of(f"{PERFORMANCE}产出指标：当年完工率98%。\n", lexicon) == []


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("2022年10月底前通车，未完成。", ("通车", "2022年10月底前", "未完成")),
        ("2023年8月20日完工，比原计划的9月30日提前41天。", ("完工", "9月30日", "2023年8月20日")),
        ("每季度末前拨付到位。", ("拨付到位", None, "每季度末前")),
        ("2023年10月底前完成，实际9月18日完成。", ("2023年10月底前完成", "2023年10月底前", "9月18日完成")),
    ],
)
def test_under_timeliness_a_day_is_a_value(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}时效指标：{text}\n", lexicon) == [row]


class TestGoalsBeforeTheWork:
    @pytest.mark.parametrize("lead", ["任务为", "绩效目标是", "建设内容：", "2023年目标任务为"])
    def test_they_are_targets(self, lead: str, lexicon: Lexicon) -> None:
        text = f"一、项目概况\n下达我县资金300万元，{lead}改造泵站3座，受益农户860户。\n"
        assert rows_of(text, lexicon) == [("改造泵站", "3座", None), ("受益农户", "860户", None)]

    def test_their_results_further_down_are_joined(self, lexicon: Lexicon) -> None:
        text = (
            f"一、项目概况\n目标为改造泵站3座，开展村医培训2期80人次。\n{PERFORMANCE}改造泵站4座；培训2期、85人次。\n"
        )
        assert rows_of(text, lexicon) == [("改造泵站", "3座", "4座"), ("开展村医培训", "2期80人次", "2期、85人次")]

    def test_one_goal_alone_is_no_list(self, lexicon: Lexicon) -> None:
        text = "一、项目概况\n目标是支持5类对象，完成2022年度60户计划任务。\n"
        assert rows_of(text, lexicon) == []

    def test_a_chapter_of_goals_may_tell_results(self, lexicon: Lexicon) -> None:
        text = f"{GOALS}数量指标：计划改造户厕90户，实际改造88户；\n质量指标：验收合格率100%；\n"
        assert rows_of(text, lexicon) == [("改造户厕", "90户", "88户"), ("验收合格率", None, "100%")]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("用户日均停电时长由1.8小时降到0.5小时。", ("用户日均停电时长", None, "0.5小时")),
        ("管网漏损率降到11%以内。", ("管网漏损率", None, "11%以内")),
        ("硬化村道十二公里。", ("硬化村道", None, "十二公里")),
        ("受益群众4200人出行更加便利。", ("受益群众4200人出行", None, "更加便利")),
        ("应保人员参保率99%。", ("应保人员参保率", None, "99%")),
    ],
)
def test_values_behind_their_names(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text + "\n", lexicon) == [row]


@pytest.mark.parametrize(
    "text",
    [
        "问卷发放120份。",
        "浏览次数：325次",
        "验收报告2份，专家组打分91分。",
        "入户抽查不低于20%。",
        "各项指标均达到或超过年初设定值。",
    ],
)
def test_what_stands_beside_the_results_is_none(text: str, lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text + "\n", lexicon) == []


def test_praise_of_the_whole_is_no_indicator(lexicon: Lexicon) -> None:
    text = "一、总体绩效目标完成情况\n供水保障能力进一步提高，新打机井4眼。\n"
    assert rows_of(text, lexicon) == [("新打机井", None, "4眼")]


class TestPlainProse:
    def test_works_in_a_row_and_satisfaction_are_told_anywhere(self, lexicon: Lexicon) -> None:
        text = "一、村级戏台改造\n更换屋面瓦860平方米，新增灯具24盏，观众满意度97%。\n"
        assert rows_of(text, lexicon) == [
            ("更换屋面瓦", None, "860平方米"),
            ("新增灯具", None, "24盏"),
            ("观众满意度", None, "97%"),
        ]

    def test_a_price_parts_no_goal_from_its_result(self, lexicon: Lexicon) -> None:
        text = "一、村级戏台改造\n计划改造戏台6座，每座3万元，实际改造5座。\n"
        assert rows_of(text, lexicon) == [("改造戏台", "6座", "5座")]
