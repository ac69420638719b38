"""The process in which a statement from a person is read and run.

It is started by `warehouse.sql` with a request on standard input, limits itself, attaches the release read-only, checks
the statement, locks the connection, runs, writes the rows as Arrow IPC into a file and answers with one JSON object.
Whatever a statement does to it, the command that started it goes on.
"""

from __future__ import annotations

import json
import math
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import FundPerfError, RefusedSqlError, UsageError
from ingest.process_limits import limit_memory, limit_work
from warehouse.output import shortened

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MOST_COLUMNS = 2_000
PIECE_BYTES = 8 << 20
"""The most that one row, or one batch of rows, may be."""

# Python frames, not C stack: deep enough for the depth that the guard allows.
_RECURSION_LIMIT = 10_000
_BATCH_ROWS = 2_048
_THREADS = 2
# Arrow has no such types: a very large number would come out as another one.
_INEXACT_TYPES = {"UHUGEINT", "BIGNUM", "BIT", "VARIANT", "TIME WITH TIME ZONE"}
_LONGEST_MESSAGE = 2_000
# What Arrow adds to the bytes of the values.
_FILE_SLACK_BYTES = 16 << 20


def main() -> None:
    """Answer the request on standard input."""
    started = time.monotonic()
    request = json.loads(sys.stdin.buffer.read())
    limit_memory(request["address_bytes"])
    limit_work(
        data_bytes=request["memory_bytes"],
        file_bytes=request["result_bytes"] + _FILE_SLACK_BYTES,
        cpu_seconds=math.ceil(request["seconds"] * _THREADS) + 1,
    )
    sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        answer: dict[str, Any] = _answer(request, started + request["seconds"])
    except FundPerfError as error:
        answer = {"error": {"kind": type(error).__name__, "code": error.code, "zh": error.zh, "en": error.en}}
    sys.stdout.buffer.write(json.dumps(answer).encode("utf-8"))


def _answer(request: dict[str, Any], deadline: float) -> dict[str, Any]:
    import duckdb
    import pyarrow as pa

    from warehouse.attaching import attach
    from warehouse.sql_guard import check_sql

    release = Path(request["release"])
    with attach(release) as connection:
        relations = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = current_database()"
        ).fetchall()
        _lock(connection, request["duckdb_memory_bytes"], max(deadline - time.monotonic(), 0.1))
        try:
            checked = check_sql(connection, request["sql"], relations)
            relation = connection.sql(checked)
            if relation is None:
                raise UsageError("no_rows", zh="这条语句没有结果。", en="This statement has no result.")
            _require_exact(relation)
            bounds = Bounds(request["limit"], request["result_bytes"], request["result_values"], request["cuts_to_fit"])
            with relation.to_arrow_reader(_BATCH_ROWS) as reader:
                return {"cut": write_rows(reader, Path(request["output"]), bounds)}
        except duckdb.InterruptException:
            raise too_slow(request["seconds"]) from None
        except (duckdb.OutOfMemoryException, MemoryError):
            raise too_big() from None
        except (duckdb.InternalException, duckdb.FatalException):
            # Their text is for the makers of the engine: a stack trace and addresses.
            raise _failed("the engine", release) from None
        except duckdb.Error as error:
            raise _failed(str(error), release) from None
        except (OSError, pa.ArrowException) as error:
            # While rows are fetched the engine's errors arrive as those of Arrow, told apart by their text only.
            raise _arrow_failure(str(error), release, request["seconds"]) from None


def _lock(connection: duckdb.DuckDBPyConnection, memory_bytes: int, seconds: float) -> None:
    for setting in (
        f"set global max_execution_time = {int(seconds * 1000)}",
        f"set memory_limit = '{memory_bytes}B'",
        "set max_temp_directory_size = '0B'",
        f"set threads = {_THREADS}",
        # Older pages and habits write `x -> x + 1`.
        "set lambda_syntax = 'ENABLE_SINGLE_ARROW'",
        f"set pivot_limit = {MOST_COLUMNS}",
        "set python_enable_replacements = false",
        "set autoinstall_known_extensions = false",
        "set autoload_known_extensions = false",
        "set allow_persistent_secrets = false",
        "set enable_external_access = false",
        "set lock_configuration = true",
    ):
        connection.execute(setting)


def _require_exact(relation: duckdb.DuckDBPyRelation) -> None:
    for name, kind in zip(relation.columns, relation.types, strict=True):
        if str(kind) in _INEXACT_TYPES:
            shown = shortened(name, 100)
            raise UsageError(
                "inexact_type",
                zh=f"列 {shown} 的类型 {kind} 无法准确输出。请转成文字：::varchar。",
                en=f"Column {shown} is of type {kind}, which cannot be written exactly. Turn it into text: ::varchar.",
            )


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a result may be: rows (0: any number; more are cut off), bytes, and single values in all its cells.

    A result that is larger is refused, or, where it `cuts_to_fit`, ends after the last rows that fit.
    """

    rows: int
    size: int
    values: int
    cuts_to_fit: bool = False


def write_rows(reader: pa.RecordBatchReader, output: Path, bounds: Bounds) -> bool:
    """Write rows as Arrow IPC in pieces that whoever reads them can hold as Python values.

    Returns:
        Whether the bounds left rows out.

    Raises:
        RefusedSqlError: they are too many, or one is too large.
    """
    import pyarrow as pa

    if len(reader.schema) > MOST_COLUMNS:
        raise too_big()
    rows = size = values = 0
    with pa.OSFile(str(output), "wb") as sink, pa.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            is_cut = 0 < bounds.rows < rows + batch.num_rows
            kept = batch.slice(0, bounds.rows - rows) if is_cut else batch
            for piece in _pieces(kept, bounds):
                size += piece.nbytes
                values += _values(piece)
                if size > bounds.size or values > bounds.values or piece.nbytes > PIECE_BYTES:
                    if bounds.cuts_to_fit and rows:
                        return True
                    raise too_big()
                writer.write_batch(piece)
                rows += piece.num_rows
            if is_cut:
                return True
    return False


def _pieces(batch: pa.RecordBatch, bounds: Bounds) -> Iterator[pa.RecordBatch]:
    # A tenth, so that a result that is cut to fit nearly fills its bounds.
    is_small = batch.nbytes <= min(PIECE_BYTES, bounds.size // 10)
    if batch.num_rows <= 1 or (is_small and _values(batch) <= bounds.values // 10):
        yield batch
        return
    half = batch.num_rows // 2
    yield from _pieces(batch.slice(0, half), bounds)
    yield from _pieces(batch.slice(half), bounds)


def _values(batch: pa.RecordBatch) -> int:
    return sum(_value_count(column) for column in batch.columns)


def _value_count(column: Any) -> int:
    # A list of nulls takes no bytes and yet as many values as it is long.
    from pyarrow import types

    kind, parts = column.type, []
    if types.is_map(kind):
        parts = [column.keys, column.items]
    elif types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        parts = [column.flatten()]
    elif types.is_struct(kind):
        parts = column.flatten()
    return len(column) + sum(_value_count(part) for part in parts)


def too_slow(seconds: float) -> RefusedSqlError:
    """The refusal of a query that took too long."""
    return RefusedSqlError(
        "sql_too_slow",
        zh=f"查询超过 {seconds:g} 秒，已停止。请缩小范围（例如加 where fiscal_year = …），或用 --timeout 放宽时限。",
        en=f"The query took more than {seconds:g} seconds and was stopped. "
        "Narrow it (say, where fiscal_year = …), or give it more time with --timeout.",
        seconds=seconds,
    )


def too_big() -> RefusedSqlError:
    """The refusal of a query that needs too much memory."""
    return RefusedSqlError(
        "sql_too_big",
        zh="查询需要的内存超过上限，已停止。请缩小范围或分步汇总；需要整表时用 warehouse.connect()。",
        en="The query needs more memory than it may have and was stopped. Narrow it or aggregate in steps; "
        "for whole tables use warehouse.connect().",
    )


def _arrow_failure(message: str, release: Path, seconds: float) -> FundPerfError:
    if re.search(r"interrupt", message, re.IGNORECASE):
        return too_slow(seconds)
    if re.search(r"memory|no space left|file too large", message, re.IGNORECASE):
        return too_big()
    return _failed(message, release)


def _failed(message: str, release: Path) -> UsageError:
    text = shortened(_without_paths(message.strip(), release), _LONGEST_MESSAGE)
    return UsageError("sql_failed", zh=f"查询未完成：{text}", en=f"The query did not finish: {text}")


def _without_paths(message: str, release: Path) -> str:
    for known in (release, *release.parents[:-1]):
        message = message.replace(str(known), known.name)
    return re.sub(r"(?<![\w.:/])(?:[A-Za-z]:)?[\\/](?:[\w.~-]+[\\/])+[\w.~-]+", "…", message)


if __name__ == "__main__":
    main()
