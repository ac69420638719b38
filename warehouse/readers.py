"""How readers attach: an in-memory connection with one release, read-only.

A release file is never written again, so a reader keeps what it opened while newer releases are published. The file is
attached, not opened, because a second `duckdb.connect` to a path in one process can serve the file it opened before.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.home import find_home
from warehouse.release import find_release

if TYPE_CHECKING:
    import duckdb

CATALOG = "fundperf_release"
"""The name of an attached release: not the name of a schema, which would make `schema.table` ambiguous."""

SEARCHED_SCHEMAS = ("marts", "中文")
"""Schemas whose tables answer to their bare name, in this order."""


def open_release(home: str | Path | None = None, release: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection on which `select * from fct_funding` and `from 中文.资金` answer.

    Args:
        home: the home folder; default `FUNDPERF_HOME`, else `./.fundperf`.
        release: the id of an older release; default the current one.

    Raises:
        UnreachableError: nothing is published there, or the release does not exist.
    """
    return attach(find_release(find_home(home), release).file)


def attach(file: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with one database file attached read-only and its marts on the search path."""
    import duckdb

    connection = duckdb.connect()
    try:
        quoted = str(file).replace("'", "''")
        connection.execute(f"attach '{quoted}' as {CATALOG} (read_only)")
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
