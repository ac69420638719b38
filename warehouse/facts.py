"""What a fact is: a row of a raw table with an id and a place of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

_SHARED_KEYS = frozenset({"load_id", "record_id", "report_id"})


@dataclass(frozen=True, slots=True)
class FactTable:
    """A raw table of facts: `key` is the column with their ids, `columns` has the type of every column."""

    name: str
    key: str
    columns: Mapping[str, str]

    @property
    def value_columns(self) -> list[str]:
        """The columns that say something of the document: no keys, no places."""
        hidden = _SHARED_KEYS | {self.key}
        return [name for name in self.columns if name not in hidden and not name.startswith("evidence_")]


def fact_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, FactTable]:
    """The raw tables whose rows have an id and a place of their own."""
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_catalog = current_database() and table_schema = 'raw' order by table_name, ordinal_position"
    ).fetchall():
        columns.setdefault(table, {})[column] = kind
    tables = {}
    for table, kinds in columns.items():
        keys = [name for name in kinds if name.endswith("_id") and name not in _SHARED_KEYS]
        # Further places of a warning belong to the warning's own row.
        if "evidence_start" in kinds and len(keys) == 1 and table != "warning_places":
            tables[table] = FactTable(table, keys[0], kinds)
    return tables


def show_value(value: Any) -> str:
    """A stored value as people read it: a figure without trailing zeros."""
    if isinstance(value, Decimal):
        from ingest.records import plain

        return plain(value)
    return str(value)
