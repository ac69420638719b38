"""A synthetic archive whose truth is known: every report of the models equals what polars computes without them.

The archive is smaller than the one that is timed (`benchmarks/build_archive.py --check` compares that one).
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from benchmarks.archive import Archive, make_archive
from ingest.records import DocumentRecord
from tests.support.archive_reports import REPORTS, disagreements
from tests.support.archive_truth import Truth, differences
from tests.support.homes import home_with_samples
from tests.support.questions import Question, questions
from tests.support.replays import Replay
from tests.support.sample_records import land
from warehouse.home import find_home

COUNTIES, YEARS, PROGRAMMES = 20, 4, 12


@pytest.fixture(scope="module")
def archive() -> Archive:
    return make_archive(COUNTIES, YEARS, PROGRAMMES)


@pytest.fixture(scope="module")
def truth(archive: Archive) -> Truth:
    return Truth(archive)


@pytest.fixture(scope="module")
def built(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the models over the archive."""
    replay = Replay(find_home(home_with_samples()), tmp_path_factory.mktemp("archive"))
    records = [DocumentRecord.model_validate(record) for record in archive.records]
    # Later years before earlier ones, in several loads: no answer depends on what came first.
    random.Random(5).shuffle(records)
    third = len(records) // 3
    land(replay.file, [records[:third], records[third : 2 * third], records[2 * third :]])
    replay.fill()
    with duckdb.connect(str(replay.file), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_equals_the_truth_row_by_row(report: str, built: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    assert disagreements(built, truth, report) == []


QUESTIONS = questions()


def test_there_are_ten_questions() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title.partition(" ")[0])
def test_a_question_has_one_answer_in_both_languages(question: Question, built: duckdb.DuckDBPyConnection) -> None:
    answer = built.execute(question.english).fetchall()
    assert answer != []
    assert built.execute(question.chinese).fetchall() == answer
    # Every column of an answer says something somewhere.
    assert all(any(value is not None for value in column) for column in zip(*answer, strict=True))


# --- what must not be put together


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The only number of the answer."""
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_no_rate_is_computed_over_several_denominators(built: duckdb.DuckDBPyConnection) -> None:
    # The rows of a group by its keys, so that the mart itself is not asked what it put together.
    mixed = """
        from (
            select years.region_id, years.kind, years.fiscal_year
            from marts.rpt_project_years as years
            where years.executed_yuan is not null and years.budget_yuan is not null
            group by all having count(distinct years.budget_stage) > 1
        ) as groups
        inner join marts.rpt_county_year as report
            on groups.region_id is not distinct from report.region_id
                and groups.kind = report.kind and groups.fiscal_year = report.fiscal_year
    """
    assert count(built, f"select count(*) {mixed}") > 10
    assert count(built, f"select count(*) {mixed} where report.execution_rate is not null") == 0
    assert count(built, f"select count(*) {mixed} where execution_rate_reason <> 'different_denominators'") == 0


RATES = (
    ("execution_rate", "execution_rate_reason", "execution_rate", "execution_rate_denominator"),
    ("attainment_execution_gap", "gap_reason", "attainment_execution_gap", "execution_rate_denominator"),
    ("indicator_attainment_rate", "attainment_rate_reason", "indicator_attainment_rate", None),
)


@pytest.mark.parametrize(("rate", "reason", "value", "denominator"), RATES, ids=lambda name: str(name))
def test_no_rate_of_a_county_is_put_together_from_what_differs(
    rate: str, reason: str, value: str, denominator: str | None, built: duckdb.DuckDBPyConnection
) -> None:
    differs = {
        "different_denominators": f"count(distinct execution.{denominator}) > 1" if denominator else "false",
        "different_sub_types": "count(distinct years.programme_id) > 1",
    }
    for code, condition in differs.items():
        groups = f"""
            from (
                select years.region_id, years.kind, years.fiscal_year
                from marts.rpt_project_years as years
                inner join marts.fct_execution as execution using (project_year_id)
                inner join marts.fct_self_evaluation as evaluation using (project_year_id)
                where {"execution" if rate == "execution_rate" else "evaluation"}.{value} is not null
                group by all having {condition}
            ) as groups
            inner join marts.rpt_county_year as report
                on groups.region_id is not distinct from report.region_id
                    and groups.kind = report.kind and groups.fiscal_year = report.fiscal_year
        """
        assert count(built, f"select count(*) {groups}") > 10 or condition == "false"
        assert count(built, f"select count(*) {groups} where {rate} is not null or {reason} is null") == 0
        if condition != "false":
            assert count(built, f"select count(*) {groups} where {reason} = '{code}'") > 0


def test_what_a_county_refuses_stands_under_each_sub_type(built: duckdb.DuckDBPyConnection) -> None:
    refused = """
        from marts.rpt_county_year as county
        inner join marts.rpt_programme_county_year as programme using (region_id, kind, fiscal_year)
        where county.execution_rate_reason = 'different_sub_types'
    """
    assert count(built, f"select count(*) {refused} and programme.execution_rate is not null") > 10


def test_a_benchmark_is_of_one_sub_type(built: duckdb.DuckDBPyConnection) -> None:
    rows = """
        from marts.fct_indicator_attainment as facts
        inner join marts.rpt_project_years as years using (project_year_id)
        where facts.normalised_indicator_name = benchmark.normalised_indicator_name
            and facts.scale = benchmark.scale and facts.base_unit is not distinct from benchmark.base_unit
            and years.programme_family is not distinct from benchmark.programme_family
            and years.kind = benchmark.kind and years.fiscal_year = benchmark.fiscal_year
    """
    several = (
        f"select count(*) from marts.rpt_indicator_benchmarks as benchmark where (select count(*) {rows}) > n_rows"
    )
    assert count(built, several) > 10


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        ("different_sub_type", "compared_sub_type <> programme_sub_type"),
        ("different_kind", "compared_kind <> kind"),
        ("year_gap", "fiscal_year - compared_fiscal_year > 1"),
    ],
)
def test_no_growth_is_computed_between_what_differs(
    code: str, condition: str, built: duckdb.DuckDBPyConnection
) -> None:
    rows = built.execute(
        "select growth_rate, unit_cost_growth_rate, execution_rate_change, refusal_codes, refusal_reasons"
        f" from marts.rpt_programme_county_year where {condition}"
    ).fetchall()
    assert rows != []
    for *figures, codes, reasons in rows:
        assert figures == [None, None, None]
        assert code in codes.split(",")
        assert reasons


def test_no_unit_cost_is_ranked_among_fewer_than_five_or_without_a_sub_type(built: duckdb.DuckDBPyConnection) -> None:
    ranked = "from marts.rpt_programme_county_year where unit_cost_percentile is not null"
    assert count(built, f"select count(*) {ranked}") > 10
    assert count(built, f"select count(*) {ranked} and (n_unit_cost_peers < 5 or programme_sub_type is null)") == 0
    refused = "from marts.rpt_programme_county_year where unit_cost_percentile is null"
    assert count(built, f"select count(*) {refused} and unit_cost_percentile_reason is null") == 0


def test_a_renamed_county_breaks_as_published_and_is_one_series_when_harmonised(
    built: duckdb.DuckDBPyConnection,
) -> None:
    published = built.execute(
        "select fiscal_year, region_name, has_region_change, has_tier_change from marts.rpt_county_year"
        " where region_id = '513425' and kind = 'project_self_evaluation' order by fiscal_year"
    ).fetchall()
    assert published == [
        (2020, "会理县", None, None),
        (2021, "会理市", True, True),
        (2022, "会理市", False, False),
        (2023, "会理市", False, False),
    ]
    harmonised = "from marts.rpt_county_year_harmonised where harmonised_to_year = {year} and kind = '{kind}'".format
    one = harmonised(year=2023, kind="project_self_evaluation")
    series = built.execute(
        f"select fiscal_year, harmonised_code {one} and harmonised_name = '会理市' order by 1"
    ).fetchall()
    assert series == [(year, "513402") for year in range(2020, 2024)]
    # What was merged is not chained, and says so.
    merged = built.execute(
        f"select distinct harmonised_code, harmonised_reason {one} and region_name = '下城区'"
    ).fetchall()
    assert merged == [(None, "merged")]


def test_what_differs_from_the_truth_is_told(built: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    """The comparison itself can fail: a missing row, a row too many and a wrong figure."""
    frame = truth.execution.head(10)
    query = "select file_name, cast(executed_yuan * 100 as bigint) as executed_fen from marts.rpt_project_years"
    names = ", ".join(f"'{name}'" for name in frame["file_name"])
    ten = f"{query} where file_name in ({names})"
    assert differences(built, ten, frame, ["file_name"], ["executed_fen"]) == []
    wrong = frame.with_columns(pl.col("executed_fen") + 1)
    assert len(differences(built, ten, wrong, ["file_name"], ["executed_fen"])) == 1
    assert len(differences(built, ten, frame.head(9), ["file_name"], ["executed_fen"])) == 2
    assert len(differences(built, f"{ten} limit 9", frame, ["file_name"], ["executed_fen"])) == 2
