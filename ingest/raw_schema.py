"""The raw tables: their columns, and how records become rows of them.

One definition serves the DDL, the frames and the checks. Every row carries `load_id` and `record_id`; the key of a row
(`line_id`, `indicator_id`, …) is a function of the report and of what the row says or, where nothing else tells rows
apart, of its place among them, so the same content has the same key on every machine and after a re-extraction.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from ingest.records import DocumentRecord, Evidence, Record, ReportRecord, stable_id

EVIDENCE_COLUMNS: dict[str, str] = {
    "evidence_page": "integer",
    "evidence_start": "integer",
    "evidence_end": "integer",
    "evidence_text": "varchar",
    "evidence_table": "integer",
    "evidence_row": "integer",
    "evidence_column": "integer",
    "evidence_method": "varchar",
    "evidence_confidence": "double",
}

_KEYS = {"load_id": "varchar", "record_id": "varchar"}
_REPORT_KEYS = {**_KEYS, "report_id": "varchar"}

RAW_TABLES: dict[str, dict[str, str]] = {
    "documents": {
        **_KEYS,
        "document_sha256": "varchar",
        "schema_version": "varchar",
        "file_name": "varchar",
        "media_type": "varchar",
        "title": "varchar",
        "page_count": "integer",
        "char_count": "integer",
        "source_url": "varchar",
        "published_on": "date",
        "extractor": "varchar",
    },
    "document_text": {**_KEYS, "document_sha256": "varchar", "canonical_text": "varchar"},
    "reports": {
        **_REPORT_KEYS,
        "ordinal": "integer",
        "kind": "varchar",
        "fiscal_year": "integer",
        "region_province": "varchar",
        "region_city": "varchar",
        "region_county": "varchar",
        "region_as_written": "varchar",
        "region_hint": "varchar",
        "unit": "varchar",
        "department": "varchar",
        "project_name": "varchar",
        "project_code": "varchar",
        "evaluated_on": "varchar",
        "execution_stated_rate_pct": "decimal(24,6)",
        "execution_weight": "decimal(9,4)",
        "execution_score": "decimal(9,4)",
        "total_score": "decimal(9,4)",
        "grade": "varchar",
        "conclusion": "varchar",
    },
    # Where the single values of raw.reports were read, one row per field.
    "field_evidence": {**_REPORT_KEYS, "field": "varchar", **EVIDENCE_COLUMNS},
    "funding_lines": {
        **_REPORT_KEYS,
        "line_id": "varchar",
        "ordinal": "integer",
        "stage": "varchar",
        "source": "varchar",
        "amount_yuan": "decimal(18,2)",
        "as_written": "varchar",
        **EVIDENCE_COLUMNS,
    },
    "indicators": {
        **_REPORT_KEYS,
        "indicator_id": "varchar",
        "ordinal": "integer",
        "level1": "varchar",
        "level2": "varchar",
        "name": "varchar",
        "target": "varchar",
        "actual": "varchar",
        "target_state": "varchar",
        "target_operator": "varchar",
        "target_value": "decimal(24,6)",
        "target_high": "decimal(24,6)",
        "target_unit": "varchar",
        "target_from": "varchar",
        "target_to": "varchar",
        "actual_state": "varchar",
        "actual_operator": "varchar",
        "actual_value": "decimal(24,6)",
        "actual_high": "decimal(24,6)",
        "actual_unit": "varchar",
        "actual_from": "varchar",
        "actual_to": "varchar",
        "weight": "decimal(9,4)",
        "score": "decimal(9,4)",
        "deviation_reason": "varchar",
        **EVIDENCE_COLUMNS,
    },
    "findings": {
        **_REPORT_KEYS,
        "finding_id": "varchar",
        "ordinal": "integer",
        "kind": "varchar",
        "text": "varchar",
        **EVIDENCE_COLUMNS,
    },
    "citations": {
        **_REPORT_KEYS,
        "citation_id": "varchar",
        "ordinal": "integer",
        "document_number": "varchar",
        "title": "varchar",
        "as_written": "varchar",
        **EVIDENCE_COLUMNS,
    },
    "parties": {
        **_REPORT_KEYS,
        "party_id": "varchar",
        "ordinal": "integer",
        "role": "varchar",
        "name": "varchar",
        **EVIDENCE_COLUMNS,
    },
    "events": {
        **_REPORT_KEYS,
        "event_id": "varchar",
        "ordinal": "integer",
        "kind": "varchar",
        "date": "varchar",
        **EVIDENCE_COLUMNS,
    },
    "mentions": {
        **_REPORT_KEYS,
        "mention_id": "varchar",
        "ordinal": "integer",
        "kind": "varchar",
        "label": "varchar",
        "section": "varchar",
        "stage": "varchar",
        "as_written": "varchar",
        "value": "decimal(24,6)",
        "unit": "varchar",
        "amount_yuan": "decimal(18,2)",
        **EVIDENCE_COLUMNS,
    },
    "statements": {
        **_REPORT_KEYS,
        "statement_id": "varchar",
        "ordinal": "integer",
        "kind": "varchar",
        "text": "varchar",
        **EVIDENCE_COLUMNS,
    },
    "warnings": {
        **_REPORT_KEYS,
        "warning_id": "varchar",
        "ordinal": "integer",
        "code": "varchar",
        "message": "varchar",
        **EVIDENCE_COLUMNS,
    },
    # The second and every further place of a warning.
    "warning_places": {**_REPORT_KEYS, "warning_id": "varchar", "ordinal": "integer", **EVIDENCE_COLUMNS},
    # What was measured of the text of a report, once (`ingest.text_landing`). `text_start` and `text_end` are the part
    # of the document's text that is the report's; null where several share one text, and then nothing is measured.
    "text_measures": {
        **_REPORT_KEYS,
        "measures_key": "varchar",
        "text_start": "integer",
        "text_end": "integer",
        "n_characters": "integer",
        "n_repeated_characters": "integer",
        "longest_repeat": "integer",
        "n_numbered_lines": "integer",
        "n_goal_result_shared": "integer",
        "n_goal_result_either": "integer",
        "n_shingles": "integer",
        "shingles": "bigint[]",
    },
    # What rules look for in a text, with its place: repeats, broken numbering, noise, placeholders, stated years, ….
    "text_hits": {
        **_REPORT_KEYS,
        "ordinal": "integer",
        "kind": "varchar",
        "detail": "varchar",
        "evidence_start": "integer",
        "evidence_end": "integer",
        "evidence_text": "varchar",
    },
    # What people corrected: read from the home folder, applied in staging.
    "corrections": {
        "load_id": "varchar",
        "correction_id": "varchar",
        "row_id": "varchar",
        "field": "varchar",
        "expect": "varchar",
        "corrected": "varchar",
        "reason": "varchar",
        "corrected_by": "varchar",
        "corrected_on": "date",
    },
    # People's own lines of reference tables: read from the home folder, one row per cell.
    "own_reference": {
        "load_id": "varchar",
        "table_name": "varchar",
        "row_key": "varchar",
        "column_name": "varchar",
        "value": "varchar",
        "line": "integer",
    },
}

WRITTEN_BY_PEOPLE = frozenset({"corrections", "own_reference"})
"""The raw tables that no document fills."""
MEASURED_OF_TEXTS = frozenset({"text_measures", "text_hits"})
"""The raw tables that follow from stored texts (`ingest.text_landing`)."""

OPS_TABLES: dict[str, dict[str, str]] = {
    # One row per load, completed last and in the same transaction as its rows. `load_sequence` is the order of loads.
    "loads": {
        "load_id": "varchar",
        "load_sequence": "bigint",
        "started_at": "timestamp",
        "completed_at": "timestamp",
        "code_version": "varchar",
        "inputs": "integer",
        "loaded": "integer",
        "unchanged": "integer",
        "quarantined": "integer",
    },
    # One row per input of a load: a file, a member of an archive or a line of records.
    "load_files": {
        "load_id": "varchar",
        "input_name": "varchar",
        "file_name": "varchar",
        "document_sha256": "varchar",
        "record_id": "varchar",
        "outcome": "varchar",
        "reason_code": "varchar",
        "byte_count": "bigint",
    },
    # Values that a record changes of what the record before it said of the same document (`ingest.value_changes`).
    "value_changes": {
        "load_id": "varchar",
        "document_sha256": "varchar",
        "report_id": "varchar",
        "raw_table": "varchar",
        "row_id": "varchar",
        "field": "varchar",
        "change_kind": "varchar",
        "old_value": "varchar",
        "new_value": "varchar",
        "old_extractor": "varchar",
        "new_extractor": "varchar",
    },
    # What reading an input gave the last time, one row per place (`ingest.readings`).
    "readings": {
        "place": "varchar",
        "byte_count": "bigint",
        "mtime_ns": "bigint",
        "ctime_ns": "bigint",
        "is_settled": "boolean",
        "content_sha256": "varchar",
        "reading_key": "varchar",
        "stated": "varchar",
        "input_name": "varchar",
        "file_name": "varchar",
        "document_sha256": "varchar",
        "record_id": "varchar",
        "code": "varchar",
        "message_zh": "varchar",
        "message_en": "varchar",
    },
    "quarantine": {
        "load_id": "varchar",
        "input_name": "varchar",
        "document_sha256": "varchar",
        "code": "varchar",
        "message_zh": "varchar",
        "message_en": "varchar",
    },
    # One row per check and run: batch checks of a load, data tests of a build.
    "check_results": {
        "run_id": "varchar",
        "checked_at": "timestamp",
        "kind": "varchar",
        "subject": "varchar",
        "check_name": "varchar",
        "severity": "varchar",
        "result": "boolean",
        "reason": "varchar",
        "n_evaluated": "bigint",
        "n_failed": "bigint",
    },
    # The first rows that a check found fault with (`ingest.check_results`), at least one row per check that failed.
    "check_failures": {
        "run_id": "varchar",
        "checked_at": "timestamp",
        "kind": "varchar",
        "subject": "varchar",
        "check_name": "varchar",
        "severity": "varchar",
        "meaning_zh": "varchar",
        "meaning_en": "varchar",
        "n_failed": "bigint",
        "row_number": "integer",
        "failing_row": "varchar",
    },
    # One row per call that writes: copied from the run history of the home folder before each publication.
    "runs": {
        "run_id": "varchar",
        "command": "varchar",
        "started_at": "timestamp",
        "finished_at": "timestamp",
        "outcome": "varchar",
        "exit_code": "integer",
        "error_code": "varchar",
        "seconds": "double",
        "read_seconds": "double",
        "land_seconds": "double",
        "check_seconds": "double",
        "build_seconds": "double",
        "publish_seconds": "double",
        "inputs": "integer",
        "loaded": "integer",
        "unchanged": "integer",
        "quarantined": "integer",
        "release_id": "varchar",
        "owner": "varchar",
        "code_version": "varchar",
    },
}

_LISTS = (
    # attribute of the report, raw table, key column
    ("funding", "funding_lines", "line_id"),
    ("indicators", "indicators", "indicator_id"),
    ("findings", "findings", "finding_id"),
    ("citations", "citations", "citation_id"),
    ("parties", "parties", "party_id"),
    ("events", "events", "event_id"),
    ("mentions", "mentions", "mention_id"),
    ("statements", "statements", "statement_id"),
    ("warnings", "warnings", "warning_id"),
)

ROW_KEYS: dict[str, str] = {table: key for _, table, key in _LISTS}
"""For each raw table that a report fills with rows, the column that is their key."""

PLACE_KEYS: dict[str, str] = {
    "field_evidence": "field",
    **ROW_KEYS,
    "warning_places": "warning_id",
}
"""For each raw table whose rows have a place in the document, the column that tells the rows of a report apart."""

_REPORT_VALUES = {
    "ordinal", "kind", "fiscal_year", "unit", "department", "project_name", "project_code", "evaluated_on",
}  # fmt: skip

_POLARS_TYPES: dict[str, pl.DataType] = {
    "varchar": pl.String(),
    "integer": pl.Int32(),
    "bigint": pl.Int64(),
    "double": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
    "bigint[]": pl.List(pl.Int64()),
}
_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")


def ddl() -> list[str]:
    """The statements that create every raw and ops table where it is missing."""
    statements = ["create schema if not exists raw", "create schema if not exists ops"]
    for schema, tables in (("raw", RAW_TABLES), ("ops", OPS_TABLES)):
        for table, columns in tables.items():
            body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            statements.append(f"create table if not exists {schema}.{table} ({body})")
    return statements


def frame(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a frame with exactly the table's columns and types.

    Built by column, because only then does polars raise on a value that does not fit; by row it becomes a silent null.
    """
    entries = list(rows)
    for entry in entries:
        if entry.keys() != columns.keys():
            raise ValueError(f"columns differ from the table's: {sorted(entry.keys() ^ columns.keys())}")
    return pl.DataFrame(
        [
            pl.Series(name, [entry[name] for entry in entries], dtype=_polars_type(kind), strict=True)
            for name, kind in columns.items()
        ]
    )


def _polars_type(kind: str) -> pl.DataType:
    match = _DECIMAL.fullmatch(kind)
    return pl.Decimal(int(match[1]), int(match[2])) if match else _POLARS_TYPES[kind]


def record_frames(records: Iterable[DocumentRecord], load_id: str) -> dict[str, pl.DataFrame]:
    """All raw tables of a batch of records, by table name, save what people write and what is measured."""
    of_records = RAW_TABLES.keys() - WRITTEN_BY_PEOPLE - MEASURED_OF_TEXTS
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in RAW_TABLES if table in of_records}
    for record in records:
        keys = {"load_id": load_id, "record_id": record.record_id}
        facts = record.document
        rows["documents"].append(
            {**keys, "document_sha256": facts.sha256, "schema_version": record.schema_version}
            | facts.model_dump(exclude={"sha256", "canonical_text"})
        )
        if facts.canonical_text is not None:
            rows["document_text"].append(
                {**keys, "document_sha256": facts.sha256, "canonical_text": facts.canonical_text}
            )
        for report in record.reports:
            _add_report(rows, keys, report)
    return {table: frame(RAW_TABLES[table], entries) for table, entries in rows.items()}


# What a correction may point to keeps its key while the document says the same.
_IDENTIFYING = {"funding_lines": ("stage", "source", "as_written"), "indicators": ("name", "target")}


def _add_report(rows: dict[str, list[dict[str, Any]]], record_keys: dict[str, str], report: ReportRecord) -> None:
    keys = {**record_keys, "report_id": report.report_id}
    rows["reports"].append({**keys, **_report_values(report)})
    places = dict(report.field_evidence)
    if report.execution.evidence is not None:
        places.setdefault("execution.stated_rate_pct", report.execution.evidence)
    for field, place in sorted(places.items()):
        rows["field_evidence"].append({**keys, "field": field, **_place(place)})
    for attribute, table, key in _LISTS:
        entries = getattr(report, attribute)
        row_ids = _row_ids(report.report_id, table, entries)
        for ordinal, (row_id, entry) in enumerate(zip(row_ids, entries, strict=True), start=1):
            values = entry.model_dump(exclude={"evidence", "places"})
            rows[table].append({**keys, key: row_id, "ordinal": ordinal, **values, **_place(entry.evidence)})
            for place_ordinal, place in enumerate(getattr(entry, "places", ()), start=2):
                rows["warning_places"].append({**keys, key: row_id, "ordinal": place_ordinal, **_place(place)})


def _report_values(report: ReportRecord) -> dict[str, Any]:
    return {
        **report.model_dump(include=_REPORT_VALUES),
        **{f"region_{name}": value for name, value in report.region.model_dump().items()},
        "execution_stated_rate_pct": report.execution.stated_rate_pct,
        "execution_weight": report.execution.weight,
        "execution_score": report.execution.score,
        **report.evaluation.model_dump(),
    }


def _row_ids(report_id: str, table: str, entries: Iterable[Record]) -> list[str]:
    """The keys of a report's rows: made of what tells a row from its neighbours, so that they are the same keys after a
    re-extraction that finds more rows. Rows that say the same are numbered; where nothing tells them apart, all are.
    """
    identifying = _IDENTIFYING.get(table, ())
    seen: Counter[tuple[Any, ...]] = Counter()
    row_ids = []
    for entry in entries:
        content = tuple(getattr(entry, name) for name in identifying)
        seen[content] += 1
        row_ids.append(stable_id(report_id, table, *content, seen[content]))
    return row_ids


def _place(evidence: Evidence) -> dict[str, Any]:
    return {f"evidence_{name}": value for name, value in evidence.model_dump().items()}
