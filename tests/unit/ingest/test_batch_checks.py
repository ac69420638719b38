from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.batch_checks import check_batch
from ingest.check_results import BatchVerdict, CheckResult
from ingest.check_rules import checks
from ingest.raw_schema import record_frames

TODAY = date(2024, 5, 1)
Frames = dict[str, pl.DataFrame]


@pytest.fixture
def frames(make_record) -> Frames:
    """The raw tables of three sound documents."""
    return record_frames([make_record(name) for name in "abc"], "load 1")


@pytest.fixture
def first(make_record) -> str:
    """The record that the tests below damage."""
    return make_record("a").record_id


def put(table: str, column: str, value: Any) -> Callable[[Frames, str], Frames]:
    """A damage: another value in the rows of the first record."""

    def damage(frames: Frames, record_id: str) -> Frames:
        frame = frames[table]
        chosen = pl.col("record_id") == record_id
        changed = pl.when(chosen).then(pl.lit(value)).otherwise(pl.col(column)).cast(frame.schema[column])
        return {**frames, table: frame.with_columns(changed.alias(column))}

    return damage


def repeat(table: str) -> Callable[[Frames, str], Frames]:
    """A damage: the rows of the first record stand there twice."""

    def damage(frames: Frames, record_id: str) -> Frames:
        again = frames[table].filter(pl.col("record_id") == record_id)
        return {**frames, table: pl.concat([frames[table], again])}

    return damage


def executed_is(amount: str) -> Callable[[Frames, str], Frames]:
    def damage(frames: Frames, record_id: str) -> Frames:
        funding = frames["funding_lines"]
        is_executed = (pl.col("record_id") == record_id) & (pl.col("stage") == "executed")
        value = pl.when(is_executed).then(pl.lit(amount)).otherwise(pl.col("amount_yuan").cast(pl.String))
        return {**frames, "funding_lines": funding.with_columns(value.cast(pl.Decimal(18, 2)).alias("amount_yuan"))}

    return damage


def two_amounts_executed(frames: Frames, record_id: str) -> Frames:
    return put("funding_lines", "stage", "executed")(executed_is("170000.00")(frames, record_id), record_id)


DAMAGES: dict[str, Callable[[Frames, str], Frames]] = {
    "documents.record_appears_once.v1": repeat("documents"),
    "documents.published_in_the_past.v1": put("documents", "published_on", date(2024, 5, 3)),
    "reports.belongs_to_a_document.v1": put("reports", "record_id", "unknown"),
    "reports.key_is_unique.v1": repeat("reports"),
    "reports.fiscal_year_is_plausible.v1": put("reports", "fiscal_year", 2026),
    "reports.fiscal_year_is_mostly_known.v1": put("reports", "fiscal_year", None),
    "reports.total_score_is_on_a_known_scale.v1": put("reports", "total_score", "110.01"),
    "reports.stated_rate_is_plausible.v1": put("reports", "execution_stated_rate_pct", "201"),
    "reports.stated_rate_can_be_stored.v1": put("reports", "execution_stated_rate_pct", "-1000000"),
    "funding_lines.key_is_unique.v1": put("funding_lines", "line_id", "1"),
    "funding_lines.amount_is_not_negative.v1": put("funding_lines", "amount_yuan", "-0.01"),
    "funding_lines.amount_is_below_a_hundred_billion.v1": put("funding_lines", "amount_yuan", "100000000000.00"),
    "funding_lines.amount_can_be_stored.v1": put("funding_lines", "amount_yuan", "10000000000000.00"),
    "funding_lines.amount_is_mostly_known.v1": put("funding_lines", "amount_yuan", None),
    "funding_lines.stage_and_source_have_one_amount.v1": two_amounts_executed,
    "funding_sources.executed_has_the_budgets_magnitude.v1": executed_is("1800000000.00"),
    "indicators.key_is_unique.v1": repeat("indicators"),
    "indicators.weight_is_on_the_scale.v1": put("indicators", "weight", "100.5"),
    "indicators.score_is_not_negative.v1": put("indicators", "score", "-1"),
    "indicators.score_is_within_weight.v1": put("indicators", "score", "7.51"),
    "indicators.figures_can_be_stored.v1": put("indicators", "actual_high", "-1000000000000000"),
    "indicators.actual_is_mostly_filled_in.v1": put("indicators", "actual_state", "blank"),
    "indicators.target_is_mostly_understood.v1": put("indicators", "target_state", "unreadable"),
    "evidence.confidence_is_a_share.v1": put("indicators", "evidence_confidence", 1.01),
    "evidence.ends_after_its_start.v1": put("funding_lines", "evidence_start", 10),
    "evidence.lies_inside_the_document.v1": put("funding_lines", "evidence_end", 99),
    "evidence.is_mostly_certain.v1": put("funding_lines", "evidence_confidence", 0.4),
}


def name(result: CheckResult) -> str:
    return f"{result.subject}.{result.check_name}"


def failed(verdict: BatchVerdict) -> set[str]:
    return {name(result) for result in verdict.results if result.result is False}


def test_a_sound_batch_passes_every_check(frames: Frames) -> None:
    verdict = check_batch(frames, today=TODAY)
    assert failed(verdict) == set()
    assert verdict.rejected == {}
    assert verdict.stopped is None
    assert {name(result) for result in verdict.results} == {
        f"{check.subject}.{check.versioned_name}" for check in checks(TODAY)
    }


def test_every_check_has_a_batch_that_fails_it() -> None:
    assert set(DAMAGES) == {f"{check.subject}.{check.versioned_name}" for check in checks(TODAY)}


@pytest.mark.parametrize("check_name", DAMAGES)
def test_a_damaged_batch_fails_its_check(
    frames: Frames, first: str, check_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = next(check for check in checks(TODAY) if f"{check.subject}.{check.versioned_name}" == check_name)
    monkeypatch.setattr("ingest.batch_checks.checks", lambda today: [check])
    verdict = check_batch(DAMAGES[check_name](frames, first), today=TODAY)
    assert check_name in failed(verdict)
    result = next(result for result in verdict.results if name(result) == check_name)
    assert 0 < result.n_failed <= result.n_evaluated
    assert len(result.failing_rows) == result.n_failed
    assert result.reason == result.rule
    if check.severity == "warning":
        assert verdict.rejected == {}
        assert verdict.stopped is None
    elif "belongs" in check_name:
        assert verdict.stopped is not None
        assert verdict.stopped.row.startswith("unknown ")
    else:
        assert verdict.stopped is None
        assert verdict.rejected[first].check_name == check_name
        assert first in result.failing_rows[0].values()


@pytest.mark.parametrize(
    "damages",
    [
        (
            put("reports", "fiscal_year", 2025),
            put("reports", "total_score", "110"),
            put("documents", "published_on", date(2024, 5, 2)),
            put("indicators", "score", None),
            executed_is("1800000.00"),
        ),
        (put("reports", "fiscal_year", 1990), put("reports", "total_score", "0"), executed_is("180.00")),
        (put("funding_lines", "amount_yuan", "0.00"),),
        (put("funding_lines", "stage", "executed"),),
        (put("funding_lines", "amount_yuan", "99999999999.99"),),
    ],
)
def test_values_at_the_limit_pass(
    frames: Frames, first: str, damages: tuple[Callable[[Frames, str], Frames], ...]
) -> None:
    for damage in damages:
        frames = damage(frames, first)
    assert failed(check_batch(frames, today=TODAY)) == set()


@pytest.mark.parametrize("executed", ["1800000.01", "179.99"])
def test_outlay_far_from_the_budget_is_a_unit_slip_in_either_direction(
    frames: Frames, first: str, executed: str
) -> None:
    verdict = check_batch(executed_is(executed)(frames, first), today=TODAY)
    assert failed(verdict) == {"funding_sources.executed_has_the_budgets_magnitude.v1"}


def test_only_the_damaged_document_is_rejected(frames: Frames, first: str) -> None:
    verdict = check_batch(put("funding_lines", "amount_yuan", "-5")(frames, first), today=TODAY)
    assert set(verdict.rejected) == {first}
    assert "负数" in verdict.rejected[first].zh
    assert "negative" in verdict.rejected[first].en


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("reports", "execution_stated_rate_pct", "999999.999999"),
        ("funding_lines", "amount_yuan", "9999999999999.99"),
        ("indicators", "target_value", "999999999999999"),
    ],
)
def test_what_can_still_be_stored_is_a_warning_at_most(
    frames: Frames, first: str, table: str, column: str, value: str
) -> None:
    verdict = check_batch(put(table, column, value)(frames, first), today=TODAY)
    assert verdict.rejected == {}
    assert verdict.stopped is None


def test_a_batch_without_rows_to_check_answers_neither_yes_nor_no(make_record) -> None:
    empty = record_frames([make_record(funding=[], indicators=[])], "load 1")
    verdict = check_batch(empty, today=TODAY)
    by_name = {name(result): result for result in verdict.results}
    for check_name in ("indicators.score_is_within_weight.v1", "reports.total_score_is_on_a_known_scale.v1"):
        assert by_name[check_name].result is None
        assert by_name[check_name].n_evaluated == 0
        assert "nothing to evaluate" in str(by_name[check_name].reason)
    assert failed(verdict) == set()


def test_a_table_without_its_columns_stops_the_batch(frames: Frames) -> None:
    verdict = check_batch({**frames, "indicators": frames["indicators"].drop("score")}, today=TODAY)
    assert verdict.stopped is not None
    assert "score" in verdict.stopped.en
    assert failed(verdict) == {"indicators.columns_are_present.v1"}


def test_a_critical_check_that_cannot_run_stops_the_batch(
    frames: Frames, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = next(check for check in checks(TODAY) if check.name == "amount_is_not_negative")
    broken = replace(broken, arguments={"column": "gone", "min_value": 0})
    monkeypatch.setattr("ingest.batch_checks.checks", lambda today: [broken])
    verdict = check_batch(frames, today=TODAY, data_docs=tmp_path)
    assert verdict.stopped is not None
    assert verdict.results[0].result is False
    assert "amount_is_not_negative" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "gone" in str(verdict.results[0].reason)


def test_at_most_a_hundred_failing_rows_are_kept_by_key_and_every_document_is_rejected(make_record, tmp_path) -> None:
    records = [make_record(f"doc {number}", fiscal_year=1980) for number in range(120)]
    verdict = check_batch(record_frames(records, "load 1"), today=TODAY, data_docs=tmp_path)
    result = next(result for result in verdict.results if result.check_name == "fiscal_year_is_plausible.v1")
    assert (result.n_failed, len(result.failing_rows)) == (120, 100)
    assert set(verdict.rejected) == {record.record_id for record in records}


def test_data_docs_are_readable_without_a_network(frames: Frames, first: str, tmp_path: Path) -> None:
    damaged = put("funding_lines", "amount_yuan", "-5")(frames, first)
    verdict = check_batch(damaged, today=TODAY, data_docs=tmp_path / "docs")
    pages = {page.name: page.read_text(encoding="utf-8") for page in (tmp_path / "docs").iterdir()}
    assert set(pages) == {f"{subject}.html" for subject in ("index", *{check.subject for check in checks(TODAY)})}
    for page in pages.values():
        assert not re.search(r"<(script|link|img|iframe)\b", page)
        assert not re.search(r"(src|href)\s*=\s*[\"']?\s*(https?:)?//", page)
        assert "url(" not in page
    for check in checks(TODAY):
        for page in (pages["index.html"], pages[f"{check.subject}.html"]):
            assert check.versioned_name in page
            assert check.zh in page
            assert check.en in page
    failed = next(result for result in verdict.results if result.check_name == "amount_is_not_negative.v1")
    row = failed.failing_rows[0]
    assert list(row)[:2] == ["file_name", "amount_yuan"]
    for name, value in row.items():
        assert f"{name} {value}" in pages["index.html"]
    assert first in pages["funding_lines.html"]
    assert row["line_id"] in pages["funding_lines.html"]
    assert "未通过 failed" in pages["index.html"]


def test_checking_sends_nothing_prints_nothing_and_leaves_no_files(
    frames: Frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    check_batch(frames, today=TODAY)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")
