from __future__ import annotations

import subprocess
import time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from ingest.errors import FundPerfError, RefusedSqlError, UsageError
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

    monkeypatch.setattr("warehouse.sql_worker._write_rows", fail)
    request = {
        "sql": "select 1",
        "release": str(release.file),
        "output": str(tmp_path / "rows"),
        "limit": 0,
        "seconds": 5,
        "duckdb_memory_bytes": 1 << 28,
        "max_bytes": 1 << 20,
    }
    with pytest.raises(FundPerfError) as failure:
        _answer(request)
    assert failure.value.code == code


def test_checkpoint_is_named_as_it_was_typed(release: Release) -> None:
    with pytest.raises(RefusedSqlError, match=r"^Not run: CHECKPOINT is not a query"), run_sql(release, "checkpoint"):
        pass
