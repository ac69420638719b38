"""The build file for those who write it: opened, given rows, changed completely or not at all."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import BusyError, UnreachableError

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, with its time zone."""
    return datetime.now(UTC)


def naive_utc(moment: datetime) -> datetime:
    """A moment as the ledger keeps it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def new_load_id(started_at: datetime) -> str:
    """An id that sorts by time and is never given twice."""
    return f"{started_at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(4)}"


def open_build(path: Path) -> DuckDBPyConnection:
    """Open the build file for writing; folders and tables are created where missing.

    Raises:
        BusyError: another process has the file open.
        UnreachableError: the file cannot be opened as a warehouse.
    """
    import duckdb

    from ingest.raw_schema import ddl

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path))
    except (duckdb.Error, OSError) as error:
        raise _not_opened(path, error) from error
    for statement in ddl():
        connection.execute(statement)
    return connection


def read_build(path: Path) -> DuckDBPyConnection:
    """Open an existing build file for reading only, without the writer's lock; its tables are as they are.

    Raises:
        BusyError: another process has the file open.
        UnreachableError: the file cannot be opened as a warehouse.
    """
    import duckdb

    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise _not_opened(path, error) from error


def _not_opened(path: Path, error: Exception) -> BusyError | UnreachableError:
    # The second wording is that of Windows.
    if re.search(r"lock|used by another process", str(error), re.IGNORECASE):
        return BusyError(
            "build_is_open",
            zh=f"{path}：另一个程序正在使用数据仓库。请等待其结束后重试。",
            en=f"{path}: another program has the warehouse open. Wait until it has finished and try again.",
            path=str(path),
        )
    return UnreachableError(
        "build_not_opened",
        zh=f"{path}：无法打开数据仓库文件（{type(error).__name__}）。请检查路径和权限；若文件已损坏，请移走后重新导入。",
        en=f"{path}: the warehouse file cannot be opened ({type(error).__name__}). "
        "Check path and permissions; if the file is damaged, move it away and load again.",
        path=str(path),
    )


@contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """Everything that the block writes, or nothing of it."""
    import duckdb

    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        # A commit that failed, as on a full disk, has ended the transaction already: its error is the one that counts.
        with suppress(duckdb.TransactionException):
            connection.rollback()
        raise


def insert_frame(connection: DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Add the rows of a frame to a table (`raw.reports`), column by column of the same name."""
    if frame.is_empty():
        return
    connection.register("incoming_rows", frame.to_arrow())
    try:
        connection.execute(f"insert into {table} by name select * from incoming_rows")
    finally:
        connection.unregister("incoming_rows")


def insert_rows(connection: DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows to a raw or ops table, which must have every column of it.

    Args:
        connection: an open build file.
        table: with its schema, e.g. `ops.loads`.
        rows: each with exactly the table's columns.

    Raises:
        ValueError: a row has other columns, or a value that does not fit (also TypeError and errors of polars).
    """
    from ingest.raw_schema import OPS_TABLES, RAW_TABLES, frame

    schema, _, name = table.partition(".")
    columns = {"raw": RAW_TABLES, "ops": OPS_TABLES}[schema][name]
    insert_frame(connection, table, frame(columns, rows))
