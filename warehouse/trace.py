"""From a fact to the sentence it came from, and the steps between the raw table and the marts."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from ingest.errors import UnreachableError, UsageError

if TYPE_CHECKING:
    import duckdb

    from warehouse.release import Release

_SHARED_KEYS = frozenset({"load_id", "record_id", "report_id"})
_SENTENCE_ENDS = "。！？；!?\n"
_CONTEXT_CHARACTERS = 400
_SHORTEST_PREFIX = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was read. `before`, `text` and `after` together are the sentence; empty for a value of a manifest.

    `is_verified` says whether the kept text has exactly `text` at `start`–`end`; None when no text was kept.
    """

    start: int
    end: int
    page: int | None
    text: str
    before: str
    after: str
    method: str
    confidence: float
    is_verified: bool | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A fact with its values, its places, its document and its way into the marts."""

    fact_id: str
    table: str
    values: Mapping[str, str]
    places: tuple[Place, ...]
    file_name: str
    document_sha256: str
    source_url: str | None
    steps: tuple[tuple[str, ...], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact whose text or value matches a search; `field` is set for a single value of a report."""

    fact_id: str
    field: str | None
    table: str
    label: str
    file_name: str


def trace_fact(release: Release, fact_id: str, field: str | None = None) -> Trace:
    """Where a fact was read and how it came into the marts.

    Args:
        release: what is asked.
        fact_id: the id of a fact row (`line_id`, `indicator_id`, … as in the column `fact_id`) or its first characters;
            or a `project_year_id` or `report_id` together with `field`.
        field: a single value of a report (`evaluation.total_score`) or an entry of a list (`indicators.9`).

    Raises:
        UnreachableError: no such fact.
        UsageError: the id begins several facts, or a field is needed.
    """
    from warehouse.attaching import attach

    with attach(release.file) as connection:
        tables = _fact_tables(connection)
        report_id = _find_report(connection, fact_id)
        if report_id is None:
            return _trace_row(connection, release, tables, fact_id)
        if field is None:
            raise _field_needed(connection, tables, report_id)
        table, _, ordinal = field.rpartition(".")
        table = {"funding": "funding_lines"}.get(table, table)
        if table in tables and ordinal.isdigit():
            row_id = _scalar(
                connection,
                f"select {tables[table].key} from raw.{table} where report_id = ? and ordinal = ?",
                [report_id, int(ordinal)],
            )
            if row_id is None:
                raise _unknown(f"{fact_id} {field}")
            return _trace_row(connection, release, tables, str(row_id))
        return _trace_field(connection, release, report_id, field)


def find_facts(release: Release, wanted: str) -> list[Hit]:
    """Facts whose printed text holds `wanted`, or whose value equals it when it is a number.

    A number is matched as a whole: 2.21 does not find 12.21.
    """
    from warehouse.attaching import attach

    number = _as_number(wanted)
    with attach(release.file) as connection:
        tables = _fact_tables(connection)
        hits = [hit for table in tables.values() for hit in _search_table(connection, table, wanted, number)]
        hits.extend(_search_fields(connection, wanted, number))
    return hits


@dataclass(frozen=True, slots=True)
class _FactTable:
    name: str
    key: str
    columns: Mapping[str, str]

    @property
    def value_columns(self) -> list[str]:
        hidden = _SHARED_KEYS | {self.key}
        return [name for name in self.columns if name not in hidden and not name.startswith("evidence_")]


def _fact_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, _FactTable]:
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
            tables[table] = _FactTable(table, keys[0], kinds)
    return tables


def _find_report(connection: duckdb.DuckDBPyConnection, wanted: str) -> str | None:
    if _scalar(connection, "select report_id from raw.reports where report_id = ?", [wanted]) is not None:
        return wanted
    holders = connection.execute(
        """
        select table_schema, table_name from information_schema.columns
        where table_catalog = current_database() and table_schema in ('intermediate', 'marts')
        group by table_schema, table_name having count(*) filter (column_name in ('project_year_id', 'report_id')) = 2
        order by (table_name like '%current') desc, table_schema, table_name
        """
    ).fetchall()
    for schema, table in holders:
        query = f'select report_id from {schema}."{table}" where project_year_id = ?'
        found = _scalar(connection, query, [wanted])
        if found is not None:
            return str(found)
    return None


def _trace_row(
    connection: duckdb.DuckDBPyConnection, release: Release, tables: Mapping[str, _FactTable], fact_id: str
) -> Trace:
    table, full_id = _locate(connection, tables, fact_id)
    row = _newest(connection, f"raw.{table.name}", f"{table.key} = ?", [full_id])
    text, document = _document_of(connection, row)
    places = [_place(row, text)]
    if table.name == "warnings":
        places.extend(_further_places(connection, row, text))
    relations = _marts_with(connection, "fact_id", full_id)
    return Trace(
        fact_id=full_id,
        table=f"raw.{table.name}",
        values={name: _show(row[name]) for name in table.value_columns if row[name] is not None},
        places=tuple(places),
        file_name=document["file_name"],
        document_sha256=document["document_sha256"],
        source_url=document["source_url"],
        steps=_steps(release.parents, f"raw.{table.name}", relations),
    )


def _trace_field(connection: duckdb.DuckDBPyConnection, release: Release, report_id: str, wanted: str) -> Trace:
    fields = _fields(connection, report_id)
    matching = [name for name in fields if name == wanted or name.rpartition(".")[2] == wanted]
    if len(matching) != 1:
        raise _unknown_field(wanted, fields)
    name = matching[0]
    row = _newest(connection, "raw.field_evidence", "report_id = ? and field = ?", [report_id, name])
    report = _newest(connection, "raw.reports", "report_id = ? and record_id = ?", [report_id, row["record_id"]])
    text, document = _document_of(connection, row)
    value = _field_value(report, name)
    project_years = _project_years_of(connection, report_id)
    wide = [mart for year in project_years for mart in _marts_with(connection, "project_year_id", year)]
    # Marts of single rows have ids of their own: of those only the ones about the report itself.
    reported = [mart for mart in dict.fromkeys(wide) if not _has_column(connection, mart, "fact_id")]
    reported = sorted([*_marts_with(connection, "fact_id", report_id), *reported])
    return Trace(
        fact_id=f"{report_id} {name}",
        table="raw.reports",
        values={name: _show(value)} if value is not None else {},
        places=(_place(row, text),),
        file_name=document["file_name"],
        document_sha256=document["document_sha256"],
        source_url=document["source_url"],
        steps=_steps(release.parents, "raw.reports", reported),
    )


def _locate(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, _FactTable], wanted: str
) -> tuple[_FactTable, str]:
    found: list[tuple[_FactTable, str]] = []
    for table in tables.values():
        query = f"select distinct {table.key} from raw.{table.name} where starts_with({table.key}, ?) limit 6"
        found.extend((table, row_id) for (row_id,) in connection.execute(query, [wanted]).fetchall())
    exact = [entry for entry in found if entry[1] == wanted]
    if len(exact) == 1:
        return exact[0]
    if not found or len(wanted) < _SHORTEST_PREFIX:
        raise _unknown(wanted)
    if len(found) > 1:
        listed = ", ".join(row_id for _, row_id in found[:5])
        raise UsageError(
            "ambiguous_fact",
            zh=f"有多个事实以 {wanted} 开头：{listed}。请写出更多字符。",
            en=f"Several facts begin with {wanted}: {listed}. Write more characters.",
            found=[row_id for _, row_id in found],
        )
    return found[0]


def _newest(connection: duckdb.DuckDBPyConnection, table: str, condition: str, parameters: list[Any]) -> dict[str, Any]:
    """The row as the latest load that has it says."""
    result = connection.execute(
        f"select found.* from {table} as found inner join ops.loads using (load_id) "
        f"where {condition} order by load_sequence desc limit 1",
        parameters,
    )
    names = [column[0] for column in result.description or []]
    row = result.fetchone()
    if row is None:
        raise _unknown(" ".join(str(value) for value in parameters))
    return dict(zip(names, row, strict=True))


def _document_of(connection: duckdb.DuckDBPyConnection, row: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    keys = [row["record_id"]]
    document = _newest(connection, "raw.documents", "record_id = ?", keys)
    text = _scalar(connection, "select canonical_text from raw.document_text where record_id = ?", keys)
    return (None if text is None else str(text)), document


def _further_places(connection: duckdb.DuckDBPyConnection, row: Mapping[str, Any], text: str | None) -> Iterator[Place]:
    result = connection.execute(
        "select * from raw.warning_places where warning_id = ? and load_id = ? and record_id = ? order by ordinal",
        [row["warning_id"], row["load_id"], row["record_id"]],
    )
    names = [column[0] for column in result.description or []]
    for values in result.fetchall():
        yield _place(dict(zip(names, values, strict=True)), text)


def _place(row: Mapping[str, Any], text: str | None) -> Place:
    start, end, printed = int(row["evidence_start"]), int(row["evidence_end"]), str(row["evidence_text"] or "")
    before = after = ""
    is_verified = None
    if text is not None and end > start:
        is_verified = text[start:end] == printed
        first = max((text.rfind(mark, 0, start) for mark in _SENTENCE_ENDS), default=-1) + 1
        before = text[max(first, start - _CONTEXT_CHARACTERS) : start].lstrip()
        after = _until_sentence_end(text, start, end)
    return Place(
        start=start,
        end=end,
        page=row["evidence_page"],
        text=printed,
        before=before,
        after=after,
        method=str(row["evidence_method"]),
        confidence=float(row["evidence_confidence"]),
        is_verified=is_verified,
    )


def _until_sentence_end(text: str, start: int, end: int) -> str:
    if end > start and text[end - 1] in _SENTENCE_ENDS:
        return ""
    ends = [found for mark in _SENTENCE_ENDS if (found := text.find(mark, end)) >= 0]
    last = min(ends) + 1 if ends else len(text)
    return text[end : min(last, end + _CONTEXT_CHARACTERS)].rstrip()


def _marts_with(connection: duckdb.DuckDBPyConnection, column: str, value: str) -> list[str]:
    tables = connection.execute(
        "select table_name from information_schema.columns "
        "where table_catalog = current_database() and table_schema = 'marts' and column_name = ? order by table_name",
        [column],
    ).fetchall()
    return [
        f"marts.{name}"
        for (name,) in tables
        if _scalar(connection, f'select 1 from marts."{name}" where "{column}" = ? limit 1', [value]) is not None
    ]


def _has_column(connection: duckdb.DuckDBPyConnection, relation: str, column: str) -> bool:
    schema, _, table = relation.partition(".")
    query = (
        "select 1 from information_schema.columns where table_catalog = current_database() "
        "and table_schema = ? and table_name = ? and column_name = ?"
    )
    return _scalar(connection, query, [schema, table, column]) is not None


def _project_years_of(connection: duckdb.DuckDBPyConnection, report_id: str) -> list[str]:
    for table in ("int_project_years__current", "int_reports__identified"):
        if _has_column(connection, f"intermediate.{table}", "project_year_id"):
            rows = connection.execute(
                f"select distinct project_year_id from intermediate.{table} where report_id = ?", [report_id]
            ).fetchall()
            if rows:
                return [str(value) for (value,) in rows]
    return []


def _steps(parents: Mapping[str, list[str]], origin: str, relations: list[str]) -> tuple[tuple[str, ...], ...]:
    """For each relation the shortest way from the raw table to it."""
    children: dict[str, list[str]] = {}
    for child, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(child)
    ways: dict[str, tuple[str, ...]] = {origin: (origin,)}
    waiting = deque([origin])
    while waiting:
        name = waiting.popleft()
        for child in sorted(children.get(name, [])):
            if child not in ways:
                ways[child] = (*ways[name], child)
                waiting.append(child)
    return tuple(ways[relation] for relation in relations if relation in ways)


def _search_table(
    connection: duckdb.DuckDBPyConnection, table: _FactTable, wanted: str, number: Decimal | None
) -> Iterator[Hit]:
    texts = [name for name in table.value_columns if table.columns[name] == "VARCHAR"] + ["evidence_text"]
    figures = [name for name in table.value_columns if table.columns[name].startswith("DECIMAL")]
    conditions = [f'contains(found."{name}", $wanted)' for name in texts]
    parameters: dict[str, Any] = {"wanted": wanted}
    if number is not None and figures:
        conditions.extend(f'found."{name}" = $number' for name in figures)
        parameters["number"] = number
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
        if _matches([*values, evidence_text], wanted, number):
            label = " · ".join(_show(value) for value in values if value is not None)
            yield Hit(row_id, None, f"raw.{table.name}", label, file_name)


def _search_fields(connection: duckdb.DuckDBPyConnection, wanted: str, number: Decimal | None) -> Iterator[Hit]:
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
        [wanted],
    ).fetchall()
    for report_id, name, evidence_text, file_name in rows:
        if _matches([evidence_text], wanted, number):
            yield Hit(report_id, name, "raw.reports", f"{name} · {evidence_text}", file_name)


def _matches(values: list[Any], wanted: str, number: Decimal | None) -> bool:
    if number is None:
        return True
    whole = re.compile(rf"(?<![\d.]){re.escape(wanted)}(?![\d])(?!\.\d)")
    return any(
        value == number if isinstance(value, Decimal) else whole.search(str(value)) is not None
        for value in values
        if value is not None
    )


def _fields(connection: duckdb.DuckDBPyConnection, report_id: str) -> list[str]:
    rows = connection.execute(
        "select distinct field from raw.field_evidence where report_id = ? order by field", [report_id]
    ).fetchall()
    return [name for (name,) in rows]


def _field_value(report: Mapping[str, Any], name: str) -> Any:
    # raw.reports is flat: evaluation.total_score → total_score, region.county → region_county.
    for column in (name.replace(".", "_"), name.rpartition(".")[2]):
        if report.get(column) is not None:
            return report[column]
    return None


def _scalar(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any]) -> Any:
    row = connection.execute(query, parameters).fetchone()
    return None if row is None else row[0]


def _as_number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _show(value: Any) -> str:
    if isinstance(value, Decimal):
        from ingest.records import plain

        return plain(value)
    return str(value)


def _unknown(wanted: str) -> UnreachableError:
    return UnreachableError(
        "unknown_fact",
        zh=f"已发布的版本中没有事实 {wanted}。用 fundperf trace --find 文字或数字 查找编号。",
        en=f"There is no fact {wanted} in the release. `fundperf trace --find TEXT` searches by text or figure.",
        fact=wanted,
    )


def _unknown_field(wanted: str, fields: list[str]) -> UsageError:
    listed = ", ".join(fields) or "—"
    return UsageError(
        "unknown_field",
        zh=f"该报告没有唯一的字段 {wanted}。可用字段：{listed}。",
        en=f"The report has no single field {wanted}. Fields with a place: {listed}.",
        fields=fields,
    )


def _field_needed(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, _FactTable], report_id: str
) -> UsageError:
    listed = ", ".join(_fields(connection, report_id)) or "—"
    lists = ", ".join(f"{name}.1" for name in tables)
    return UsageError(
        "field_needed",
        zh=f"这是整份报告的编号，请用 --field 指出其中一个值：{listed}；或列表中的一项：{lists}。",
        en=f"This id is a whole report: name one value with --field: {listed}; or an entry of a list: {lists}.",
        report_id=report_id,
    )
