"""Facts by what was printed, or by a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from warehouse.attaching import attach
from warehouse.facts import FactTable, fact_tables, show_value

if TYPE_CHECKING:
    import duckdb

    from warehouse.release import Release


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact whose text or value matches a search; `field` is set for a single value of a report."""

    fact_id: str
    field: str | None
    table: str
    label: str
    file_name: str


def find_facts(release: Release, wanted: str) -> list[Hit]:
    """Facts whose printed text holds `wanted`, or whose value equals it when it is a number.

    A number is matched as a whole: 2.21 does not find 12.21.
    """
    search = _Wanted.of(wanted)
    with attach(release.file) as connection:
        tables = fact_tables(connection)
        hits = [hit for table in tables.values() for hit in _search_table(connection, table, search)]
        hits.extend(_search_fields(connection, search))
    return hits


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is searched for: a text, and when it is a number its value and how it stands alone in a text."""

    text: str
    number: Decimal | None
    whole: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> _Wanted:
        return cls(text, _as_number(text), re.compile(rf"(?<![\d.]){re.escape(text)}(?![\d])(?!\.\d)"))

    def is_in(self, values: list[Any]) -> bool:
        """Whether rows that hold the text as part of theirs have the number as a whole; a text need not be whole."""
        return self.number is None or any(
            value == self.number if isinstance(value, Decimal) else self.whole.search(str(value)) is not None
            for value in values
            if value is not None
        )


def _search_table(connection: duckdb.DuckDBPyConnection, table: FactTable, wanted: _Wanted) -> Iterator[Hit]:
    texts = [name for name in table.value_columns if table.columns[name] == "VARCHAR"] + ["evidence_text"]
    figures = [name for name in table.value_columns if table.columns[name].startswith("DECIMAL")]
    conditions = [f'contains(found."{name}", $wanted)' for name in texts]
    parameters: dict[str, Any] = {"wanted": wanted.text}
    if wanted.number is not None and figures:
        conditions.extend(f'found."{name}" = $number' for name in figures)
        parameters["number"] = wanted.number
    shown = [name for name in table.value_columns if name != "ordinal" and not name.endswith("_state")]
    columns = ", ".join(f'found."{name}"' for name in [table.key, *shown, "evidence_text"])
    rows = connection.execute(
        f"""
        select {columns}, documents.file_name
        from raw.{table.name} as found
        inner join ops.loads using (load_id)
        inner join raw.documents as documents using (load_id, record_id)
        where {" or ".join(conditions)}
        qualify row_number() over (partition by found.{table.key} order by load_sequence desc) = 1
        order by documents.file_name, found.ordinal
        """,
        parameters,
    ).fetchall()
    for row_id, *values, evidence_text, file_name in rows:
        if wanted.is_in([*values, evidence_text]):
            label = " · ".join(show_value(value) for value in values if value is not None)
            yield Hit(row_id, None, f"raw.{table.name}", label, file_name)


def _search_fields(connection: duckdb.DuckDBPyConnection, wanted: _Wanted) -> Iterator[Hit]:
    rows = connection.execute(
        """
        select found.report_id, found.field, found.evidence_text, documents.file_name
        from raw.field_evidence as found
        inner join ops.loads using (load_id)
        inner join raw.documents as documents using (load_id, record_id)
        where contains(found.evidence_text, ?)
        qualify row_number() over (partition by found.report_id, found.field order by load_sequence desc) = 1
        order by documents.file_name, found.field
        """,
        [wanted.text],
    ).fetchall()
    for report_id, name, evidence_text, file_name in rows:
        if wanted.is_in([evidence_text]):
            yield Hit(report_id, name, "raw.reports", f"{name} · {evidence_text}", file_name)


def _as_number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
