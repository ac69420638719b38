"""What a document says otherwise than before, because it was read again: by a newer program, with other words or a
manifest, or by somebody else's extractor.

The older record stays in the raw tables; which values the newer one changes is written down when it is landed, one row
for each value, in `ops.value_changes`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.raw_schema import EVIDENCE_COLUMNS, RAW_TABLES, ROW_KEYS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What is no statement of the document: keys, places, the order of rows, and who read it under which name.
_NOT_SAID = frozenset(
    {"load_id", "record_id", "report_id", "document_sha256", "ordinal", "schema_version", "file_name", "extractor"}
) | frozenset(EVIDENCE_COLUMNS)
_COMPARED = {"documents": "document_sha256", "reports": "report_id", **ROW_KEYS}


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field of a raw table that known documents now fill otherwise: in how many places, of how many documents."""

    table: str
    field: str
    n_values: int
    n_documents: int


def note_changes(connection: DuckDBPyConnection, load_id: str, record_ids: Collection[str]) -> tuple[ChangedField, ...]:
    """Write down which values the new records of a load change, and count them by field, the most frequent first.

    Each record is compared with the one that counted for its document until now. Call it inside the transaction of the
    load, before its row in `ops.loads`.

    Args:
        connection: the build file.
        load_id: the load.
        record_ids: its new records.
    """
    pairs = connection.execute(
        """
        with earlier as (
            select documents.document_sha256, documents.load_id, documents.record_id, documents.extractor
            from raw.documents as documents
            inner join ops.loads as loads on documents.load_id = loads.load_id
            qualify
                row_number() over (
                    partition by documents.document_sha256 order by loads.load_sequence desc, documents.record_id
                ) = 1
        )
        select
            later.document_sha256, earlier.load_id, earlier.record_id, earlier.extractor, later.record_id,
            later.extractor
        from raw.documents as later
        inner join earlier on later.document_sha256 = earlier.document_sha256
        where later.load_id = ? and later.record_id in (select unnest(?::varchar[]))
        -- Of several records of one document in one load this one counts (staging).
        qualify row_number() over (partition by later.document_sha256 order by later.record_id) = 1
        """,
        [load_id, list(record_ids)],
    ).fetchall()
    if not pairs:
        return ()
    columns = list(zip(*pairs, strict=True))
    for table, key in _COMPARED.items():
        connection.execute(_statement(table, key), [*map(list, columns), load_id])
    return _count(connection, load_id)


def _statement(table: str, key: str) -> str:
    """Rows of both records side by side by their keys, one entry for each field that differs."""
    fields = [name for name in RAW_TABLES[table] if name not in _NOT_SAID and name != key]
    entries = ", ".join(
        f'{{field: \'{name}\', old_value: earlier."{name}"::varchar, new_value: later."{name}"::varchar}}'
        for name in fields
    )
    report = "coalesce(earlier.report_id, later.report_id)" if "report_id" in RAW_TABLES[table] else "null"
    return f"""
        insert into ops.value_changes by name
        with pairs as (
            select
                unnest($1::varchar[]) as document_sha256,
                unnest($2::varchar[]) as earlier_load_id,
                unnest($3::varchar[]) as earlier_record_id,
                unnest($4::varchar[]) as old_extractor,
                unnest($5::varchar[]) as later_record_id,
                unnest($6::varchar[]) as new_extractor
        ),
        earlier as (
            select pairs.document_sha256 as of_document, entries.*
            from raw.{table} as entries inner join pairs
                on entries.load_id = pairs.earlier_load_id and entries.record_id = pairs.earlier_record_id
        ),
        later as (
            select pairs.document_sha256 as of_document, entries.*
            from raw.{table} as entries inner join pairs
                on entries.load_id = $7 and entries.record_id = pairs.later_record_id
        ),
        compared as (
            select
                coalesce(earlier.of_document, later.of_document) as document_sha256,
                {report} as report_id,
                coalesce(earlier.{key}, later.{key}) as row_id,
                case
                    when earlier.{key} is null then 'appeared' when later.{key} is null then 'vanished' else 'changed'
                end as change_kind,
                unnest([{entries}]) as entry
            from earlier
            full outer join later on earlier.of_document = later.of_document and earlier.{key} = later.{key}
        )
        select
            $7 as load_id, '{table}' as raw_table, compared.document_sha256, compared.report_id, compared.row_id,
            compared.change_kind, entry.field as field, entry.old_value as old_value, entry.new_value as new_value,
            pairs.old_extractor, pairs.new_extractor
        from compared
        inner join pairs on compared.document_sha256 = pairs.document_sha256
        where entry.old_value is distinct from entry.new_value
    """


def _count(connection: DuckDBPyConnection, load_id: str) -> tuple[ChangedField, ...]:
    rows = connection.execute(
        """
        select raw_table, field, count(*), count(distinct document_sha256)
        from ops.value_changes where load_id = ? group by all order by 3 desc, 1, 2
        """,
        [load_id],
    ).fetchall()
    return tuple(ChangedField(*row) for row in rows)
