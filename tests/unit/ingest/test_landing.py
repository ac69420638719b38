from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.check_results import BatchVerdict, CheckResult, Rejection
from ingest.errors import BusyError, CheckError, UnreachableError
from ingest.inputs import Input, Outcome, Quarantined, find_inputs
from ingest.landing import land
from ingest.ledger import LoadResult
from ingest.raw_schema import OPS_TABLES, RAW_TABLES, ddl
from ingest.raw_store import new_load_id, open_build
from ingest.records import DocumentRecord
from tests.support.outcomes import read_all

REFUSED = Quarantined("q.txt", "q.txt", None, "empty_document", "q.txt：空。", "q.txt: empty.")


def fresh() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for statement in ddl():
        connection.execute(statement)
    return connection


def ticking() -> Callable[[], datetime]:
    moments = (datetime(2024, 5, 1, tzinfo=UTC) + timedelta(seconds=count) for count in range(10_000))
    return lambda: next(moments)


def with_inputs(outcomes: Sequence[Outcome]) -> list[tuple[Input, Outcome]]:
    return [
        (Input(f"{number}.txt", Path(f"{number}.txt"), byte_count=number), outcome)
        for number, outcome in enumerate(outcomes)
    ]


def land_all(connection: duckdb.DuckDBPyConnection, outcomes: Sequence[Outcome], **options: Any) -> LoadResult:
    return land(connection, with_inputs(outcomes), code_version="test", **options)


def raw_rows(connection: duckdb.DuckDBPyConnection, without: tuple[str, ...] = ("load_id",)) -> dict[str, list[Any]]:
    return {
        table: connection.execute(
            f"select {', '.join(chr(34) + name + chr(34) for name in columns if name not in without)} "
            f"from raw.{table} order by all"
        ).fetchall()
        for table, columns in RAW_TABLES.items()
    }


def ledger(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select load_sequence, inputs, loaded, unchanged, quarantined from ops.loads order by load_sequence"
    ).fetchall()


def counts(result: LoadResult) -> tuple[int, int, int, int]:
    return result.inputs, result.loaded, result.unchanged, result.quarantined


def test_a_record_is_landed_with_exact_figures_and_its_load(make_record) -> None:
    connection = fresh()
    result = land_all(connection, [make_record(budget="180000.01")], clock=ticking())
    assert counts(result) == (1, 1, 0, 0)
    assert connection.execute(
        "select load_id, stage, amount_yuan from raw.funding_lines order by ordinal"
    ).fetchall() == [
        (result.load_id, "adjusted_budget", Decimal("180000.01")),
        (result.load_id, "executed", Decimal("180000.00")),
    ]
    assert connection.execute("select code_version, started_at, completed_at from ops.loads").fetchall() == [
        ("test", datetime(2024, 5, 1), datetime(2024, 5, 1, 0, 0, 1))
    ]
    assert [report.project_name for report in result.changed_reports] == ["金保工程网络维护费"]


def test_every_input_has_one_row_in_the_ledger_with_what_became_of_it(make_record) -> None:
    connection = fresh()
    result = land_all(connection, [make_record("a"), REFUSED, make_record("a")])
    assert counts(result) == (3, 1, 1, 1)
    assert connection.execute(
        "select input_name, file_name, outcome, reason_code, byte_count from ops.load_files order by input_name"
    ).fetchall() == [
        ("0.txt", "a.txt", "loaded", None, 0),
        ("1.txt", "q.txt", "quarantined", "empty_document", 1),
        ("2.txt", "a.txt", "unchanged", None, 2),
    ]
    assert connection.execute("select * exclude (load_id) from ops.quarantine").fetchall() == [
        ("q.txt", None, "empty_document", "q.txt：空。", "q.txt: empty.")
    ]
    assert result.quarantine == (REFUSED,)


def test_same_records_twice_change_nothing_but_the_ledger(make_record) -> None:
    connection = fresh()
    records = [make_record("a"), make_record("b")]
    land_all(connection, records)
    before = raw_rows(connection, without=())
    assert counts(land_all(connection, records)) == (2, 0, 2, 0)
    assert raw_rows(connection, without=()) == before
    assert ledger(connection) == [(1, 2, 2, 0, 0), (2, 2, 0, 2, 0)]


def test_a_renamed_copy_is_unchanged(make_record) -> None:
    connection = fresh()
    land_all(connection, [make_record("a", file_name="a.txt")])
    assert counts(land_all(connection, [make_record("a", file_name="copy.txt")])) == (1, 0, 1, 0)


def test_going_back_to_an_earlier_reading_of_a_document_is_a_new_load(make_record) -> None:
    connection = fresh()
    first, second = make_record("a", unit="甲局"), make_record("a", unit="乙局")
    assert [counts(land_all(connection, [record]))[1] for record in (first, second, first, first)] == [1, 1, 1, 0]
    assert connection.execute(
        "select unit from raw.reports inner join ops.loads using (load_id) order by load_sequence"
    ).fetchall() == [("甲局",), ("乙局",), ("甲局",)]


def test_two_readings_of_one_document_in_a_batch_both_land_once(make_record) -> None:
    connection = fresh()
    readings = [make_record("a", unit="甲局"), make_record("a", unit="乙局")]
    assert counts(land_all(connection, readings)) == (2, 2, 0, 0)
    assert counts(land_all(connection, readings)) == (2, 0, 2, 0)
    assert counts(land_all(connection, readings[::-1])) == (2, 0, 2, 0)


def test_a_batch_with_an_old_and_a_new_reading_changes_nothing_the_second_time(make_record) -> None:
    connection = fresh()
    old, new = make_record("a", unit="甲局"), make_record("a", unit="乙局")
    land_all(connection, [old])
    assert counts(land_all(connection, [old, new])) == (2, 1, 1, 0)
    assert counts(land_all(connection, [old, new])) == (2, 0, 2, 0)


outcome_choices = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["甲局", "乙局"])) | st.none(), min_size=1, max_size=8
)


@settings(max_examples=15, deadline=None)
@given(choices=outcome_choices, data=st.data())
def test_the_order_of_the_inputs_changes_no_raw_row(make_record, choices, data) -> None:
    outcomes = [REFUSED if choice is None else make_record(choice[0], unit=choice[1]) for choice in choices]
    shuffled = data.draw(st.permutations(outcomes))
    one, other = fresh(), fresh()
    assert counts(land_all(one, outcomes)) == counts(land_all(other, shuffled))
    assert raw_rows(one) == raw_rows(other)


@settings(max_examples=15, deadline=None)
@given(batches=st.lists(outcome_choices, min_size=1, max_size=3))
def test_the_ledger_always_adds_up_and_a_batch_twice_equals_once(make_record, batches) -> None:
    connection = fresh()
    for choices in batches:
        outcomes = [REFUSED if choice is None else make_record(choice[0], unit=choice[1]) for choice in choices]
        first = land_all(connection, outcomes)
        rows = raw_rows(connection, without=())
        second = land_all(connection, outcomes)
        assert second.loaded == 0
        assert raw_rows(connection, without=()) == rows
        for result in (first, second):
            assert result.inputs == len(choices) == result.loaded + result.unchanged + result.quarantined
    assert connection.execute(
        """
        select count(*) from ops.loads as loads
        where (loads.inputs, loads.loaded, loads.unchanged, loads.quarantined) is distinct from (
            select (
                count(*)::integer,
                count(*) filter (where outcome = 'loaded')::integer,
                count(*) filter (where outcome = 'unchanged')::integer,
                count(*) filter (where outcome = 'quarantined')::integer
            )
            from ops.load_files as files where files.load_id = loads.load_id
        )
        """
    ).fetchall() == [(0,)]
    assert [row[0] for row in ledger(connection)] == list(range(1, 2 * len(batches) + 1))


def test_a_failure_in_the_middle_of_a_load_leaves_nothing(tmp_path: Path, make_record) -> None:
    connection = open_build(tmp_path / "build.duckdb")
    land_all(connection, [make_record("a")])
    before = raw_rows(connection, without=()), ledger(connection)

    def interrupted() -> Iterator[tuple[Input, Outcome]]:
        # More than one chunk, so that rows are in the tables when it happens.
        yield from with_inputs([make_record(f"doc {number}") for number in range(501)])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        land(connection, interrupted(), code_version="test")
    assert (raw_rows(connection, without=()), ledger(connection)) == before
    assert counts(land_all(connection, [make_record("b")])) == (1, 1, 0, 0)


def test_a_process_that_dies_inside_a_load_leaves_nothing(tmp_path: Path, make_record) -> None:
    build = tmp_path / "build.duckdb"
    record = tmp_path / "record.json"
    record.write_text(make_record().to_json(), encoding="utf-8")
    script = """
import os, sys
from pathlib import Path
from ingest.inputs import Input
from ingest.landing import land
from ingest.raw_store import open_build
from ingest.records import DocumentRecord
record = DocumentRecord.model_validate_json(Path(sys.argv[2]).read_bytes())
def die(frames):
    assert frames["reports"].height == 1
    os._exit(9)
land(open_build(Path(sys.argv[1])), [(Input("a", Path("a")), record)], code_version="test", check=die)
"""
    died = subprocess.run(
        [sys.executable, "-c", script, str(build), str(record)], cwd=Path(__file__).parents[3], check=False
    )
    assert died.returncode == 9
    connection = open_build(build)
    assert ledger(connection) == []
    assert {table: rows for table, rows in raw_rows(connection).items() if rows} == {}


def test_a_record_that_the_tables_cannot_hold_is_quarantined_and_the_others_land(make_record) -> None:
    facts = make_record("b").document.model_copy(update={"page_count": 2**40})
    too_big = make_record("b").model_copy(update={"document": facts})
    connection = fresh()
    result = land_all(connection, [make_record("a"), too_big, too_big, make_record("c")])
    assert counts(result) == (4, 2, 0, 2)
    assert [reason.code for reason in result.quarantine] == ["broken_record"] * 2
    assert result.quarantine[0].message_zh.startswith("1.txt：")
    assert result.quarantine[1].message_en.startswith("2.txt: ")
    assert connection.execute("select file_name from raw.documents order by 1").fetchall() == [("a.txt",), ("c.txt",)]


def test_text_that_is_no_unicode_is_quarantined(make_record) -> None:
    facts = make_record("a").document.model_copy(update={"title": "\ud800"})
    broken = make_record("a").model_copy(update={"document": facts})
    assert counts(land_all(fresh(), [broken, make_record("b")])) == (2, 1, 0, 1)


def test_a_document_that_fails_a_critical_check_is_quarantined_with_all_its_copies(make_record) -> None:
    bad, good = make_record("bad"), make_record("good")
    seen: dict[str, pl.DataFrame] = {}

    def check(frames: Any) -> BatchVerdict:
        seen.update(frames)
        failing = {"file_name": "bad.txt", "amount_yuan": Decimal("-5.00"), "report_id": "x"}
        finding = CheckResult(
            "reports", "rule.v1", "critical", "规则。", "Rule.", False, "规则。 Rule.", 2, 1, (failing,)
        )
        return BatchVerdict((finding,), {bad.record_id: Rejection("reports.rule.v1", "row 7", "规则。", "Rule.")})

    connection = fresh()
    result = land_all(connection, [bad, good, bad], check=check)
    assert set(seen["reports"]["record_id"]) == {bad.record_id, good.record_id}
    assert "document_text" not in seen
    assert counts(result) == (3, 1, 0, 2)
    assert {reason.code for reason in result.quarantine} == {"failed_batch_check"}
    for reason in result.quarantine:
        for message in (reason.message_zh, reason.message_en):
            assert reason.input_name in message
            assert "reports.rule.v1" in message
            assert "row 7" in message
        assert "重新导入" in reason.message_zh
        assert "load it again" in reason.message_en
    for table, rows in raw_rows(connection, without=()).items():
        assert bad.record_id not in str(rows), table
    assert connection.execute(
        "select run_id, kind, subject, check_name, severity, result, reason, n_evaluated, n_failed "
        "from ops.check_results"
    ).fetchall() == [(result.load_id, "batch", "reports", "rule.v1", "critical", False, "规则。 Rule.", 2, 1)]
    [(*facts, row)] = connection.execute("select * exclude (checked_at) from ops.check_failures").fetchall()
    assert facts == [result.load_id, "batch", "reports", "rule.v1", "critical", "规则。", "Rule.", 1, 1]
    assert json.loads(row) == {"file_name": "bad.txt", "amount_yuan": "-5.00", "report_id": "x"}
    assert [report.file_name for report in result.changed_reports] == ["good.txt"]


def test_a_quarantined_document_is_tried_again_by_the_next_load(make_record) -> None:
    bad = make_record("bad")
    connection = fresh()
    verdict = BatchVerdict((), {bad.record_id: Rejection("c", "r", "z", "e")})
    assert counts(land_all(connection, [bad], check=lambda *_: verdict)) == (1, 0, 0, 1)
    assert counts(land_all(connection, [bad])) == (1, 1, 0, 0)


def test_a_stopped_batch_lands_nothing_new_and_says_why_for_each_input(make_record) -> None:
    connection = fresh()
    land_all(connection, [make_record("known")])
    before = raw_rows(connection, without=())
    verdict = BatchVerdict((), stopped=Rejection("reports.columns.v1", "reports", "缺列。", "A column is missing."))
    result = land_all(connection, [make_record("known"), make_record("x"), REFUSED], check=lambda *_: verdict)
    assert counts(result) == (3, 0, 1, 2)
    assert [reason.code for reason in result.quarantine] == ["batch_stopped", "empty_document"]
    assert "reports.columns.v1" in result.quarantine[0].message_zh
    assert raw_rows(connection, without=()) == before


def test_the_checks_are_not_asked_when_nothing_is_new(make_record) -> None:
    connection = fresh()
    land_all(connection, [make_record()])

    def never(frames: Any) -> BatchVerdict:
        raise AssertionError("there is nothing to check")

    assert counts(land_all(connection, [make_record(), REFUSED], check=never)) == (2, 0, 1, 1)


def test_documents_of_other_extractors_may_number_their_reports_alike(make_record) -> None:
    connection = fresh()
    records = [make_record(name, report_id="1") for name in "abc"]
    assert counts(land_all(connection, records)) == (3, 3, 0, 0)
    for table, key in (("reports", "report_id"), ("funding_lines", "line_id"), ("indicators", "indicator_id")):
        rows = connection.execute(f"select count(*), count(distinct {key}) from raw.{table}").fetchall()
        assert rows[0][0] == rows[0][1] > 0
    assert counts(land_all(connection, records)) == (3, 0, 3, 0)


def test_a_record_that_claims_the_id_of_another_document_does_not_lock_it_out(make_record) -> None:
    connection = fresh()
    honest = make_record("honest")
    stolen = honest.reports[0].report_id
    assert counts(land_all(connection, [make_record("liar", report_id=stolen)])) == (1, 1, 0, 0)
    assert counts(land_all(connection, [honest])) == (1, 1, 0, 0)
    owners = dict(
        connection.execute(
            "select file_name, report_id from raw.reports inner join raw.documents using (record_id)"
        ).fetchall()
    )
    assert owners["honest.txt"] == stolen != owners["liar.txt"]


def test_counts_that_do_not_add_up_stop_the_load(make_record, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = fresh()
    monkeypatch.setattr("ingest.ledger._apply_refusals", lambda batch: batch.new_record_ids.clear())
    with pytest.raises(CheckError, match="do not add up"):
        land_all(connection, [make_record()])
    assert ledger(connection) == []
    assert raw_rows(connection)["documents"] == []


def test_load_ids_sort_by_time_and_differ_within_a_moment() -> None:
    moment = datetime(2024, 5, 1, 8, tzinfo=UTC)
    earlier, later = new_load_id(moment), new_load_id(moment + timedelta(microseconds=1))
    assert earlier < later
    assert new_load_id(moment) != new_load_id(moment)


def test_a_build_has_every_table_and_is_opened_again_as_it_was(tmp_path: Path, make_record) -> None:
    path = tmp_path / "new" / "folder" / "build.duckdb"
    connection = open_build(path)
    land_all(connection, [make_record()])
    connection.close()
    again = open_build(path)
    assert ledger(again) == [(1, 1, 1, 0, 0)]
    tables = {
        f"{schema}.{name}"
        for schema, name in again.execute("select table_schema, table_name from information_schema.tables").fetchall()
    }
    assert tables == {f"raw.{name}" for name in RAW_TABLES} | {f"ops.{name}" for name in OPS_TABLES}


def test_a_build_that_another_process_holds_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()",
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(BusyError, match="Wait until"):
            open_build(path)
    finally:
        holder.communicate("\n")


def test_a_file_that_is_no_warehouse_is_refused_with_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    path.write_text("not a database " * 1000, encoding="utf-8")
    with pytest.raises(UnreachableError, match="load again") as caught:
        open_build(path)
    assert str(path) in caught.value.zh


def test_a_record_keeps_its_rows_whatever_else_is_in_its_chunk(make_record) -> None:
    records: list[DocumentRecord] = [make_record(f"doc {number}") for number in range(1100)]
    connection = fresh()
    assert counts(land_all(connection, records)) == (1100, 1100, 0, 0)
    assert connection.execute("select count(*), count(distinct line_id) from raw.funding_lines").fetchall() == [
        (2200, 2200)
    ]


def test_a_load_says_which_files_are_incomplete(tmp_path: Path) -> None:
    cut = tmp_path / "cut.txt"
    cut.write_text(
        "某项目2022年度绩效自评报告\n一、资金使用情况\n年初预算数18万元。\n项目各项工作按规定程序办理，资金专款专",
        encoding="utf-8",
    )
    with open_build(tmp_path / "build.duckdb") as connection:
        result = land(connection, read_all(find_inputs([cut])), code_version="test")
    [report] = result.changed_reports
    assert report.file_name == "cut.txt"
    assert report.damage == ("全文在「规定程序办理，资金专款专」处中断，文件可能不完整",)
    assert report.n_warnings == 1
