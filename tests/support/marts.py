"""What a warehouse says, in a form in which two of them can be compared whatever the order of their rows."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

TOLD_BY_THE_LEDGER = frozenset({"marts.rpt_reextraction_changes"})
"""Marts of the ledger, which knows when things arrived."""


def export_marts(connection: duckdb.DuckDBPyConnection, *schemas: str) -> dict[str, str]:
    """Every mart, and every Chinese view unless only other schemas are wanted, as a sorted CSV by name."""
    names = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema in (select unnest(?::varchar[])) order by all",
        [list(schemas or ("marts", "中文"))],
    ).fetchall()
    assert len(names) > 20
    exports = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        for schema, table in names:
            connection.execute(f'copy (from "{schema}"."{table}" order by all) to \'{path.as_posix()}\' (header)')
            exports[f"{schema}.{table}"] = path.read_bytes().decode()
    return exports


def without_ledger(marts: dict[str, str]) -> dict[str, str]:
    """The marts that say the same whenever and in whatever order things arrived."""
    return {name: rows for name, rows in marts.items() if name not in TOLD_BY_THE_LEDGER}
