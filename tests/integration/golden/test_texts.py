"""Rules on texts, dates and many reports: reports whose answers a person has worked out."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from tests.support.dbt_runs import one, rows
from tests.support.golden_specimens import MAINTENANCE, PUBLISHED, SAMPLE, YANBIAN, specimens

OF_ONE_TEXT = ("E1", "E2", "E3", "E4", "E5", "E6", "E7", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8")
# What fires on the two reports, as retold in the samples and as published; every other rule of E and F must not.
FIRES: Mapping[str, Mapping[str, tuple[str, int, str]]] = {
    YANBIAN: {
        "E3": ("I", 1, "重复字数="),
        "E7": ("I", 1, "流程图被打散成行=3"),
        "F2": ("I", 1, "评价日期=2021-09-03；年度终了=2020-12-31"),
        "F3": ("W", 1, "资金批复或拨付=2020-09"),
        "F6": ("I", 1, "只有文字，没有自评表"),
        "F7": ("W", 2, "中国电信股份有限公司攀枝花分公司"),
    },
    MAINTENANCE: {
        "E5": ("I", 3, "措施及办法"),
        "E6": ("I", 1, "处数=7"),
        "E7": ("I", 4, "序号样式不一致"),
        "F5": ("E", 2, "县=未写；线索=自治区"),
    },
}
NOT_EVALUABLE: Mapping[str, Mapping[str, str]] = {
    YANBIAN: {"E1": "no_previous_year", "E4": "no_goal_or_result"},
    MAINTENANCE: {
        "E1": "no_previous_year", "E2": "no_region", "F1": "no_date", "F2": "no_date", "F3": "no_month_of_approval",
        "F7": "no_payment_facts",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def answers(marts: duckdb.DuckDBPyConnection) -> Mapping[tuple[str, str], dict[str, Any]]:
    """(name, rule) → its row in fct_red_flag."""
    by_document = {record.document.sha256: name for name, record in specimens().items()}
    return {
        (by_document[row["document_id"]], row["rule_id"]): row
        for row in rows(marts, "select * from marts.fct_red_flag")
        if row["document_id"] in by_document
    }


Answers = Mapping[tuple[str, str], dict[str, Any]]


# --- the two reports


@pytest.mark.parametrize("name", FIRES)
def test_exactly_the_named_rules_fire_on_the_two_reports(answers: Answers, name: str) -> None:
    for variant in (f"{name}/{SAMPLE}", f"{name}/{PUBLISHED}"):
        if (variant, "E1") not in answers:
            continue
        expected = dict(FIRES[name])
        if variant == f"{MAINTENANCE}/{PUBLISHED}":
            # The retold report has no contact person.
            expected["F8"] = ("I", 1, "处数=1")
        found = {rule: answers[variant, rule] for rule in OF_ONE_TEXT}
        assert {rule for rule, row in found.items() if row["result"] == "flagged"} == expected.keys(), variant
        for rule, (severity, n_flagged, operand) in expected.items():
            assert (found[rule]["severity"], found[rule]["n_flagged"]) == (severity, n_flagged), (variant, rule)
            assert operand in found[rule]["operands"] or rule in ("E5", "F7"), found[rule]["operands"]
        reasons = {rule: row["reason"] for rule, row in found.items() if row["result"] == "not_evaluable"}
        assert NOT_EVALUABLE[name].items() <= reasons.items(), variant


def test_the_figures_of_the_two_reports_are_those_of_their_texts(answers: Answers) -> None:
    assert answers[f"{YANBIAN}/{SAMPLE}", "F2"]["computed_value"] == 246
    assert answers[f"{YANBIAN}/{SAMPLE}", "F3"]["computed_value"] == 9
    assert answers[f"{YANBIAN}/{SAMPLE}", "E3"]["computed_value"] == pytest.approx(548 / 2664, abs=1e-6)
    assert answers[f"{MAINTENANCE}/{SAMPLE}", "E3"]["computed_value"] == pytest.approx(218 / 2134, abs=1e-6)
    assert answers[f"{MAINTENANCE}/{SAMPLE}", "E6"]["computed_value"] == pytest.approx(7000 / 2134, abs=1e-5)
    if (f"{YANBIAN}/{PUBLISHED}", "E3") in answers:
        # Marks of the word processor are no text, so the whole is 18 characters shorter than in the raw file.
        assert (
            "重复字数=538；全文字数=2667；最长重复=164、107、95" in answers[f"{YANBIAN}/{PUBLISHED}", "E3"]["operands"]
        )
        assert "重复字数=150；全文字数=2041" in answers[f"{MAINTENANCE}/{PUBLISHED}", "E3"]["operands"]


# --- texts


@pytest.mark.parametrize(
    ("name", "rule", "result", "reason"),
    [
        ("copied-2022", "E1", "flagged", None),
        ("copied-2021", "E1", "not_evaluable", "no_previous_year"),
        ("renewed-2022", "E1", "passed", None),
        ("wages-2022", "E1", "not_evaluable", "personnel_project"),
        ("short-2022", "E1", "not_evaluable", "too_little_own_text"),
        ("textless", "E1", "not_evaluable", "no_text"),
        ("textless", "E3", "not_evaluable", "no_text"),
        ("textless", "E5", "not_evaluable", "no_text"),
        ("textless", "F8", "not_evaluable", "no_text"),
        ("here", "E2", "flagged", None),
        ("there", "E2", "flagged", None),
        ("elsewhere", "E2", "passed", None),
        ("stock-0", "E2", "passed", None),
        ("wages-2022", "E2", "not_evaluable", "personnel_project"),
        ("nameless", "E2", "not_evaluable", "no_region"),
        ("goal-copied", "E4", "flagged", None),
        ("goal-met", "E4", "passed", None),
        ("early", "E4", "not_evaluable", "no_goal_or_result"),
        ("placeholder", "E5", "flagged", None),
        ("empty-headings", "E5", "flagged", None),
        ("early", "E5", "passed", None),
        ("noisy", "E6", "flagged", None),
        ("one-slip", "E6", "passed", None),
        ("early", "E7", "not_evaluable", "no_numbering"),
        ("early", "F1", "flagged", None),
        ("early-month", "F1", "passed", None),
        ("early-file", "F1", "flagged", None),
        ("late", "F1", "passed", None),
        ("renewed-2022", "F1", "not_evaluable", "no_date"),
        ("late", "F2", "flagged", None),
        ("not-late", "F2", "passed", None),
        ("year-only", "F2", "not_evaluable", "date_too_coarse"),
        ("early-file", "F2", "not_evaluable", "no_date"),
        ("later-code", "F4", "flagged", None),
        ("wages-2022", "F4", "passed", None),
        ("other-title", "F4", "flagged", None),
        ("nameless", "F5", "flagged", None),
        ("late", "F5", "passed", None),
        ("targets-only", "F6", "flagged", None),
        ("with-actuals", "F6", "passed", None),
        ("narrative", "F6", "flagged", None),
    ],
)
def test_a_rule_says_of_a_report_what_a_person_worked_out(
    answers: Answers, name: str, rule: str, result: str, reason: str | None
) -> None:
    row = answers[name, rule]
    assert (row["result"], row["reason"]) == (result, reason), row


def test_an_empty_heading_counts_once_whatever_word_it_ends_with(answers: Answers) -> None:
    # A second level is the matter of C10; 资金管理 ends with the name of a first level and is none.
    placeholders, levels = answers["empty-headings", "E5"], answers["empty-headings", "C10"]
    assert (placeholders["n_flagged"], placeholders["severity"]) == (2, "I")
    assert "（二）资金管理" in placeholders["places_text"]
    assert "三、产出指标" in placeholders["places_text"]
    assert "5、经济效益" in levels["places_text"]


def test_severities_are_those_of_the_finding(answers: Answers) -> None:
    found = {key: answers[key]["severity"] for key in answers if answers[key]["result"] == "flagged"}
    assert found["targets-only", "F6"] == "E"
    assert found["narrative", "F6"] == "I"
    assert found["placeholder", "E5"] == "E"
    assert found["copied-2022", "E1"] == "W"
    assert found["here", "E2"] == "I"


def test_rules_on_many_reports_judge_no_single_one(answers: Answers) -> None:
    for rule in ("D1", "D2", "D8"):
        assert answers["early", rule]["reason"] == "population_rule"


def test_what_five_write_in_one_year_is_a_template(marts: duckdb.DuckDBPyConnection) -> None:
    documents = [record.document.sha256 for name, record in specimens().items() if name.startswith("stock-")]
    found = rows(
        marts,
        """
        select texts.n_own_shingles, measures.n_shingles
        from intermediate.int_texts__own as texts
        inner join intermediate.int_project_years__current as years on texts.project_year_id = years.project_year_id
        inner join staging.stg_reports__text_measures as measures on years.report_id = measures.report_id
        where years.document_id in (select unnest(?))
        """,
        documents,
    )
    assert len(found) == 5
    # 500 characters of stock beside 150 of their own.
    assert all(row["n_own_shingles"] < 200 < 600 < row["n_shingles"] for row in found)


def test_duplicates_are_listed_with_both_sides(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(marts, "select * from marts.rpt_duplicate_texts where project_name <> '档案整理'")
    listed = {(row["duplicate_scope"], row["project_name"]) for row in found}
    assert listed == {("previous_year", "林区道路维护"), ("other_region", "金保工程网络维护费")}
    assert all(row["is_over_threshold"] for row in found)
    across = next(row for row in found if row["duplicate_scope"] == "other_region")
    assert {across["region_name"], across["other_region_name"]} == {"盐边县", "米易县"}
    over_years = next(row for row in found if row["duplicate_scope"] == "previous_year")
    assert (over_years["fiscal_year"], over_years["other_fiscal_year"]) == (2022, 2021)


# --- many reports


def flag_of(marts: duckdb.DuckDBPyConnection, rule: str, region: str) -> dict[str, Any]:
    """The verdict of a rule on the department of a region."""
    return one(
        marts,
        "select * from marts.rpt_population_flags where rule_id = ? and region_name = ? and scope_kind = 'department'",
        rule,
        region,
    )


def test_totals_near_the_ceiling_are_told_for_a_department(marts: duckdb.DuckDBPyConnection) -> None:
    heaped, spread, few = (flag_of(marts, "D1", region) for region in ("荣县", "富顺县", "泸县"))
    assert (heaped["result"], heaped["severity"], heaped["computed_value"]) == ("flagged", "I", 1.0)
    assert heaped["operands"] == "总分≥95的份数=28；总分≥98的份数=25；有总分的份数=28"
    assert spread["result"] == "passed"
    assert (few["result"], few["reason"], few["n_totals"]) == ("not_evaluable", "too_few_reports", 1)


def test_totals_that_hardly_differ_are_told_for_a_department(marts: duckdb.DuckDBPyConnection) -> None:
    heaped, spread, few = (flag_of(marts, "D2", region) for region in ("荣县", "富顺县", "泸县"))
    assert heaped["result"] == "flagged"
    totals = [98] * 24 + [97.6, 98.4, 96.9, 97.1]
    assert heaped["computed_value"] == pytest.approx(statistics.stdev(totals), abs=1e-6)
    assert (spread["result"], spread["computed_value"]) == ("passed", pytest.approx(7.211103, abs=1e-6))
    assert few["reason"] == "too_few_reports"


def test_a_heap_is_an_excess_over_the_values_nearby(marts: duckdb.DuckDBPyConnection) -> None:
    heaped = flag_of(marts, "D8", "荣县")
    assert heaped["result"] == "flagged"
    # 24 of 28 at 98 where an even spread has 5.6: (24 − 5.6) ÷ √(28 × 0.2 × 0.8)
    assert heaped["computed_value"] == pytest.approx(18.4 / (28 * 0.2 * 0.8) ** 0.5, abs=1e-4)
    assert heaped["operands"].startswith("分值=98；份数=24；附近份数=28；期望份数=5.6")
    assert flag_of(marts, "D8", "富顺县")["reason"] == "too_few_reports"


def test_the_distribution_counts_what_it_can_evaluate(marts: duckdb.DuckDBPyConnection) -> None:
    row = one(
        marts,
        "select * from marts.rpt_score_distribution where region_name = '荣县' and scope_kind = 'department'",
    )
    assert (row["n_reports"], row["n_totals"], row["n_totals_from_98"]) == (28, 28, 25)
    assert (row["n_quantitative_indicators"], row["exact_hit_rate"]) == (0, None)
    assert (row["n_with_three_amounts"], row["equal_amounts_rate"]) == (0, None)


def test_a_project_that_vanished_is_told_with_its_likely_reason(marts: duckdb.DuckDBPyConnection) -> None:
    found = {
        (row["project_name"], row["fiscal_year"]): row
        for row in rows(marts, "select * from marts.rpt_vanished_projects where region_name in ('叙永县', '古蔺县')")
    }
    assert {key: row["vanished_status"] for key, row in found.items()} == {
        ("水质监测", 2016): "vanished",
        ("灌区维护", 2016): "returned_later",
        ("水利普查与经济普查", 2016): "one_off",
        ("人员经费", 2016): "personnel",
        ("金保网络维护", 2016): "possibly_renamed",
        ("金保专网运行", 2017): "vanished",
        ("电站管理", 2016): "unit_silent",
    }
    assert found["金保网络维护", 2016]["successor_project_name"] == "金保专网运行"
    assert found["灌区维护", 2016]["returned_fiscal_year"] == 2018
    assert found["电站管理", 2016]["expectation_basis"] == "county"
