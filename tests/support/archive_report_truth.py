"""What the models must say of each report of the synthetic archive, computed from its truth without any of them.

Money is in fen, points in hundredths, rates in millionths and prices in ten-thousandths, all whole numbers: nothing
here can round where it should not, and the answers of the models are turned into the same whole numbers.
"""

from __future__ import annotations

import polars as pl

from benchmarks.archive import STAGES, Archive

PRICE_BASE_YEAR = 2020
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


class ReportTruth:
    """The facts of each report of an archive, as frames."""

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
