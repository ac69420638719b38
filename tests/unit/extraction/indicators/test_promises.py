"""What was to be done and what came of it, told without the headings of columns."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.unit.extraction.indicators.test_reading import PERFORMANCE, Row, indicators_of, rows_of


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("年初计划疏通排水管42公里，截至12月底已疏通40.5公里。", ("疏通排水管", "42公里", "40.5公里")),
        ("批复购置洒水车6辆，到位5辆。", ("购置洒水车", "6辆", "5辆")),
        ("应配备护林巡查员14名，现有巡查员9名，尚缺5名。", ("配备护林巡查员", "14名", "9名")),
        ("1.应换发居住证6.4万张，换发6.21万张。", ("换发居住证", "6.4万张", "6.21万张")),
        ("拟建农家书屋3座，因选址有争议，仅建成1座。", ("建农家书屋", "3座", "1座")),
        ("计划修复山塘2座，3月开工，修复山塘2座。", ("修复山塘", "2座", "2座")),
        ("计划修建水窖18口，全部建成。", ("修建水窖", "18口", "全部建成")),
        ("计划修建水窖18口。", ("修建水窖", "18口", None)),
        ("计划于2022年10月底前完工，实际于11月15日完工。", ("完工", "2022年10月底前", "11月15日完工")),
        ("水窖完好率（≥95%），已达96%。", ("水窖完好率", "≥95%", "96%")),
        ("投用时间（2023年12月底），2023年12月25日。", ("投用时间", "2023年12月底", "2023年12月25日")),
        ("全年接待游客31万人次，远超28万人次的年度目标。", ("接待游客", "28万人次", "31万人次")),
    ],
)
def test_a_promise_and_its_result_are_one_indicator(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text + "\n", lexicon) == [row]


@pytest.mark.parametrize("name", ["应急物资储备点", "共建共治小区", "需水井", "应届生见习岗位", "可再生能源项目"])
def test_a_word_that_begins_like_a_lead_belongs_to_the_name(name: str, lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}{name}12个。\n", lexicon) == [(name, None, "12个")]


def test_of_a_rate_the_word_that_promises_is_part_of_the_name(lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + "应检牲畜检疫率95.2%。\n", lexicon) == [("应检牲畜检疫率", None, "95.2%")]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("按期足额发放率，指标值为100%，实际为99%。", ("按期足额发放率", "100%", "99%")),
        ("为困境儿童发放补贴，指标值为420人，实际发放436人。", ("为困境儿童发放补贴", "420人", "436人")),
        ("完好率，年度指标100%，全年完成98%。", ("完好率", "100%", "98%")),
        ("水井数：计划数41眼；完成数40眼。", ("水井数", "41眼", "40眼")),
        ("指标1为护理员人数，目标68人，年底在岗67人，扣1分。", ("护理员人数", "68人", "67人")),
        ("二级指标“护理床位”目标420张，完成398张。", ("护理床位", "420张", "398张")),
        ("共设3项：一是培训护工不少于60人次，实际培训62人次。", ("培训护工", "不少于60人次", "62人次")),
        ("扶助标准每人每年960元，按标准执行。", ("扶助标准", "每人每年960元", "按标准执行")),
        ("人均每月巡河不少于22天。", ("人均每月巡河", None, "不少于22天")),
    ],
)
def test_a_name_is_known_by_what_stands_around_it(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text + "\n", lexicon) == [row]


@pytest.mark.parametrize(
    "text",
    [
        "随机访问居民120人，满意的113人。",
        "本项目绩效目标共9个，全部完成7个，部分完成2个。",
        "较计划延后15天，比计划提前10天。",
        "入户抽查不低于30%。",
        "偏差率4.6%。",
        "计划下年度再改造水渠5公里。",
    ],
)
def test_surveys_counts_of_goals_and_comparisons_are_none(text: str, lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text + "\n", lexicon) == []


@pytest.mark.parametrize(
    "text",
    [
        "护工改造任务53户，实际完成52户。",
        "4.满意度。游客满意度目标90%，实际86%。",
        "护理员目标68人，年底在岗67人。",
    ],
)
def test_what_may_be_read_in_another_way_is_not_sure(text: str, lexicon: Lexicon) -> None:
    assert {one.evidence.confidence < 0.9 for one in indicators_of(PERFORMANCE + text + "\n", lexicon)} == {True}
