from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ingest.errors import FundPerfError, RefusedSqlError, UsageError
from ingest.module_process import module_environment
from warehouse.release import Release
from warehouse.sql import Limits, run_sql
from warehouse.sql_worker import _answer


def test_rows_come_back_with_exact_types(release: Release) -> None:
    with run_sql(release, "from 中文.资金 select 年度, 金额 order by 年度") as answer:
        rows = answer.table.to_pylist()
    assert rows == [{"年度": 2020, "金额": Decimal("16800.00")}, {"年度": 2023, "金额": Decimal("180000.00")}]
    assert not answer.is_cut


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("pivot fct_funding on fiscal_year using sum(amount_yuan) group by stage", ["stage", "2020", "2023"]),
        ("describe fct_funding", ["column_name", "column_type", "null", "key", "default", "extra"]),
        ("show tables", ["name"]),
        ("select 1 as a, 2 as a", ["a", "a"]),
    ],
)
def test_other_kinds_of_query_are_answered(release: Release, sql: str, columns: list[str]) -> None:
    with run_sql(release, sql) as answer:
        assert answer.table.column_names == columns
        assert answer.table.num_rows > 0


def test_row_limit_cuts_and_says_so(release: Release) -> None:
    with run_sql(release, "from range(25000)", limit=20_500) as answer:
        assert answer.table.num_rows == 20_500
        assert answer.is_cut
    with run_sql(release, "from range(20500)", limit=20_500) as answer:
        assert not answer.is_cut


def test_refusal_of_the_guard_arrives_as_it_was_raised(release: Release) -> None:
    with pytest.raises(RefusedSqlError) as refusal, run_sql(release, "copy fct_funding to 'x'"):
        pass
    assert refusal.value.code == "not_a_query"


def test_unknown_column_is_named_without_a_path(release: Release) -> None:
    with pytest.raises(UsageError) as failure, run_sql(release, "select nothing from fct_funding"):
        pass
    assert "nothing" in failure.value.en
    assert str(release.folder) not in failure.value.en + failure.value.zh


def test_endless_query_is_stopped(release: Release) -> None:
    endless = "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t"
    started = time.monotonic()
    with pytest.raises(RefusedSqlError) as refusal, run_sql(release, endless, limits=Limits(seconds=1)):
        pass
    assert refusal.value.code in {"sql_too_slow", "sql_too_big"}
    assert time.monotonic() - started < 12


def test_query_that_does_not_listen_is_killed(release: Release) -> None:
    deaf = "select levenshtein(repeat('a', 3000000), repeat('b', 3000000))"
    started = time.monotonic()
    with pytest.raises(RefusedSqlError) as refusal, run_sql(release, deaf, limits=Limits(seconds=1, grace_seconds=2)):
        pass
    assert refusal.value.code == "sql_too_slow"
    assert time.monotonic() - started < 10


def test_greedy_query_is_stopped(release: Release) -> None:
    greedy = "select list(a.range * b.range) from range(100000) a, range(1000) b"
    limits = Limits(duckdb_memory_bytes=64 << 20)
    with pytest.raises(RefusedSqlError) as refusal, run_sql(release, greedy, limits=limits):
        pass
    assert refusal.value.code == "sql_too_big"


def test_result_larger_than_its_bound_is_stopped(release: Release) -> None:
    with (
        pytest.raises(RefusedSqlError) as refusal,
        run_sql(release, "from range(1000000)", limits=Limits(result_bytes=1 << 20)),
    ):
        pass
    assert refusal.value.code == "sql_too_big"


@pytest.mark.parametrize(
    "sql",
    [
        "select [null for x in range(3000)]",
        "select map(range(1500), range(1500))",
        "select {'a': range(2000), 'b': range(2000)}",
        "select range(3000)::bigint[3000]",
        "select x, range(2000) from range(2) t(x)",
    ],
)
def test_values_inside_lists_count(release: Release, sql: str) -> None:
    with pytest.raises(RefusedSqlError) as refusal, run_sql(release, sql, limits=Limits(result_values=2_999)):
        pass
    assert refusal.value.code == "sql_too_big"


def test_a_row_that_nobody_could_hold_is_refused(release: Release) -> None:
    with pytest.raises(RefusedSqlError) as refusal, run_sql(release, "select repeat('x', 9000000)"):
        pass
    assert refusal.value.code == "sql_too_big"


def test_more_columns_than_anybody_reads_are_refused(release: Release) -> None:
    with pytest.raises(UsageError) as failure, run_sql(release, "pivot (from range(2500)) on range using count(*)"):
        pass
    assert "2000" in failure.value.en


def test_result_that_is_cut_to_fit_ends_between_rows(release: Release) -> None:
    limits = Limits(result_values=5_000, cuts_to_fit=True)
    with run_sql(release, "select range as a, range as b, range as c from range(10000)", limits=limits) as answer:
        assert answer.is_cut
        assert 4_000 < answer.table.num_rows * 3 <= 5_000
        assert answer.table["a"].to_pylist() == list(range(answer.table.num_rows))
    with run_sql(release, "select range from range(5000)", limits=limits) as answer:
        assert not answer.is_cut


@pytest.mark.parametrize("kind", ["uhugeint", "bignum", "bit", "timetz"])
def test_what_would_come_out_as_another_value_is_refused(release: Release, kind: str) -> None:
    value = "'12:00:00+08'" if kind == "timetz" else "'1'"
    with pytest.raises(UsageError) as failure, run_sql(release, f"select {value}::{kind} as x"):
        pass
    assert failure.value.code == "inexact_type"
    with run_sql(release, f"select {value}::{kind}::varchar as x") as answer:
        assert answer.table.num_rows == 1


def test_message_of_the_engine_is_cut(release: Release) -> None:
    with pytest.raises(UsageError) as failure, run_sql(release, "select repeat('x', 100000)::int"):
        pass
    assert len(failure.value.en) < 2_100


def test_older_way_to_write_a_lambda_is_understood(release: Release) -> None:
    with run_sql(release, "select list_transform([1, 2], x -> x * 2) as a, '{\"k\": 1}'::json -> 'k' as b") as answer:
        assert answer.table.to_pylist() == [{"a": [2, 4], "b": "1"}]


def test_process_knows_nothing_of_the_environment_and_the_folder(
    release: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: dict[str, Any] = {}
    run = subprocess.run

    def watch(*arguments: Any, **options: Any) -> object:
        seen.update(options)
        return run(*arguments, **options)

    monkeypatch.setenv("SOME_TOKEN", "secret")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("warehouse.sql.subprocess.run", watch)
    with run_sql(release, "select 1") as answer:
        assert answer.table.num_rows == 1
    assert "secret" not in str(seen["env"])
    assert "HOME" not in seen["env"]
    assert seen["cwd"] != tmp_path


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such limits")
def test_process_limits_itself(tmp_path: Path) -> None:
    script = (
        "import resource\n"
        "from ingest.process_limits import limit_work\n"
        "limit_work(data_bytes=300 << 20, file_bytes=4096, cpu_seconds=2)\n"
        "assert resource.getrlimit(resource.RLIMIT_CPU)[0] == 2\n"
        "try:\n"
        "    open('big', 'wb', buffering=0).write(bytes(8192)) == 4096 and open('big', 'ab', buffering=0).write(b'x')\n"
        "    raise SystemExit('the file grew')\n"
        "except OSError:\n"
        "    pass\n"
        "try:\n"
        "    bytearray(400 << 20)\n"
        "except MemoryError:\n"
        "    print('limited')\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=module_environment(), cwd=tmp_path,
        check=False,
    )  # fmt: skip
    assert finished.stdout == "limited\n", finished.stderr


def test_locked_connection_holds_even_without_the_guard(release: Release, tmp_path: Path) -> None:
    # What the guard overlooks must still fail in the engine.
    from warehouse.attaching import attach
    from warehouse.sql_worker import _lock

    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    target = tmp_path / "out.csv"
    with attach(release.file) as connection:
        _lock(connection, 1 << 28, 10)
        for sql in (
            f"select * from read_csv('{secret}')",
            f"select * from read_text('{secret}')",
            f"from '{secret}'",
            f"select * from query('from ''{secret}''')",
            f"copy fct_funding to '{target}'",
            f"with x as (copy (select 1) to '{target}') select 1",
            f"attach '{target}'",
            "insert into fct_funding select * from fct_funding",
            "create table marts.x as select 1",
            "delete from marts.fct_funding",
            "set threads = 1",
            "set enable_external_access = true",
            "reset lock_configuration",
            "install httpfs",
            "load httpfs",
            "select * from secret",
        ):
            with pytest.raises(Exception, match=r"(?i)error"):
                connection.execute(sql).fetchall()
    assert not target.exists()


def test_errors_that_cross_the_process_keep_their_kind(release: Release) -> None:
    with pytest.raises(FundPerfError) as failure, run_sql(release, "select * from nowhere"):
        pass
    assert isinstance(failure.value, RefusedSqlError)
    assert failure.value.zh != failure.value.en


@pytest.mark.parametrize("said", [b"", b"{", b"null", b"[]", b"{}", b"noise"])
def test_a_process_that_answers_nothing_is_one_sentence(
    release: Release, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    ended = subprocess.CompletedProcess([], 3, stdout=said, stderr=b"Traceback")
    monkeypatch.setattr("warehouse.sql.subprocess.run", lambda *_, **__: ended)
    with pytest.raises(UsageError) as failure, run_sql(release, "select 1"):
        pass
    assert failure.value.code == "sql_unanswered"
    assert "Traceback" not in failure.value.en


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("INTERRUPT Error: Interrupted!", "sql_too_slow"),
        ("Out of Memory Error: failed to allocate", "sql_too_big"),
        ("[Errno 28] Error writing bytes to file. No space left on device", "sql_too_big"),
        ("Conversion Error: Could not convert string 'x' to INT32", "sql_failed"),
    ],
)
@pytest.mark.parametrize("kind", [OSError, pa.ArrowInvalid])
def test_errors_while_rows_are_fetched_say_what_happened(
    release: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, message: str, code: str, kind: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise kind(message)

    monkeypatch.setattr("warehouse.sql_worker.write_rows", fail)
    request = {
        "sql": "select 1",
        "release": str(release.file),
        "output": str(tmp_path / "rows"),
        "limit": 0,
        **asdict(Limits()),
    }
    with pytest.raises(FundPerfError) as failure:
        _answer(request, time.monotonic() + 5)
    assert failure.value.code == code


def test_checkpoint_is_named_as_it_was_typed(release: Release) -> None:
    with pytest.raises(RefusedSqlError, match=r"^Not run: CHECKPOINT is not a query"), run_sql(release, "checkpoint"):
        pass
