"""The process in which a statement from a person is read and run.

It is started by `warehouse.sql` with a request on standard input, limits itself, attaches the release read-only, checks
the statement, locks the connection, runs, writes the rows as Arrow IPC into a file and answers with one JSON object.
Whatever a statement does to it, the command that started it goes on.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import FundPerfError, RefusedSqlError, UsageError
from ingest.process_limits import limit_memory

if TYPE_CHECKING:
    import duckdb

# Python frames, not C stack: deep enough for the depth that the guard allows.
_RECURSION_LIMIT = 10_000
_BATCH_ROWS = 10_000


def main() -> None:
    """Answer the request on standard input."""
    request = json.loads(sys.stdin.buffer.read())
    limit_memory(request["memory_bytes"])
    sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        answer: dict[str, Any] = _answer(request)
    except FundPerfError as error:
        answer = {"error": {"kind": type(error).__name__, "code": error.code, "zh": error.zh, "en": error.en}}
    sys.stdout.buffer.write(json.dumps(answer).encode("utf-8"))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    import duckdb
    import pyarrow as pa

    from warehouse.attaching import attach
    from warehouse.sql_guard import check_sql

    sql: str = request["sql"]
    release = Path(request["release"])
    with attach(release) as connection:
        relations = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = current_database()"
        ).fetchall()
        check_sql(sql, relations)
        _lock(connection, request["duckdb_memory_bytes"], request["seconds"])
        try:
            _require_one_readable(connection, sql)
            is_cut = _write_rows(connection, sql, Path(request["output"]), request["limit"], request["max_bytes"])
            return {"cut": is_cut}
        except duckdb.InterruptException:
            raise too_slow(request["seconds"]) from None
        except (duckdb.OutOfMemoryException, MemoryError):
            raise too_big() from None
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
        "set threads = 2",
        "set python_enable_replacements = false",
        "set autoinstall_known_extensions = false",
        "set autoload_known_extensions = false",
        "set enable_external_access = false",
        "set lock_configuration = true",
    ):
        connection.execute(setting)


def _require_one_readable(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    # A second opinion from the engine's own parser, should it read the text differently from sqlglot.
    import duckdb

    # MULTI is what a PIVOT without an IN list becomes.
    readable = {duckdb.StatementType.SELECT, duckdb.StatementType.MULTI}
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in readable:
        raise RefusedSqlError(
            "not_a_query",
            zh="未执行：数据库引擎不认为这是一条查询。请只写一条 SELECT 或 FROM 查询。",
            en="Not run: the engine does not read this as one query. Write a single SELECT or FROM query.",
        )


def _write_rows(connection: duckdb.DuckDBPyConnection, sql: str, output: Path, limit: int, max_bytes: int) -> bool:
    """Write the rows; whether the limit left some out."""
    import pyarrow as pa

    relation = connection.sql(sql)
    if relation is None:
        raise UsageError("no_rows", zh="这条语句没有结果。", en="This statement has no result.")
    written, byte_count, is_cut = 0, 0, False
    with (
        relation.to_arrow_reader(_BATCH_ROWS) as reader,
        pa.OSFile(str(output), "wb") as sink,
        pa.ipc.new_stream(sink, reader.schema) as writer,
    ):
        for batch in reader:
            if limit and written + batch.num_rows > limit:
                writer.write_batch(batch.slice(0, limit - written))
                is_cut = True
                break
            byte_count += batch.nbytes
            if byte_count > max_bytes:
                raise too_big()
            writer.write_batch(batch)
            written += batch.num_rows
    return is_cut


def too_slow(seconds: float) -> RefusedSqlError:
    """The refusal of a query that took too long."""
    return RefusedSqlError(
        "sql_too_slow",
        zh=f"查询超过 {seconds:g} 秒，已停止。请缩小范围（例如加 where fiscal_year = …）后重试。",
        en=f"The query took more than {seconds:g} seconds and was stopped. Narrow it (say, where fiscal_year = …).",
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
    text = _without_paths(message.strip(), release)
    return UsageError("sql_failed", zh=f"查询未完成：{text}", en=f"The query did not finish: {text}")


def _without_paths(message: str, release: Path) -> str:
    for known in (release, *release.parents[:-1]):
        message = message.replace(str(known), known.name)
    return re.sub(r"(?<![\w.])(?:[A-Za-z]:)?[\\/](?:[\w.~-]+[\\/])+[\w.~-]+", "…", message)


if __name__ == "__main__":
    main()
