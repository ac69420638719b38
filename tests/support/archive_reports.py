"""The reports of the models over the synthetic archive, each beside the truth it is compared with."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import polars as pl

from benchmarks.archive import STAGES
from tests.support.archive_truth import Truth, differences


def fen(*names: str) -> str:
    """Amounts of the marts (`executed_yuan as executed_fen` …) in fen."""
    return ", ".join(f"cast({name}_yuan * 100 as bigint) as {name}_fen" for name in names)


def micro(*names: str) -> str:
    """Rates of the marts in millionths."""
    return ", ".join(f"cast(round({name} * 1000000) as bigint) as {name}" for name in names)


POOLED = (
    f"n_projects, n_with_outlay, {fen('executed', 'executed_constant', 'budget')}, n_with_budget, budget_stage, "
    f"n_with_execution_rate, {micro('execution_rate', 'reason_rate')}, execution_rate_denominator, "
    "execution_rate_reason, attainment_rate_reason, gap_reason, gap_denominator, "
    "median_target_ambition_reason as ambition_reason, n_with_attainment, n_with_gap, n_reasons_due, n_reasons_given, "
    "cast(round(indicator_attainment_rate * 1000000) as bigint) as attainment_rate, "
    "cast(round(attainment_execution_gap * 1000000) as bigint) as gap, n_with_ambition, "
    "cast(round(median_target_ambition * 1000000) as bigint) as ambition"
)
POOLED_COLUMNS = [
    "n_projects", "n_with_outlay", "executed_fen", "executed_constant_fen", "budget_fen", "n_with_budget",
    "budget_stage", "n_with_execution_rate", "execution_rate", "reason_rate", "execution_rate_denominator",
    "execution_rate_reason", "n_with_attainment", "n_with_gap", "n_reasons_due", "n_reasons_given", "attainment_rate",
    "gap", "n_with_ambition", "ambition", "attainment_rate_reason", "gap_reason", "gap_denominator", "ambition_reason",
]  # fmt: skip
RANKS = ("execution_rate", "unit_cost", "attainment", "gap", "ambition")


def _ids(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = connection.execute("select file_name, project_year_id from marts.rpt_project_years").fetchall()
    return dict(rows)


def _places(connection: duckdb.DuckDBPyConnection, truth: Truth) -> pl.DataFrame:
    """Which region of the models each county of the archive is."""
    regions = connection.sql(
        "select distinct file_name, region_id from marts.rpt_project_years where region_id is not null"
    ).pl()
    return (
        truth.reports.select("file_name", "place").join(regions, on="file_name").select("place", "region_id").unique()
    )


def _with_regions(frame: pl.DataFrame, connection: duckdb.DuckDBPyConnection, truth: Truth) -> pl.DataFrame:
    return frame.join(_places(connection, truth), on="place", how="left")


def _project_years(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    pairs = truth.project_years(_ids(connection))
    frame = truth.evaluation.join(pairs, on="file_name")
    columns = [
        "fiscal_year", "kind", "region_code", "region_name", "region_kind", "region_reason", "family", "sub_type",
        "project_name", "unit", "project_code", "evaluated_on", "budget_fen", "received_fen", "executed_fen",
        "budget_stage", "execution_rate", "execution_rate_on_received", "stated_execution_rate", "total",
        "recomputed_total", "stated_grade", "derived_grade", "n_indicators", "attainment_rate", "compared_file",
        "comparison_basis", "growth_rate", "is_comparable", "refusal_codes",
    ]  # fmt: skip
    query = f"""
        select
            years.*,
            years.programme_family as family, years.programme_sub_type as sub_type, years.unit_name as unit,
            cast(years.budget_yuan * 100 as bigint) as budget_fen,
            cast(years.received_yuan * 100 as bigint) as received_fen,
            cast(years.executed_yuan * 100 as bigint) as executed_fen,
            cast(years.stated_total_points * 100 as bigint) as total,
            cast(years.recomputed_total_points * 100 as bigint) as recomputed_total,
            cast(round(years.indicator_attainment_rate * 1000000) as bigint) as attainment_rate,
            earlier.file_name as compared_file
        from (
            select * replace (
                {micro("execution_rate", "execution_rate_on_received", "stated_execution_rate", "growth_rate")}
            )
            from marts.rpt_project_years
        ) as years
        left join marts.rpt_project_years as earlier
            on years.compared_project_year_id = earlier.project_year_id
    """
    return differences(connection, query, frame, ["file_name"], columns)


def _execution(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    columns = [
        *(f"{stage}_fen" for stage in STAGES), "budget_fen", "executed_constant_fen", "execution_rate",
        "execution_rate_on_received", "arrival_rate", "stated_execution_rate", "execution_weight_points",
        "execution_weight_basis", "recomputed_execution_score",
    ]  # fmt: skip
    stages = ", ".join(f"cast(facts.{stage}_yuan * 100 as bigint) as {stage}_fen" for stage in STAGES)
    query = f"""
        select
            years.file_name, {stages}, facts.execution_weight_basis,
            cast(facts.budget_yuan * 100 as bigint) as budget_fen,
            cast(facts.executed_constant_yuan * 100 as bigint) as executed_constant_fen,
            cast(round(facts.execution_rate * 1000000) as bigint) as execution_rate,
            cast(round(facts.execution_rate_on_received * 1000000) as bigint) as execution_rate_on_received,
            cast(round(facts.arrival_rate * 1000000) as bigint) as arrival_rate,
            cast(round(facts.stated_execution_rate * 1000000) as bigint) as stated_execution_rate,
            cast(facts.execution_weight_points * 100 as bigint) as execution_weight_points,
            cast(facts.recomputed_execution_score_points * 100 as bigint) as recomputed_execution_score
        from marts.fct_execution as facts
        inner join marts.rpt_project_years as years using (project_year_id)
    """
    return differences(connection, query, truth.execution, ["file_name"], columns)


def _evaluation(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    columns = [
        "total", "recomputed_total", "weight_sum", "score_sum", "attainment_rate", "gap", "n_reasons_due",
        "n_reasons_given", "stated_grade", "derived_grade", "weight_profile",
    ]  # fmt: skip
    query = """
        select
            years.file_name, facts.n_reasons_due, facts.n_reasons_given, facts.stated_grade, facts.derived_grade,
            facts.weight_profile,
            cast(facts.stated_total_points * 100 as bigint) as total,
            cast(facts.recomputed_total_points * 100 as bigint) as recomputed_total,
            cast(facts.indicator_weight_points * 100 as bigint) as weight_sum,
            cast(facts.indicator_score_points * 100 as bigint) as score_sum,
            cast(round(facts.indicator_attainment_rate * 1000000) as bigint) as attainment_rate,
            cast(round(facts.attainment_execution_gap * 1000000) as bigint) as gap
        from marts.fct_self_evaluation as facts
        inner join marts.rpt_project_years as years using (project_year_id)
    """
    return differences(connection, query, truth.evaluation, ["file_name"], columns)


def _attainment(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    columns = [
        "level1", "level2", "name", "direction", "target_amount", "actual_amount", "is_target_met", "attainment_ratio",
        "capped_attainment", "attainment_reason", "weight", "score", "recomputed_score", "score_difference",
        "reason_text",
    ]  # fmt: skip
    query = """
        select
            years.file_name, facts.ordinal, facts.level1, facts.level2, facts.indicator_name as name, facts.direction,
            facts.is_target_met, facts.attainment_reason, facts.deviation_reason_text as reason_text,
            cast(facts.target_amount * 100 as bigint) as target_amount,
            cast(facts.actual_amount * 100 as bigint) as actual_amount,
            cast(round(facts.attainment_ratio * 1000000) as bigint) as attainment_ratio,
            cast(round(facts.capped_attainment * 1000000) as bigint) as capped_attainment,
            cast(facts.weight_points * 100 as bigint) as weight,
            cast(facts.stated_score_points * 100 as bigint) as score,
            cast(facts.recomputed_score_points * 100 as bigint) as recomputed_score,
            cast(facts.score_difference_points * 100 as bigint) as score_difference
        from marts.fct_indicator_attainment as facts
        inner join marts.rpt_project_years as years using (project_year_id)
    """
    return differences(connection, query, truth.attainment, ["file_name", "ordinal"], columns)


def _programme_county_years(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    frame = _with_regions(truth.programme_county_years(), connection, truth)
    columns = [
        "region_code", "region_name", "region_kind", "province", *POOLED_COLUMNS, "unit_cost_quantity",
        "unit_cost_unit", "unit_cost_fen", "unit_cost_reason", "n_peers",
        *(f"n_{name}_peers" for name in RANKS), *(f"{name}_percentile" for name in RANKS),
        *(f"{name}_percentile_reason" for name in RANKS),
        "compared_fiscal_year", "compared_sub_type", "compared_kind", "compared_n_projects", "compared_executed",
        "compared_execution_rate", "compared_attainment_rate", "compared_unit_cost", "growth_rate",
        "execution_rate_change", "unit_cost_growth_rate", "is_comparable", "refusal_codes",
    ]  # fmt: skip
    ranks = ", ".join(f"n_{name}_peers, {micro(f'{name}_percentile')}, {name}_percentile_reason" for name in RANKS)
    changes = micro(
        "compared_execution_rate", "compared_attainment_rate", "growth_rate", "execution_rate_change",
        "unit_cost_growth_rate",
    )  # fmt: skip
    query = f"""
        select
            programme_family as family, programme_sub_type as sub_type, kind, region_id, fiscal_year, region_code,
            region_name, region_kind, province_name as province, {POOLED}, unit_cost_quantity, unit_cost_unit,
            {fen("unit_cost")}, unit_cost_reason, n_peers, {ranks}, compared_fiscal_year, compared_sub_type,
            compared_kind, compared_n_projects, cast(compared_executed_yuan * 100 as bigint) as compared_executed,
            cast(compared_unit_cost_yuan * 100 as bigint) as compared_unit_cost, {changes}, is_comparable, refusal_codes
        from marts.rpt_programme_county_year
    """
    return differences(connection, query, frame, ["family", "sub_type", "kind", "region_id", "fiscal_year"], columns)


def _county_years(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    frame = _with_regions(truth.county_years(_ids(connection)), connection, truth)
    columns = [
        "region_code", "region_name", "region_kind", "previous_region_code", "previous_region_name",
        "has_region_change", "has_tier_change", "n_programme_families", *POOLED_COLUMNS, "n_comparable_projects",
        "n_refused_projects", "comparable_fen", "compared_fen", "growth_rate", "growth_reason",
    ]  # fmt: skip
    query = f"""
        select
            region_id, kind, fiscal_year, region_code, region_name, region_kind, previous_region_code,
            previous_region_name, has_region_change, has_tier_change, n_programme_families, {POOLED},
            n_comparable_projects, n_refused_projects, growth_reason, {micro("growth_rate")},
            cast(comparable_constant_yuan * 100 as bigint) as comparable_fen,
            cast(compared_constant_yuan * 100 as bigint) as compared_fen
        from marts.rpt_county_year
    """
    return differences(connection, query, frame, ["region_id", "kind", "fiscal_year"], columns)


def _lost_points(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    columns = [
        "loss_source", "weight", "score", "score_basis", "lost", "lost_share", "loss_rank", "points_before",
        "points_after", "has_reason",
    ]  # fmt: skip
    points = ", ".join(
        f"cast(losses.{name} * 100 as bigint) as {alias}"
        for name, alias in (
            ("weight_points", "weight"),
            ("score_points", "score"),
            ("lost_points", "lost"),
            ("points_before", "points_before"),
            ("points_after", "points_after"),
        )
    )
    query = f"""
        select
            years.file_name, losses.ordinal, losses.loss_source, losses.score_basis, losses.loss_rank,
            losses.has_reason, {points},
            cast(round(losses.lost_points_share * 1000000) as bigint) as lost_share
        from marts.rpt_lost_points as losses
        inner join marts.rpt_project_years as years using (project_year_id)
    """
    return differences(connection, query, truth.lost_points(), ["file_name", "ordinal"], columns)


def _benchmarks(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    shares = ("10", "25", "50", "75", "90")
    quantiles = [f"{name}_p{share}" for name in ("target", "actual", "attainment") for share in shares]
    counts = [
        "n_rows", "n_regions", "n_numeric_rows", "n_judged_rows", "n_targets_met", "n_exact_hits", "n_ratios",
        "n_rising_rows", "n_over_completed",
    ]  # fmt: skip
    rates = ["target_met_share", "exact_hit_share", "over_completion_share"]
    amounts = ", ".join(f"cast({name} * 100 as bigint) as {name}" for name in quantiles[:10])
    query = f"""
        select
            normalised_indicator_name as name, base_unit, programme_family as family,
            programme_sub_type as sub_type, kind, fiscal_year, {", ".join(counts)},
            {micro(*rates, *quantiles[10:])}, {amounts}, benchmark_reason
        from marts.rpt_indicator_benchmarks
    """
    key = ["name", "base_unit", "family", "sub_type", "kind", "fiscal_year"]
    return differences(connection, query, truth.benchmarks(), key, [*counts, *rates, *quantiles, "benchmark_reason"])


def _coverage(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    years = truth.reports["fiscal_year"].to_list()
    existing = [
        (place.name, year) for place in truth.places for year in range(min(years), max(years) + 1) if place.as_of(year)
    ]
    frame = _with_regions(truth.coverage(existing), connection, truth)
    columns = [
        "n_received", "n_expected", "n_expected_received", "n_missing", "n_gaps", "coverage_rate", "coverage_reason",
    ]  # fmt: skip
    query = f"""
        select
            region_id, fiscal_year, n_received, n_expected, n_expected_received, n_missing, n_gaps, coverage_reason,
            {micro("coverage_rate")}
        from marts.rpt_coverage
    """
    return differences(connection, query, frame, ["region_id", "fiscal_year"], columns)


def _harmonised(connection: duckdb.DuckDBPyConnection, truth: Truth) -> list[str]:
    """Under the boundaries of the last year every county has the code it has then, or none if it is no more."""
    last = truth.reports["fiscal_year"].max()
    assert isinstance(last, int)
    versions = {place.name: place.as_of(last) for place in truth.places}
    frame = _with_regions(
        truth.pooled("place", "kind", "fiscal_year")
        .filter(pl.col("place").is_not_null())
        .with_columns(
            harmonised_code=pl.col("place").replace_strict(
                {name: version and version["code"] for name, version in versions.items()}, return_dtype=pl.String
            ),
            harmonised_name=pl.col("place").replace_strict(
                {name: version and version["county"] for name, version in versions.items()}, return_dtype=pl.String
            ),
        )
        .with_columns(is_harmonisable=pl.col("harmonised_code").is_not_null()),
        connection,
        truth,
    )
    query = f"""
        select
            region_id, kind, fiscal_year, region_code, region_name, harmonised_code, harmonised_name, is_harmonisable,
            {POOLED}
        from marts.rpt_county_year_harmonised
        where harmonised_to_year = {last}
    """
    columns = ["region_code", "region_name", "harmonised_code", "harmonised_name", "is_harmonisable", *POOLED_COLUMNS]
    return differences(connection, query, frame, ["region_id", "kind", "fiscal_year"], columns)


REPORTS: dict[str, Callable[[duckdb.DuckDBPyConnection, Truth], list[str]]] = {
    "fct_execution": _execution,
    "fct_indicator_attainment": _attainment,
    "fct_self_evaluation": _evaluation,
    "rpt_project_years": _project_years,
    "rpt_programme_county_year": _programme_county_years,
    "rpt_county_year": _county_years,
    "rpt_county_year_harmonised": _harmonised,
    "rpt_lost_points": _lost_points,
    "rpt_indicator_benchmarks": _benchmarks,
    "rpt_coverage": _coverage,
}


def disagreements(connection: duckdb.DuckDBPyConnection, truth: Truth, report: str) -> list[str]:
    """Where a report of the models is not what the truth says, as sentences; none where they agree."""
    return REPORTS[report](connection, truth)
