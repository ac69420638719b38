"""What the models must say of the synthetic archive where they compare reports, computed without any of them.

Money is in fen, points in hundredths, rates in millionths and prices in ten-thousandths, as in `archive_report_truth`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb
import polars as pl

from tests.support.archive_pairs import pair_of_programmes, pair_of_projects
from tests.support.archive_report_truth import ReportTruth, code_if, mean, quotient, total

MINIMUM_PEERS = 5
OVER_COMPLETION = 1_200_000
SELF_EVALUATIONS = ("project_self_evaluation", "transfer_self_evaluation")


class Truth(ReportTruth):
    """The truth of an archive as frames: the facts of each report, and each comparison between reports."""

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
                    pairs.append({**{name: later[name] for name in cell}, **pair_of_programmes(later, earlier)})
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
            [pair_of_projects(row, *chosen.get(row["file_name"], (None, None))) for row in rows],
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
