"""What the models must say of the synthetic archive, computed from its truth in polars and without any of them.

Money is in fen, points in hundredths, rates in millionths and prices in ten-thousandths, all whole numbers: nothing
here can round where it should not, and the answers of the models are turned into the same whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb
import polars as pl

from benchmarks.archive import STAGES, Archive

PRICE_BASE_YEAR = 2020
MINIMUM_PEERS = 5
OVER_COMPLETION = 1_200_000
SELF_EVALUATIONS = ("project_self_evaluation", "transfer_self_evaluation")
# Consumer prices, previous year = 100, as the National Bureau of Statistics publishes them.
PRICE_INDEX = {2018: "102.1", 2019: "102.9", 2020: "102.5", 2021: "100.9", 2022: "102.0", 2023: "100.2"}
BASE_UNITS = {"万元": ("元", 10_000), "元": ("元", 1), "百分比": ("%", 1)}
GRADES = {"优": "EXCELLENT", "A": "EXCELLENT", "良": "GOOD", "中": "FAIR", "合格": "FAIR", "差": "POOR"}
WIDE = pl.Int128


def price_levels() -> dict[int, int]:
    """Prices of each year, the base year = 1,000,000: ten-thousandths of a level of 100."""
    level, levels = 1.0, {}
    for year, index in PRICE_INDEX.items():
        level *= float(index) / 100
        levels[year] = level
    return {year: round(level / levels[PRICE_BASE_YEAR] * 1_000_000) for year, level in levels.items()}


def quotient(numerator: pl.Expr, denominator: pl.Expr, scale: int = 1_000_000) -> pl.Expr:
    """Numerator ÷ denominator times `scale`, rounded half away from zero; null for a denominator of zero or null."""
    above, below = numerator.cast(WIDE), denominator.cast(WIDE)
    whole = (2 * above.abs() * scale + below.abs()) // (2 * below.abs())
    return pl.when(below != 0).then(whole * above.sign() * below.sign()).cast(pl.Int64)


def hundredths(name: str) -> pl.Expr:
    """A decimal with at most two places, written as text, in hundredths."""
    return (pl.col(name).cast(pl.Decimal(24, 2)) * 100).cast(pl.Int64)


def mean(name: str) -> pl.Expr:
    """The mean of whole numbers that are known, rounded half away from zero."""
    return quotient(pl.col(name).sum(), pl.col(name).count().cast(pl.Int64), 1)


def total(name: str) -> pl.Expr:
    """The sum of what is known, null where nothing is."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum())


def code_if(condition: pl.Expr, code: str) -> pl.Expr:
    """The code where the condition holds, else null."""
    return pl.when(condition).then(pl.lit(code))


class Truth:
    """The truth of an archive as frames: the facts of each report, and each comparison between reports."""

    def __init__(self, archive: Archive) -> None:
        self.places = archive.places
        self.reports = pl.DataFrame(archive.project_years, infer_schema_length=None).with_columns(
            *(pl.col(f"{stage}_fen").cast(pl.Int64) for stage in STAGES),
            *(hundredths(name) for name in ("stated_rate_pct", "execution_weight", "execution_score", "total")),
            price_level=pl.col("fiscal_year").replace_strict(price_levels(), default=None, return_dtype=pl.Int64),
        )
        self.indicators = pl.DataFrame(archive.indicators, infer_schema_length=None).with_columns(
            *(hundredths(name) for name in ("target", "actual", "weight", "score"))
        )
        self.attainment = self._attainment()
        self.execution = self._execution()
        self.evaluation = self._evaluation()
        self.measured = self._measured()

    def _attainment(self) -> pl.DataFrame:
        """One row of a form: both values in one unit, how far the target was reached, the score that follows."""

        def base(name: str) -> pl.Expr:
            return pl.col(name).replace({unit: base for unit, (base, _) in BASE_UNITS.items()})

        def factor(own: str, other: str) -> pl.Expr:
            factors = {unit: by for unit, (_, by) in BASE_UNITS.items()}
            return pl.coalesce(own, other).replace_strict(factors, default=1, return_dtype=pl.Int64)

        target, actual = pl.col("target_amount"), pl.col("actual_amount")
        is_lower = pl.col("direction") == "lower"
        above = pl.when(is_lower).then(target).otherwise(actual)
        below = pl.when(is_lower).then(actual).otherwise(target)
        reason = pl.col("attainment_reason")
        is_numeric = reason.is_null() | reason.is_in(["zero_target", "zero_actual"])
        is_reached = (
            pl.when(is_lower)
            .then(actual <= target)
            .when(pl.col("direction") == "exact")
            .then(actual == target)
            .otherwise(actual >= target)
        )
        full_score = pl.when(pl.when(is_lower).then(actual <= target).otherwise(actual >= target)).then("weight")
        return (
            self.indicators.with_columns(
                target_base=base("target_unit"),
                actual_base=base("actual_unit"),
                target_amount=pl.col("target") * factor("target_unit", "actual_unit"),
                actual_amount=pl.col("actual") * factor("actual_unit", "target_unit"),
            )
            .with_columns(
                attainment_reason=pl.coalesce(
                    code_if(pl.col("operator") == "by_date", "range_target"),
                    code_if(target.is_null() | actual.is_null(), "not_numeric"),
                    code_if(pl.col("target_base") != pl.col("actual_base"), "unit_mismatch"),
                    code_if(target == 0, "zero_target"),
                    code_if(is_lower & (actual == 0), "zero_actual"),
                )
            )
            .with_columns(
                is_target_met=pl.when(pl.col("operator") == "by_date").then("is_met").when(is_numeric).then(is_reached),
                attainment_ratio=pl.when(reason.is_null()).then(quotient(above, below)),
                recomputed_score=pl.when(reason.is_in(["range_target", "zero_target"]) & pl.col("weight").is_not_null())
                .then(
                    pl.when(pl.when(pl.col("operator") == "by_date").then("is_met").otherwise(is_reached))
                    .then("weight")
                    .otherwise(0)
                )
                .when(reason.is_null() | (reason == "zero_actual"))
                .then(full_score.otherwise(quotient(pl.col("weight") * above, below, 1))),
            )
            .with_columns(
                target_amount=pl.when(is_numeric).then(target),
                actual_amount=pl.when(is_numeric).then(actual),
                capped_attainment=pl.when(pl.col("attainment_ratio") > 1_000_000)
                .then(1_000_000)
                .otherwise("attainment_ratio"),
                score_difference=pl.col("score") - pl.col("recomputed_score"),
            )
        )

    def _execution(self) -> pl.DataFrame:
        """One report: its money, the rates between the stages, and the points of the execution row."""
        sums = self.indicators.group_by("file_name").agg(
            n_rows=pl.len(),
            n_scored=pl.col("score").count(),
            n_unweighted=pl.col("weight").null_count(),
            weight_sum=total("weight"),
            score_sum=total("score"),
        )
        executed, budget = pl.col("executed_fen"), pl.col("budget_fen")
        # Where a form leaves its execution row out, its ten points are what the rows lack to a hundred.
        is_implied = (
            pl.col("execution_weight").is_null()
            & (pl.col("weight_sum") == 9_000)
            & pl.col("total").is_not_null()
            & (pl.col("total") != pl.col("score_sum")).fill_null(True)
            & pl.col("execution_rate").is_not_null()
        ).fill_null(False)
        return (
            self.reports.join(sums, on="file_name", how="left")
            .with_columns(
                budget_fen=pl.coalesce("adjusted_budget_fen", "initial_budget_fen", "approved_fen", "planned_fen")
            )
            .with_columns(
                execution_rate=quotient(executed, budget),
                execution_rate_on_received=quotient(executed, pl.col("received_fen")),
                arrival_rate=quotient(pl.col("received_fen"), budget),
                stated_execution_rate=pl.col("stated_rate_pct") * 100,
                executed_constant_fen=quotient(executed, pl.col("price_level")),
            )
            .with_columns(
                execution_weight_points=pl.when(is_implied).then(1_000).otherwise("execution_weight"),
                execution_weight_basis=pl.coalesce(
                    code_if(pl.col("execution_weight").is_not_null(), "stated"),
                    code_if(is_implied, "implied"),
                    pl.lit("none"),
                ),
            )
            .with_columns(
                recomputed_execution_score=pl.when((executed >= budget) & (budget > 0))
                .then("execution_weight_points")
                .otherwise(quotient(pl.col("execution_weight_points") * executed, budget, 1))
            )
            .with_columns(execution_score_points=pl.coalesce("execution_score", "recomputed_execution_score"))
        )

    def _evaluation(self) -> pl.DataFrame:
        """One report: the total it gives itself, what its own parts add up to, and the gap to its execution rate."""
        points = pl.col("total")
        is_complete = (pl.col("n_scored") == pl.col("n_rows")) & (pl.col("n_unweighted") == 0)
        has_lost = pl.col("score") < pl.col("weight")
        reasons = (
            self.attainment.filter(has_lost.fill_null(False) | (~pl.col("is_target_met")).fill_null(False))
            .group_by("file_name")
            .agg(n_reasons_due=pl.len(), n_reasons_given=pl.col("reason_text").count())
        )
        return (
            self.execution.join(reasons, on="file_name", how="left")
            .with_columns(
                pl.col("n_reasons_due", "n_reasons_given").fill_null(0),
                recomputed_total=pl.when(is_complete).then(
                    pl.when(pl.col("execution_score_points").is_not_null())
                    .then(pl.col("score_sum") + pl.col("execution_score_points"))
                    .when(pl.col("weight_sum") == 10_000)
                    .then("score_sum")
                ),
                # A sum that lacks a score is no attainment.
                attainment_rate=pl.when(is_complete).then(quotient(pl.col("score_sum"), pl.col("weight_sum"))),
                stated_grade=pl.col("grade").replace_strict(GRADES, default=None, return_dtype=pl.String),
                derived_grade=pl.coalesce(
                    code_if(points >= 9_000, "EXCELLENT"),
                    code_if(points >= 8_000, "GOOD"),
                    code_if(points >= 6_000, "FAIR"),
                    code_if(points >= 0, "POOR"),
                ),
                weight_profile=pl.when(pl.col("execution_weight_points") == 1_000).then("profile"),
            )
            .with_columns(
                gap=pl.col("attainment_rate")
                - pl.when(pl.col("execution_rate") > 1_000_000).then(1_000_000).otherwise("execution_rate")
            )
        )

    def _measured(self) -> pl.DataFrame:
        """One report with what groups of reports are compared by."""
        rows = self.attainment.join(
            self.evaluation.select("file_name", "project_key", "kind", "fiscal_year"), on="file_name"
        ).with_columns(unit=pl.coalesce("target_base", "actual_base"))
        before = rows.select(
            "project_key",
            "kind",
            "name",
            pl.col("fiscal_year") + 1,
            previous="actual_amount",
            previous_unit="unit",
        )
        ambitions = (
            rows.filter((pl.col("direction") == "higher") & pl.col("target_amount").is_not_null())
            .join(before, on=["project_key", "kind", "name", "fiscal_year"])
            .filter((pl.col("previous") != 0) & pl.col("unit").eq_missing(pl.col("previous_unit")))
            .with_columns(ambition=quotient(pl.col("target_amount"), pl.col("previous")))
            .sort("ambition")
            .group_by("file_name")
            .agg(ambition=pl.col("ambition").get((pl.len() - 1) // 2))
        )
        has_both = pl.col("executed_fen").is_not_null() & pl.col("budget_fen").is_not_null()
        return self.evaluation.join(ambitions, on="file_name", how="left").with_columns(
            rated_executed=pl.when(has_both).then("executed_fen"),
            rated_budget=pl.when(has_both).then("budget_fen"),
            rated_stage=pl.when(has_both).then("budget_stage"),
        )

    def pooled(self, *keys: str) -> pl.DataFrame:
        """Reports put together by the keys."""

        def refusal(value: str, stage: str | None = None) -> pl.Expr:
            """Why the known values are not put together: several denominators, several sub-types, an unknown one."""
            known = pl.col(value).is_not_null()
            n_stages = pl.col(stage).filter(known).n_unique() if stage else pl.lit(1)
            n_programmes = pl.struct("family", "sub_type").filter(known).n_unique()
            return pl.coalesce(
                code_if(known.sum() == 0, "no_operands"),
                code_if(n_stages > 1, "different_denominators"),
                code_if(n_programmes > 1, "different_sub_types"),
                code_if((known.sum() > 1) & (known & pl.col("sub_type").is_null()).any(), "sub_type_unknown"),
            )

        rate_refusal = refusal("rated_budget", "rated_stage")
        attainment_refusal, ambition_refusal = refusal("attainment_rate"), refusal("ambition")
        gap_refusal = refusal("gap", "budget_stage")
        n_stages = pl.col("rated_stage").drop_nulls().n_unique()
        n_budget_stages = pl.col("budget_stage").filter(pl.col("budget_fen").is_not_null()).n_unique()
        return self.measured.group_by(*keys).agg(
            n_projects=pl.len(),
            n_with_outlay=pl.col("executed_fen").count(),
            executed_fen=total("executed_fen"),
            executed_constant_fen=total("executed_constant_fen"),
            n_with_budget=pl.col("budget_fen").count(),
            budget_stage=pl.when(n_budget_stages == 1).then(pl.col("budget_stage").min()),
            budget_fen=pl.when(n_budget_stages == 1).then(pl.col("budget_fen").sum()),
            n_with_execution_rate=pl.col("rated_budget").count(),
            execution_rate=pl.when(rate_refusal.is_null()).then(
                quotient(pl.col("rated_executed").sum(), pl.col("rated_budget").sum())
            ),
            execution_rate_denominator=pl.when(n_stages == 1).then(pl.col("rated_stage").min()),
            execution_rate_reason=pl.coalesce(
                rate_refusal,
                code_if(pl.col("rated_budget").sum() == 0, "zero_budget"),
            ),
            n_with_attainment=pl.col("attainment_rate").count(),
            attainment_rate=pl.when(attainment_refusal.is_null()).then(mean("attainment_rate")),
            attainment_rate_reason=attainment_refusal,
            n_with_gap=pl.col("gap").count(),
            gap=pl.when(gap_refusal.is_null()).then(mean("gap")),
            gap_reason=gap_refusal,
            gap_denominator=pl.when(gap_refusal.is_null()).then(
                pl.col("budget_stage").filter(pl.col("gap").is_not_null()).min()
            ),
            n_with_ambition=pl.col("ambition").count(),
            ambition=pl.when(ambition_refusal.is_null()).then(mean("ambition")),
            ambition_reason=ambition_refusal,
            n_reasons_due=pl.col("n_reasons_due").sum(),
            n_reasons_given=pl.col("n_reasons_given").sum(),
            reason_rate=quotient(pl.col("n_reasons_given").sum(), pl.col("n_reasons_due").sum()),
            project_keys=pl.col("project_key").unique().sort().str.join(","),
            region_code=pl.col("region_code").min(),
            region_name=pl.col("region_name").min(),
            region_kind=pl.col("region_kind").min(),
            province=pl.col("province").min(),
            price_level=pl.col("price_level").min(),
        )

    def unit_costs(self) -> pl.DataFrame:
        """What one of the thing that most counties of a sub-type count costs: a row per programme and county-year."""
        cell = ["family", "sub_type", "kind", "place", "fiscal_year"]
        group = ["family", "sub_type", "kind"]
        rows = (
            self.attainment.filter((pl.col("level2") == "quantity") & (pl.col("actual") > 0))
            .select(
                "file_name",
                "actual",
                unit_cost_quantity=pl.col("name").str.strip_suffix("数量"),
                unit_cost_unit=pl.coalesce("actual_unit", "target_unit"),
            )
            .join(self.measured.select("file_name", "executed_fen", *cell), on="file_name")
            .filter(pl.all_horizontal(pl.col("executed_fen", "sub_type", "place").is_not_null()))
        )
        common = (
            rows.group_by(*group, "unit_cost_quantity", "unit_cost_unit")
            .agg(n_places=pl.col("place").n_unique(), n=pl.len())
            .sort(["n_places", "n", "unit_cost_quantity", "unit_cost_unit"], descending=[True, True, False, False])
            .group_by(group, maintain_order=True)
            .first()
            .select(*group, "unit_cost_quantity", "unit_cost_unit")
        )
        return (
            rows.join(common, on=[*group, "unit_cost_quantity", "unit_cost_unit"])
            .group_by(*cell, "unit_cost_quantity", "unit_cost_unit")
            .agg(unit_cost_fen=quotient(pl.col("executed_fen").sum() * 100, pl.col("actual").sum(), 1))
        )

    def programme_county_years(self) -> pl.DataFrame:
        """One programme of a county in a year, beside its peers and its year before."""
        cell = ["family", "sub_type", "kind", "place", "fiscal_year"]
        refusal, cost = pl.col("peer_refusal"), pl.col("unit_cost_fen")
        frame = (
            self.pooled(*cell)
            .join(self.unit_costs(), on=cell, how="left", nulls_equal=True)
            .with_columns(
                unit_cost_reason=pl.when(cost.is_null()).then(
                    pl.coalesce(
                        code_if(pl.col("sub_type").is_null(), "sub_type_unknown"),
                        code_if(pl.col("place").is_null(), "region_unknown"),
                        pl.lit("no_common_quantity"),
                    )
                ),
                peer_refusal=pl.coalesce(
                    code_if(pl.col("place").is_null(), "region_unknown"),
                    code_if(pl.col("sub_type").is_null(), "sub_type_unknown"),
                ),
            )
        )
        peers = ["family", "sub_type", "kind", "region_kind", "province", "fiscal_year"]
        frame = frame.with_columns(n_peers=pl.when(refusal.is_null()).then(pl.len().over(*peers, "peer_refusal")))
        for name, value, reason, further in (
            ("execution_rate", "execution_rate", "execution_rate_reason", ["execution_rate_denominator"]),
            ("unit_cost", "unit_cost_fen", "unit_cost_reason", []),
            ("attainment", "attainment_rate", "attainment_rate_reason", []),
            ("gap", "gap", "gap_reason", ["gap_denominator"]),
            ("ambition", "ambition", "ambition_reason", []),
        ):
            group = [*peers, *further, "peer_refusal"]
            n_known = pl.col(value).count().over(group).cast(pl.Int64)
            below = pl.col(value).rank("min").over(group).cast(pl.Int64) - 1
            has_value = refusal.is_null() & pl.col(value).is_not_null()
            why_none = pl.coalesce(reason, pl.lit("no_operands"))
            frame = frame.with_columns(
                pl.when(has_value).then(n_known).alias(f"n_{name}_peers"),
                pl.when(has_value & (n_known >= MINIMUM_PEERS))
                .then(quotient(below, n_known - 1))
                .alias(f"{name}_percentile"),
                pl.coalesce(
                    refusal,
                    pl.when(pl.col(value).is_null()).then(why_none),
                    code_if(n_known < MINIMUM_PEERS, "too_few_peers"),
                ).alias(f"{name}_percentile_reason"),
            )
        return frame.join(self._programme_years_before(frame), on=cell, how="left", nulls_equal=True)

    def _programme_years_before(self, frame: pl.DataFrame) -> pl.DataFrame:
        cell = ["family", "sub_type", "kind", "place", "fiscal_year"]
        by_programme: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in frame.filter(pl.col("place").is_not_null()).iter_rows(named=True):
            by_programme.setdefault((row["family"], row["place"]), []).append(row)
        pairs = []
        for rows in by_programme.values():
            for later in rows:
                earlier_rows = [row for row in rows if row["fiscal_year"] < later["fiscal_year"]]
                if earlier_rows:
                    earlier = min(
                        earlier_rows,
                        key=lambda row: (
                            row["sub_type"] != later["sub_type"],
                            row["kind"] != later["kind"],
                            -row["fiscal_year"],
                            row["sub_type"] is None,
                            row["sub_type"] or "",
                            row["kind"],
                        ),
                    )
                    pairs.append({**{name: later[name] for name in cell}, **_pair_of_programmes(later, earlier)})
        return pl.DataFrame(pairs, schema_overrides={"compared_unit_cost": pl.Int64}, infer_schema_length=None)

    def project_years(self, ids: dict[str, str]) -> pl.DataFrame:
        """One report beside the earlier one it is laid against.

        Of reports that are equally good the one with the smallest of `ids` (by file name) speaks.
        """
        rows = list(self.measured.iter_rows(named=True))
        chosen: dict[str, tuple[dict[str, Any], str]] = {}
        for basis, parts in (
            ("same_project", ("project_key", "kind", "project_code")),
            ("same_project", ("project_key", "kind")),
            ("same_project", ("project_key",)),
            ("same_unit_and_sub_type", ("unit_key", "family", "sub_type")),
            ("same_county_and_sub_type", ("county_label", "family", "sub_type")),
            ("same_family", ("family",)),
        ):
            groups: dict[tuple[Any, ...], dict[int, list[dict[str, Any]]]] = {}
            for row in rows:
                if all(row[part] is not None for part in parts):
                    years = groups.setdefault(tuple(row[part] for part in parts), {})
                    years.setdefault(row["fiscal_year"], []).append(row)
            for years in groups.values():
                for year, members in years.items():
                    before = [earlier for earlier in years if earlier < year]
                    if not before:
                        continue
                    speaker = min(
                        years[max(before)], key=lambda row: (row["executed_fen"] is None, ids[row["file_name"]])
                    )
                    for row in members:
                        chosen.setdefault(row["file_name"], (speaker, basis))
        return pl.DataFrame(
            [_pair_of_projects(row, *chosen.get(row["file_name"], (None, None))) for row in rows],
            schema_overrides={"growth_rate": pl.Int64},
            infer_schema_length=None,
        )

    def county_years(self, ids: dict[str, str]) -> pl.DataFrame:
        """What a county published of one kind in a year, and how like for like its outlay grew."""
        key = ["place", "kind", "fiscal_year"]
        families = self.measured.group_by(key).agg(n_programme_families=pl.col("family").n_unique())
        constants = self.measured.select(compared_file="file_name", compared_constant="executed_constant_fen")
        pairs = (
            self.project_years(ids)
            .filter(pl.col("compared_file").is_not_null())
            .join(self.measured.select("file_name", *key, "executed_constant_fen"), on="file_name")
            .join(constants, on="compared_file")
            .filter(pl.col("place").is_not_null())
            .group_by(key)
            .agg(
                n_comparable_projects=pl.col("is_comparable").sum(),
                n_refused_projects=(~pl.col("is_comparable")).sum(),
                comparable_fen=pl.col("executed_constant_fen").filter("is_comparable").sum(),
                compared_fen=pl.col("compared_constant").filter("is_comparable").sum(),
            )
            .with_columns(
                pl.when(pl.col("n_comparable_projects") > 0).then("comparable_fen").alias("comparable_fen"),
                pl.when(pl.col("n_comparable_projects") > 0).then("compared_fen").alias("compared_fen"),
            )
        )
        before = ["region_code", "region_name", "region_kind"]
        return (
            self.pooled(*key)
            .join(families, on=key, nulls_equal=True)
            .join(pairs, on=key, how="left", nulls_equal=True)
            .sort("fiscal_year")
            .with_columns(
                pl.col("n_comparable_projects", "n_refused_projects").fill_null(0),
                *(
                    pl.when(pl.col("place").is_not_null())
                    .then(pl.col(name).shift(1).over("place", "kind"))
                    .alias(f"previous_{name}")
                    for name in before
                ),
                growth_rate=quotient(pl.col("comparable_fen") - pl.col("compared_fen"), pl.col("compared_fen")),
                growth_reason=pl.coalesce(
                    code_if(pl.col("place").is_null(), "region_unknown"),
                    code_if(pl.col("n_comparable_projects").fill_null(0) == 0, "no_comparable_projects"),
                ),
            )
            .with_columns(
                has_region_change=(pl.col("previous_region_code") != pl.col("region_code"))
                | (pl.col("previous_region_name") != pl.col("region_name")),
                has_tier_change=pl.col("previous_region_kind") != pl.col("region_kind"),
            )
        )

    def lost_points(self) -> pl.DataFrame:
        """Every row that lost points, in the order of the form, with what was left before and after it."""
        execution = self.execution.select(
            "file_name",
            ordinal=pl.lit(0, pl.Int64),
            loss_source=pl.lit("execution"),
            weight=pl.col("execution_weight_points"),
            score=pl.col("execution_score_points"),
            score_basis=pl.when(pl.col("execution_score").is_null())
            .then(pl.lit("implied"))
            .otherwise(pl.lit("stated")),
            has_reason=pl.lit(None, pl.Boolean),
        )
        rows = self.attainment.select(
            "file_name",
            pl.col("ordinal").cast(pl.Int64),
            loss_source=pl.lit("indicator"),
            weight="weight",
            score="score",
            score_basis=pl.lit("stated"),
            has_reason=pl.col("reason_text").is_not_null(),
        )
        lost = pl.col("lost")
        return (
            pl.concat([execution, rows])
            .filter(pl.col("weight").is_not_null() & pl.col("score").is_not_null())
            .sort("file_name", "ordinal")
            .with_columns(lost=pl.col("weight") - pl.col("score"))
            .with_columns(
                points_after=pl.col("weight").sum().over("file_name") - lost.cum_sum().over("file_name"),
                all_lost=lost.filter(lost > 0).sum().over("file_name"),
            )
            .with_columns(
                points_before=pl.col("points_after") + lost,
                lost_share=pl.when(lost > 0).then(quotient(lost, pl.col("all_lost"))),
                loss_rank=pl.struct(-lost, "ordinal").rank("ordinal").over("file_name").cast(pl.Int64),
            )
            .filter(lost != 0)
        )

    def benchmarks(self) -> pl.DataFrame:
        """How targets and actuals of one indicator are spread over the reports of a programme family in a year."""
        key = ["name", "base_unit", "family", "sub_type", "kind", "fiscal_year"]
        rows = self.attainment.join(
            self.measured.select("file_name", "family", "sub_type", "kind", "fiscal_year", "place"), on="file_name"
        ).with_columns(
            name=pl.when(pl.col("level2") == "quantity")
            .then(pl.col("name").str.strip_suffix("数量"))
            .otherwise("name"),
            base_unit=pl.coalesce("target_base", "actual_base"),
            is_exact=pl.col("actual_amount") == pl.col("target_amount"),
            rising=pl.when(pl.col("direction").is_in(["higher", "exact"])).then("attainment_ratio"),
        )
        numeric, is_known = pl.col("n_numeric_rows"), pl.col("sub_type").is_not_null()

        def at(name: str, share: float) -> pl.Expr:
            """The first value in order of which the share of values up to it is reached."""
            known = pl.col(name).drop_nulls().sort()
            position = (known.len() * round(share * 100) + 99) // 100 - 1
            return pl.when(known.len() > 0).then(known.get(position.clip(lower_bound=0), null_on_oob=True))

        shares = (0.1, 0.25, 0.5, 0.75, 0.9)
        frame = rows.group_by(key).agg(
            n_rows=pl.len(),
            n_regions=pl.col("place").drop_nulls().n_unique(),
            n_numeric_rows=pl.col("actual_amount").count(),
            n_judged_rows=pl.col("is_target_met").count(),
            n_targets_met=pl.col("is_target_met").sum(),
            n_exact_hits=pl.col("is_exact").sum(),
            n_ratios=pl.col("attainment_ratio").count(),
            n_rising_rows=pl.col("rising").count(),
            n_over_completed=(pl.col("rising") >= OVER_COMPLETION).sum(),
            **{
                f"{label}_p{round(share * 100)}": at(name, share)
                for label, name in (
                    ("target", "target_amount"),
                    ("actual", "actual_amount"),
                    ("attainment", "attainment_ratio"),
                )
                for share in shares
            },
        )
        return frame.with_columns(
            *(
                pl.when(is_known & (pl.col("n_ratios" if label == "attainment" else "n_numeric_rows") >= MINIMUM_PEERS))
                .then(f"{label}_p{round(share * 100)}")
                .alias(f"{label}_p{round(share * 100)}")
                for label in ("target", "actual", "attainment")
                for share in shares
            ),
            *(
                pl.when(is_known & (pl.col(of) >= MINIMUM_PEERS))
                .then(quotient(pl.col(count).cast(pl.Int64), pl.col(of).cast(pl.Int64)))
                .alias(share)
                for share, count, of in (
                    ("target_met_share", "n_targets_met", "n_judged_rows"),
                    ("exact_hit_share", "n_exact_hits", "n_numeric_rows"),
                    ("over_completion_share", "n_over_completed", "n_rising_rows"),
                )
            ),
            benchmark_reason=pl.coalesce(
                code_if(~is_known, "sub_type_unknown"),
                code_if(numeric == 0, "no_operands"),
                code_if(numeric < MINIMUM_PEERS, "too_few_rows"),
            ),
        )

    def coverage(self, existing: Iterable[tuple[str, int]]) -> pl.DataFrame:
        """What is due of a county in a year, by the years around it, and what of it is here.

        `existing` are the counties and the years in which they were counties.
        """
        received: dict[tuple[str, int], set[str]] = {}
        known = self.measured.filter(pl.col("place").is_not_null() & pl.col("kind").is_in(SELF_EVALUATIONS))
        for place, year, project in known.select("place", "fiscal_year", "project_key").iter_rows():
            received.setdefault((place, year), set()).add(project)
        years = [year for _, year in received]
        rows = []
        for place, year in existing:
            if not min(years) <= year <= max(years):
                continue
            here = received.get((place, year), set())
            before, after = received.get((place, year - 1), set()), received.get((place, year + 1), set())
            due = before | after
            if here or due:
                rows.append(
                    {
                        "place": place,
                        "fiscal_year": year,
                        "n_received": len(here),
                        "n_expected": len(due) or None,
                        "n_expected_received": len(due & here) if due else None,
                        "n_missing": len(due - here) if due else None,
                        "n_gaps": len((before & after) - here),
                    }
                )
        return pl.DataFrame(rows, infer_schema_length=None).with_columns(
            coverage_rate=quotient(pl.col("n_expected_received"), pl.col("n_expected")),
            coverage_reason=code_if(pl.col("n_expected").is_null(), "no_neighbouring_years"),
        )


def _half_up(numerator: int, denominator: int) -> int | None:
    if denominator == 0:
        return None
    whole = (2 * abs(numerator) * 1_000_000 + abs(denominator)) // (2 * abs(denominator))
    return whole if (numerator < 0) == (denominator < 0) else -whole


def _real_growth(later: dict[str, Any], earlier: dict[str, Any], amount: str) -> int | None:
    """Growth in prices of one year, in millionths."""
    if later[amount] is None or earlier[amount] is None:
        return None
    before = later["price_level"] * earlier[amount]
    return _half_up(earlier["price_level"] * later[amount] - before, before)


def _pair_of_programmes(later: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    differs = later["project_keys"] != earlier["project_keys"]
    sub_types = (later["sub_type"], earlier["sub_type"])
    refusals = {
        "sub_type_unknown": None in sub_types and differs,
        "different_sub_type": None not in sub_types and sub_types[0] != sub_types[1],
        "different_kind": later["kind"] != earlier["kind"],
        "different_project": differs,
        "different_denominator": later["execution_rate_denominator"] != earlier["execution_rate_denominator"],
        "year_gap": later["fiscal_year"] - earlier["fiscal_year"] > 1,
        "no_amount": any(row["n_with_outlay"] < row["n_projects"] for row in (later, earlier))
        or not earlier["executed_fen"],
    }
    codes = ",".join(code for code, holds in refusals.items() if holds) or None
    rates = (later["execution_rate"], earlier["execution_rate"])
    return {
        "compared_fiscal_year": earlier["fiscal_year"],
        "compared_sub_type": earlier["sub_type"],
        "compared_kind": earlier["kind"],
        "compared_n_projects": earlier["n_projects"],
        "compared_executed": earlier["executed_fen"],
        "compared_execution_rate": earlier["execution_rate"],
        "compared_attainment_rate": earlier["attainment_rate"],
        "compared_unit_cost": earlier["unit_cost_fen"],
        "growth_rate": None if codes else _real_growth(later, earlier, "executed_fen"),
        "execution_rate_change": None if codes or None in rates else rates[0] - rates[1],
        "unit_cost_growth_rate": None if codes else _real_growth(later, earlier, "unit_cost_fen"),
        "is_comparable": codes is None,
        "refusal_codes": codes,
    }


def _pair_of_projects(later: dict[str, Any], earlier: dict[str, Any] | None, basis: str | None) -> dict[str, Any]:
    if earlier is None:
        empty = ("compared_file", "comparison_basis", "growth_rate", "is_comparable", "refusal_codes")
        return {"file_name": later["file_name"], **dict.fromkeys(empty)}
    counties = (later["county_label"], earlier["county_label"])
    is_one_unresolved = (later["place"] is None) != (earlier["place"] is None)
    sub_types = (later["sub_type"], earlier["sub_type"])
    refusals = {
        "county_unknown": None in counties or is_one_unresolved,
        "different_county": not is_one_unresolved and None not in counties and counties[0] != counties[1],
        "sub_type_unknown": basis != "same_project" and None in sub_types,
        "different_sub_type": None not in sub_types and sub_types[0] != sub_types[1],
        "different_kind": later["kind"] != earlier["kind"],
        "different_project": basis != "same_project",
        "different_denominator": later["budget_stage"] != earlier["budget_stage"],
        "year_gap": later["fiscal_year"] - earlier["fiscal_year"] > 1,
        "no_amount": later["executed_fen"] is None or not earlier["executed_fen"],
    }
    codes = ",".join(code for code, holds in refusals.items() if holds) or None
    return {
        "file_name": later["file_name"],
        "compared_file": earlier["file_name"],
        "comparison_basis": basis,
        "growth_rate": None if codes else _real_growth(later, earlier, "executed_fen"),
        "is_comparable": codes is None,
        "refusal_codes": codes,
    }


def differences(
    connection: duckdb.DuckDBPyConnection, query: str, truth: pl.DataFrame, key: list[str], columns: list[str]
) -> list[str]:
    """Where the answer to a query is not the truth, as sentences; the query names its columns as the truth does."""
    answer = connection.sql(query).pl()
    # A null in a key is a group of its own.
    joined = truth.with_columns(has_truth=True).join(
        answer.with_columns(has_answer=True), on=key, how="full", suffix="_answered", nulls_equal=True, coalesce=True
    )
    found = []
    for side, missing in (("has_truth", "is told and not true"), ("has_answer", "is true and not told")):
        lost = joined.filter(pl.col(side).is_null())
        found += [f"{row} {missing}" for row in lost.select(key).rows()[:5]]
    found += [f"{len(answer)} rows for {len(truth)}"] if len(answer) != len(truth) else []
    for column in columns:
        expected, told = pl.col(column), pl.col(f"{column}_answered")
        if truth.schema[column].is_numeric():
            expected, told = expected.cast(pl.Int64), told.cast(pl.Int64)
        wrong = joined.filter(pl.col("has_truth") & pl.col("has_answer") & expected.ne_missing(told))
        found += [
            f"{column}: {len(wrong)} wrong, e.g. {row}"
            for row in wrong.select(*key, expected.alias("true"), told.alias("told")).rows()[:1]
        ]
    return found
