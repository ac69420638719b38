"""What the models must say of the synthetic archive, computed from its truth in polars and without any of them.

Money is in fen, points in hundredths and rates in millionths, all whole numbers, until the last step: nothing here can
round where it should not. Every frame has one row per thing and says by which columns it is compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from benchmarks.archive import STAGES, Archive

PRICE_BASE_YEAR = 2020
# Consumer prices, previous year = 100, as the National Bureau of Statistics publishes them.
PRICE_INDEX = {2018: "102.1", 2019: "102.9", 2020: "102.5", 2021: "100.9", 2022: "102.0", 2023: "100.2"}
BASE_UNITS = {"万元": ("元", 10_000), "元": ("元", 1), "百分比": ("%", 1)}
GRADES = {"优": "EXCELLENT", "A": "EXCELLENT", "良": "GOOD", "中": "FAIR", "合格": "FAIR", "差": "POOR"}
WIDE = pl.Int128


def price_levels() -> dict[int, int]:
    """Prices of each year in ten-thousandths of a hundredth, base year = 1,000,000."""
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


def rate(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """A rate with six places as the models publish it."""
    return quotient(numerator, denominator) / 1_000_000


def hundredths(name: str) -> pl.Expr:
    """A decimal with at most two places, written as text, in hundredths."""
    return (pl.col(name).cast(pl.Decimal(24, 2)) * 100).cast(pl.Int64)


class Truth:
    """The truth of an archive as typed frames."""

    def __init__(self, archive: Archive) -> None:
        self.reports = pl.DataFrame(archive.project_years, infer_schema_length=None).with_columns(
            *(pl.col(f"{stage}_fen").cast(pl.Int64) for stage in STAGES),
            *(hundredths(name) for name in ("stated_rate_pct", "execution_weight", "execution_score", "total")),
        )
        self.indicators = pl.DataFrame(archive.indicators, infer_schema_length=None).with_columns(
            *(hundredths(name) for name in ("target", "actual", "weight", "score"))
        )
        self.attainment = self._attainment()
        self.execution = self._execution()
        self.evaluation = self._evaluation()
        self.project_years = self._project_years()

    def _attainment(self) -> pl.DataFrame:
        """One row of a form: both values in one unit, how far the target was reached, the score that follows."""

        def base(name: str) -> pl.Expr:
            return pl.col(name).replace_strict({unit: base for unit, (base, _) in BASE_UNITS.items()}, default=pl.col(name))

        def factor(own: str, other: str) -> pl.Expr:
            factors = {unit: by for unit, (_, by) in BASE_UNITS.items()}
            return pl.coalesce(own, other).replace_strict(factors, default=1, return_dtype=pl.Int64)

        typed = self.indicators.with_columns(
            target_base=base("target_unit"),
            actual_base=base("actual_unit"),
            target_amount=pl.col("target") * factor("target_unit", "actual_unit"),
            actual_amount=pl.col("actual") * factor("actual_unit", "target_unit"),
        )
        target, actual = pl.col("target_amount"), pl.col("actual_amount")
        reasoned = typed.with_columns(
            attainment_reason=pl.when(pl.col("operator") == "by_date")
            .then(pl.lit("range_target"))
            .when(target.is_null() | actual.is_null())
            .then(pl.lit("not_numeric"))
            .when(pl.col("target_base") != pl.col("actual_base"))
            .then(pl.lit("unit_mismatch"))
            .when(target == 0)
            .then(pl.lit("zero_target"))
            .when((pl.col("direction") == "lower") & (actual == 0))
            .then(pl.lit("zero_actual")),
        )
        is_numeric = pl.col("attainment_reason").is_null() | pl.col("attainment_reason").is_in(
            ["zero_target", "zero_actual"]
        )
        above = pl.when(pl.col("direction") == "lower").then(target).otherwise(actual)
        below = pl.when(pl.col("direction") == "lower").then(actual).otherwise(target)
        is_reached = (
            pl.when(pl.col("direction") == "lower")
            .then(actual <= target)
            .when(pl.col("direction") == "exact")
            .then(actual == target)
            .otherwise(actual >= target)
        )
        measured = reasoned.with_columns(
            is_target_met=pl.when(pl.col("operator") == "by_date").then(pl.col("is_met")).when(is_numeric).then(is_reached),
            attainment=pl.when(pl.col("attainment_reason").is_null()).then(quotient(above, below)),
            is_numeric=is_numeric,
        )
        in_proportion = pl.when(
            pl.when(pl.col("direction") == "lower").then(actual <= target).otherwise(actual >= target)
        ).then(pl.col("weight"))
        return measured.with_columns(
            target_amount=pl.when("is_numeric").then(target),
            actual_amount=pl.when("is_numeric").then(actual),
            base_unit=pl.coalesce("target_base", "actual_base"),
            attainment_ratio=pl.col("attainment") / 1_000_000,
            capped_attainment=pl.min_horizontal(pl.col("attainment"), pl.lit(1_000_000)) / 1_000_000,
            recomputed_score=pl.when(pl.col("attainment_reason").is_in(["range_target", "zero_target"]))
            .then(pl.when("is_target_met").then(pl.col("weight")).otherwise(0 * pl.col("weight")))
            .when(pl.col("attainment_reason").is_null() | (pl.col("attainment_reason") == "zero_actual"))
            .then(in_proportion.otherwise(quotient(pl.col("weight") * above, below, 1))),
        ).with_columns(score_difference=pl.col("score") - pl.col("recomputed_score"))

    def _execution(self) -> pl.DataFrame:
        """One report: its money, the rates between the stages, and the points of the execution row."""
        budget = pl.coalesce("adjusted_budget_fen", "initial_budget_fen", "approved_fen", "planned_fen")
        frame = self.reports.with_columns(budget_fen=budget).with_columns(
            execution_rate=rate(pl.col("executed_fen"), pl.col("budget_fen")),
            execution_rate_on_received=rate(pl.col("executed_fen"), pl.col("received_fen")),
            arrival_rate=rate(pl.col("received_fen"), pl.col("budget_fen")),
            stated_execution_rate=pl.col("stated_rate_pct") / 10_000,
        )
        sums = self._sums()
        # Where a form leaves its execution row out, its ten points are what the rows lack to a hundred.
        is_implied = (
            pl.col("execution_weight").is_null()
            & (pl.col("weight_sum") == 9000)
            & pl.col("total").is_not_null()
            & (pl.col("total") != pl.col("score_sum")).fill_null(True)
            & pl.col("execution_rate").is_not_null()
        )
        weighed = frame.join(sums, on="file_name", how="left").with_columns(
            execution_weight_points=pl.when(is_implied).then(1000).otherwise(pl.col("execution_weight")),
            execution_weight_basis=pl.when(pl.col("execution_weight").is_not_null())
            .then(pl.lit("stated"))
            .when(is_implied)
            .then(pl.lit("implied"))
            .otherwise(pl.lit("none")),
        )
        return weighed.with_columns(
            recomputed_execution_score=pl.when((pl.col("executed_fen") >= pl.col("budget_fen")) & (pl.col("budget_fen") > 0))
            .then(pl.col("execution_weight_points"))
            .otherwise(quotient(pl.col("execution_weight_points") * pl.col("executed_fen"), pl.col("budget_fen"), 1))
        ).with_columns(
            execution_score_points=pl.coalesce("execution_score", "recomputed_execution_score"),
        )

    def _sums(self) -> pl.DataFrame:
        return self.indicators.group_by("file_name").agg(
            n_rows=pl.len(),
            n_scored=pl.col("score").count(),
            n_unweighted=pl.col("weight").null_count(),
            weight_sum=pl.when(pl.col("weight").count() > 0).then(pl.col("weight").sum()),
            score_sum=pl.when(pl.col("score").count() > 0).then(pl.col("score").sum()),
        )

    def _evaluation(self) -> pl.DataFrame:
        """One report: the total it gives itself, and what its own parts add up to."""
        total = pl.col("total")
        is_complete = (pl.col("n_scored") == pl.col("n_rows")) & (pl.col("n_unweighted") == 0)
        return self.execution.with_columns(
            recomputed_total=pl.when(is_complete)
            .then(
                pl.when(pl.col("execution_score_points").is_not_null())
                .then(pl.col("score_sum") + pl.col("execution_score_points"))
                .when(pl.col("weight_sum") == 10_000)
                .then(pl.col("score_sum"))
            ),
            attainment=quotient(pl.col("score_sum"), pl.col("weight_sum")),
            stated_grade=pl.col("grade").replace_strict(GRADES, default=None, return_dtype=pl.String),
            derived_grade=pl.when(total >= 9000)
            .then(pl.lit("EXCELLENT"))
            .when(total >= 8000)
            .then(pl.lit("GOOD"))
            .when(total >= 6000)
            .then(pl.lit("FAIR"))
            .when(total >= 0)
            .then(pl.lit("POOR")),
            # The form of the report, once its points and those of its execution row make a hundred.
            weight_profile=pl.when(pl.col("execution_weight_points") == 1000).then(pl.col("profile")),
        )

    def _project_years(self) -> pl.DataFrame:
        """One report beside the earlier one it is laid against."""
        return self.evaluation


def yuan(names: Sequence[str]) -> list[pl.Expr]:
    """Columns of fen as yuan with two places, under the names of the marts."""
    return [(pl.col(name).cast(pl.Decimal(20, 2)) / 100).cast(pl.Decimal(18, 2)).alias(f"{name[:-4]}_yuan") for name in names]
