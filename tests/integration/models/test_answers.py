"""What the models answer of records with known facts: the answers a person worked out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb

from tests.support.dbt_runs import one, rows
from tests.support.sample_records import GOLDEN_INDICATORS

YUAN_16800 = Decimal("16800.00")
YUAN_180000 = Decimal("180000.00")


# --- 2020: money only


def test_2020_has_its_money_with_a_named_denominator_and_no_score(release: duckdb.DuckDBPyConnection) -> None:
    execution = one(release, "select * from marts.fct_execution where fiscal_year = 2020")
    assert execution["approved_yuan"] == execution["executed_yuan"] == YUAN_16800
    assert execution["execution_rate"] == 1.0
    assert execution["execution_rate_denominator"] == "approved"
    assert execution["stated_execution_rate"] is None
    assert execution["execution_weight_points"] is None
    evaluation = one(release, "select * from marts.fct_self_evaluation where fiscal_year = 2020")
    for column in ("stated_total_points", "recomputed_total_points", "stated_grade", "derived_grade", "weight_profile"):
        assert evaluation[column] is None, column
    assert evaluation["n_indicators"] == evaluation["n_scored_indicators"] == 0
    assert rows(release, "select * from marts.fct_indicator_attainment where fiscal_year = 2020") == []


def test_2020_names_payee_document_number_dates_and_findings(release: duckdb.DuckDBPyConnection) -> None:
    report = one(release, "select * from marts.rpt_project_years where fiscal_year = 2020")
    assert report["region_county"] == "盐边县"
    assert report["unit_name"] == "盐边县人力资源和社会保障局"
    assert report["project_name"] == "金保网网络运行"
    assert report["payee_names"] == "中国电信股份有限公司攀枝花分公司"
    assert report["document_numbers"] == "盐边财政〔2020〕8号"
    assert (report["evaluated_on"], report["revised_on"]) == ("2021-09-03", "2021-09-07")
    assert report["n_indicators"] == 0
    citation = one(release, "select * from marts.fct_citation")
    assert citation["as_written_text"] == "盐边财政【2020】8号"
    kinds = rows(release, "select finding_kind as kind from marts.fct_finding order by ordinal")
    assert [row["kind"] for row in kinds] == ["problem", "suggestion"]
    mentioned = rows(release, "select mention_kind as kind, mentioned_value as value from marts.fct_mention"
                              " where fiscal_year = 2020 order by all")  # fmt: skip
    assert mentioned == [{"kind": "count", "value": 14}, {"kind": "money", "value": 16800}]


# --- 2023: thirteen indicators, 99.46


def test_2023_has_equal_sums_for_every_stage(release: duckdb.DuckDBPyConnection) -> None:
    funding = rows(
        release, "select stage, source, amount_yuan from marts.fct_funding where fiscal_year = 2023 order by ordinal"
    )
    for stage in ("initial_budget", "adjusted_budget", "executed"):
        amounts = {row["source"]: row["amount_yuan"] for row in funding if row["stage"] == stage}
        assert amounts == {"total": YUAN_180000, "fiscal": YUAN_180000, "other": Decimal("0.00")}
    execution = one(release, "select * from marts.fct_execution where fiscal_year = 2023")
    assert execution["execution_rate"] == execution["execution_rate_on_received"] == execution["arrival_rate"] == 1.0
    assert execution["stated_execution_rate"] == 1.0
    assert execution["execution_rate_difference"] == 0.0
    assert execution["execution_rate_denominator"] == "adjusted_budget"
    assert execution["has_total_mismatch"] is False


def test_2023_indicators_keep_points_and_scores_and_name_the_rule_that_gives_them(
    release: duckdb.DuckDBPyConnection,
) -> None:
    indicators = rows(release, "select * from marts.fct_indicator_attainment where fiscal_year = 2023 order by ordinal")
    assert [row["indicator_name"] for row in indicators] == [golden[2] for golden in GOLDEN_INDICATORS]
    assert [row["stated_score_points"] for row in indicators] == [Decimal(golden[6]) for golden in GOLDEN_INDICATORS]
    assert [row["attainment_ratio"] for row in indicators] == [
        1.5, 1.5, 1.030928, 1.020408, 1.020408, None, 1.0, 1.0, 0.885417, 0.9, None, None, 1.030928,
    ]  # fmt: skip
    assert [row["score_rule"] for row in indicators] == [
        *["RATIO_POS"] * 5, "QUALITATIVE", *["EQ_AS_POS"] * 4, "QUALITATIVE", "QUALITATIVE", "RATIO_POS",
    ]  # fmt: skip
    for ordinal, score in ((9, "2.21"), (10, "2.25")):
        row = indicators[ordinal - 1]
        assert row["score_rules_matching"] == "EQ_AS_POS,EQ_SYM"
        assert row["recomputed_score_points"] == Decimal(score)
        assert row["score_difference_points"] == 0
        assert row["is_target_met"] is False


def test_2023_total_is_recomputed_with_an_implied_execution_score(release: duckdb.DuckDBPyConnection) -> None:
    evaluation = one(release, "select * from marts.fct_self_evaluation where fiscal_year = 2023")
    assert evaluation["stated_total_points"] == evaluation["recomputed_total_points"] == Decimal("99.46")
    assert evaluation["total_difference_points"] == 0
    assert evaluation["indicator_score_points"] == Decimal("89.46")
    assert evaluation["indicator_weight_points"] == 90
    assert evaluation["weight_sum_points"] == 100
    assert evaluation["execution_score_points"] == 10
    assert evaluation["execution_score_basis"] == "implied"
    assert evaluation["weight_profile"] == "NAT-2020"
    assert (evaluation["stated_grade_text"], evaluation["stated_grade"]) == ("A", "EXCELLENT")
    assert evaluation["derived_grade"] == "EXCELLENT"
    assert evaluation["has_grade_agreement"] is True


def test_2023_names_no_region_but_keeps_the_hint_and_the_warning_with_both_places(
    release: duckdb.DuckDBPyConnection,
) -> None:
    report = one(release, "select * from marts.rpt_project_years where fiscal_year = 2023")
    assert report["region_province"] is report["region_city"] is report["region_county"] is None
    assert report["region_hint_text"] == "自治区"
    assert report["unit_name"] is None
    assert report["identity_basis"] == "document"
    assert report["n_warnings"] == 1
    warning = one(release, "select * from marts.fct_warning")
    assert warning["n_places"] == 2
    assert "20万元" in warning["places_text"]
    assert "18.00万元" in warning["places_text"]


# --- side by side


def test_both_years_are_one_family_and_the_growth_rate_is_refused(release: duckdb.DuckDBPyConnection) -> None:
    earlier, later = rows(
        release, "select * from marts.rpt_project_years where programme_family = '金保工程' order by fiscal_year"
    )
    assert (earlier["fiscal_year"], earlier["programme_sub_type"]) == (2020, "line_lease")
    assert (later["fiscal_year"], later["programme_sub_type"]) == (2023, "equipment_and_room_maintenance")
    assert later["compared_project_year_id"] == earlier["project_year_id"]
    assert later["compared_executed_yuan"] == YUAN_16800
    assert later["executed_ratio"] == 10.714286
    assert later["growth_rate"] is None
    assert later["is_comparable"] is False
    assert later["refusal_codes"] == (
        "county_unknown,different_sub_type,different_project,different_denominator,year_gap"
    )
    assert "没有写明县" in later["refusal_reasons"]


def test_growth_of_one_project_in_one_county_is_given_in_constant_prices(release: duckdb.DuckDBPyConnection) -> None:
    report = one(
        release,
        "select * from marts.rpt_project_years"
        " where region_county = '青山县' and programme_family = '政务网络' and fiscal_year = 2022",
    )
    assert report["comparison_basis"] == "same_project"
    assert report["is_comparable"] is True
    assert report["executed_ratio"] == 1.2
    # 1.2 ÷ 1.02 − 1: prices rose 2.0 % from 2021 to 2022.
    assert report["growth_rate"] == 0.176471
    assert report["price_base_year"] == 2020
    assert report["refusal_codes"] is None


def test_prices_are_chained_to_2020(release: duckdb.DuckDBPyConnection) -> None:
    levels = dict(release.execute("select fiscal_year, price_level from marts.dim_fiscal_year").fetchall())
    assert levels[2020] == 100
    assert levels[2021] == Decimal("100.9")
    assert levels[2022] == Decimal("102.918")
    assert levels[2019] == Decimal("97.5610")


# --- identity and versions


def test_reports_that_name_neither_unit_nor_region_stay_apart(release: duckdb.DuckDBPyConnection) -> None:
    found = rows(release, "select * from marts.rpt_project_years where project_name = '道路维修'")
    assert len(found) == 2
    assert len({row["project_year_id"] for row in found}) == 2
    assert {row["identity_basis"] for row in found} == {"document"}


def test_equal_unit_names_of_two_counties_stay_apart(release: duckdb.DuckDBPyConnection) -> None:
    other = one(release, "select * from marts.rpt_project_years where region_county = '绿水县'")
    assert other["n_versions"] == 1
    assert other["comparison_basis"] == "same_family"
    assert other["refusal_codes"] == "different_county,different_project"


def test_a_revised_report_is_current_and_the_replaced_one_stays_visible(release: duckdb.DuckDBPyConnection) -> None:
    report = one(release, "select * from marts.rpt_project_years where project_name = '校舍维修'")
    assert report["executed_yuan"] == 75000
    assert report["n_versions"] == 2
    versions = rows(
        release,
        "select published_on, is_current from intermediate.int_report_versions where project_year_id = ?"
        " order by version_number",
        report["project_year_id"],
    )
    assert versions == [
        {"published_on": date(2023, 3, 1), "is_current": False},
        {"published_on": date(2023, 6, 1), "is_current": True},
    ]


def test_two_forms_of_one_document_are_two_projects(release: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        release, "select executed_yuan from marts.rpt_project_years where project_name = '水渠维修' order by 1"
    )
    assert [row["executed_yuan"] for row in found] == [10000, 20000]


def test_a_zero_total_gives_way_to_the_money_beneath_it(release: duckdb.DuckDBPyConnection) -> None:
    execution = one(
        release, "select e.* from marts.fct_execution as e inner join marts.rpt_project_years as r"
        " using (project_year_id) where r.region_county = '东湖区'"
    )  # fmt: skip
    assert execution["stated_executed_yuan"] == 0
    assert execution["executed_yuan"] == Decimal("899740.00")
    assert execution["execution_rate"] == 0.999711
    assert execution["has_total_mismatch"] is True
    assert execution["stated_execution_score_points"] == 0
    assert execution["recomputed_execution_score_points"] == 10
    assert execution["execution_score_difference_points"] == -10
