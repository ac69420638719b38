"""What counts as right, wrong, missed and extra."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from ingest.accuracy.comparing import Outcome, alikeness, compare_reports, normalise, pair_indicators
from ingest.accuracy.stated import StatedReport


def report(**label: Any) -> StatedReport:
    return StatedReport.of_label(label)


def line(stage: str, source: str, amount: object) -> dict[str, object]:
    return {"stage": stage, "source": source, "amount_yuan": amount}


def kinds(outcomes: list[Outcome], field: str) -> Counter[str]:
    return Counter(outcome.kind for outcome in outcomes if outcome.field == field)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("≥ 10 支", "≥10支"),
        ("（一）“数说”展厅", '(一)"数说"展厅'),
        ("【2020】8号", "[2020]8号"),
        ("１００％", "100%"),
        ("完成任务。", "完成任务"),
        ("1—12月", "1-12月"),
    ],
)
def test_texts_are_equal_whatever_their_punctuation_is_made_of(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_a_stop_inside_a_text_still_counts() -> None:
    assert normalise("99.5%") != normalise("995%")
    assert normalise("甲、乙") != normalise("甲乙")


def test_nothing_on_both_sides_does_not_count() -> None:
    assert list(compare_reports(report(unit=None, grade=""), report(unit=" "))) == []


def test_values_are_right_wrong_missed_or_extra() -> None:
    expected = report(fiscal_year=2023, unit="甲局", grade="优", region={"county": "盐边县"})
    got = report(fiscal_year=2022, unit="甲局", total_score=98, region={"county": "盐边县 "})
    found = {outcome.field: outcome.kind for outcome in compare_reports(expected, got)}
    assert found == {
        "fiscal_year": "wrong",
        "unit": "right",
        "region.county": "right",
        "grade": "missed",
        "total_score": "extra",
    }


def test_numbers_are_equal_by_value() -> None:
    [outcome] = compare_reports(report(total_score=Decimal("7.50")), report(total_score=Decimal("7.5")))
    assert outcome.kind == "right"


def test_a_year_that_one_side_leaves_out_makes_another_project_name() -> None:
    [outcome] = compare_reports(report(project_name="2023年金保工程"), report(project_name="金保工程"))
    assert outcome.kind == "wrong"


def test_funding_is_a_set_so_that_a_sum_stated_again_is_no_error() -> None:
    expected = report(funding=[line("executed", "total", 100), line("approved", "central", 100)])
    got = report(funding=[line("executed", "total", 100), line("executed", "total", Decimal("100.00"))])
    outcomes = list(compare_reports(expected, got))
    assert kinds(outcomes, "funding_amount") == {"right": 1}
    assert kinds(outcomes, "funding_line") == {"right": 1, "missed": 1}


def test_another_stage_of_the_right_sum_is_one_missed_and_one_extra_line() -> None:
    outcomes = list(
        compare_reports(report(funding=[line("received", "total", 5)]), report(funding=[line("executed", "total", 5)]))
    )
    assert kinds(outcomes, "funding_amount") == {"right": 1}
    assert kinds(outcomes, "funding_line") == {"missed": 1, "extra": 1}


def test_level_names_are_equal_without_their_last_word() -> None:
    outcomes = list(
        compare_reports(
            report(indicators=[{"name": "完成率", "level1": "产出"}]),
            report(indicators=[{"name": "完成率", "level1": "产出指标"}]),
        )
    )
    assert {outcome.kind for outcome in outcomes} == {"right"}


def test_an_indicator_with_a_slightly_different_name_keeps_its_values() -> None:
    outcomes = list(
        compare_reports(
            report(indicators=[{"name": "网络运行正常率达标", "target": "≥98%", "weight": 5}]),
            report(indicators=[{"name": "网络运行正常率达", "target": "≥98%", "score": 5}]),
        )
    )
    assert {outcome.field: outcome.kind for outcome in outcomes} == {
        "indicator_name": "wrong",
        "indicator_target": "right",
        "indicator_weight": "missed",
        "indicator_score": "extra",
    }


def test_an_indicator_of_another_name_is_missed_and_extra_in_all_its_values() -> None:
    outcomes = list(
        compare_reports(
            report(indicators=[{"name": "群众满意度", "target": "≥90%"}]),
            report(indicators=[{"name": "设备数量", "target": "≥90%"}]),
        )
    )
    assert kinds(outcomes, "indicator_target") == {"missed": 1, "extra": 1}


def test_rows_of_the_same_name_are_paired_by_their_values() -> None:
    expected = report(indicators=[{"name": "完成率", "target": "1"}, {"name": "完成率", "target": "2"}])
    got = report(indicators=[{"name": "完成率", "target": "2"}, {"name": "完成率", "target": "1"}])
    assert sorted(pair_indicators(expected.indicators, got.indicators)) == [(0, 1), (1, 0)]


def test_an_equal_name_is_paired_before_an_alike_one() -> None:
    expected = report(indicators=[{"name": "培训完成人数"}])
    got = report(indicators=[{"name": "培训完成人次"}, {"name": "培训完成人数"}])
    assert pair_indicators(expected.indicators, got.indicators) == [(0, 1)]
    assert 0.8 <= alikeness("培训完成人数", "培训完成人次") < 1
