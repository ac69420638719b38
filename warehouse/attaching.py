"""How a database file is opened for reading: attached read-only to an in-memory connection.

The file is attached, not opened: a second `duckdb.connect` to a path in one process can serve the file that it opened
before.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

CATALOG = "fundperf_release"
"""The name of an attached release: not the name of a schema, which would make `schema.table` ambiguous."""

CHINESE_SCHEMA = "中文"
"""Where every mart stands once more under Chinese names."""

SEARCHED_SCHEMAS = ("marts", CHINESE_SCHEMA)
"""Schemas whose tables answer to their bare name, in this order."""


def attach(file: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with one database file attached read-only and its marts on the search path."""
    import duckdb

    connection = duckdb.connect()
    try:
        attach_as(connection, file)
        found = connection.execute(
            "select schema_name from duckdb_schemas() where database_name = ?", [CATALOG]
        ).fetchall()
        present = {name for (name,) in found}
        searched = [f"{CATALOG}.{name}" for name in SEARCHED_SCHEMAS if name in present] or [f"{CATALOG}.main"]
        connection.execute(f"set search_path = '{','.join(searched)}'")
    except Exception:
        connection.close()
        raise
    return connection


def attach_as(connection: duckdb.DuckDBPyConnection, file: Path, catalog: str = CATALOG) -> None:
    """Attach a database file read-only under a name.

    Raises:
        duckdb.Error: it cannot be opened.
    """
    connection.execute(f"attach {quoted(file)} as {catalog} (read_only)")


def quoted(file: Path) -> str:
    """The path of a file as a statement names it."""
    return "'" + str(file).replace("'", "''") + "'"


def named_rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()
) -> list[dict[str, Any]]:
    """All rows of a query by the names of their columns; the connection is free again for the next one."""
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
