"""From a fact to the sentence it came from, and the steps between the raw table and the marts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.errors import UnreachableError, UsageError
from warehouse.attaching import attach, named_rows
from warehouse.facts import FactTable, fact_tables, show_value
from warehouse.places import Place, read_place

if TYPE_CHECKING:
    import duckdb

    from warehouse.release import Release

_SHORTEST_PREFIX = 6


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
    steps: tuple[tuple[str, ...], ...]


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
    with attach(release.file) as connection:
        tables = fact_tables(connection)
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
    connection: duckdb.DuckDBPyConnection, release: Release, tables: Mapping[str, FactTable], fact_id: str
) -> Trace:
    table, full_id = _locate(connection, tables, fact_id)
    row = _newest(connection, f"raw.{table.name}", f"{table.key} = ?", [full_id])
    text, document = _document_of(connection, row)
    places = [read_place(row, text)]
    if table.name == "warnings":
        places.extend(_further_places(connection, row, text))
    relations = _marts_with(connection, "fact_id", full_id)
    return Trace(
        fact_id=full_id,
        table=f"raw.{table.name}",
        values={name: show_value(row[name]) for name in table.value_columns if row[name] is not None},
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
        values={name: show_value(value)} if value is not None else {},
        places=(read_place(row, text),),
        file_name=document["file_name"],
        document_sha256=document["document_sha256"],
        source_url=document["source_url"],
        steps=_steps(release.parents, "raw.reports", reported),
    )


def _locate(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, FactTable], wanted: str
) -> tuple[FactTable, str]:
    found: list[tuple[FactTable, str]] = []
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
    rows = named_rows(
        connection,
        f"select found.* from {table} as found inner join ops.loads using (load_id) "
        f"where {condition} order by load_sequence desc limit 1",
        parameters,
    )
    if not rows:
        raise _unknown(" ".join(str(value) for value in parameters))
    return rows[0]


def _document_of(connection: duckdb.DuckDBPyConnection, row: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    keys = [row["record_id"]]
    document = _newest(connection, "raw.documents", "record_id = ?", keys)
    text = _scalar(connection, "select canonical_text from raw.document_text where record_id = ?", keys)
    return (None if text is None else str(text)), document


def _further_places(connection: duckdb.DuckDBPyConnection, row: Mapping[str, Any], text: str | None) -> Iterator[Place]:
    rows = named_rows(
        connection,
        "select * from raw.warning_places where warning_id = ? and load_id = ? and record_id = ? order by ordinal",
        [row["warning_id"], row["load_id"], row["record_id"]],
    )
    return (read_place(place, text) for place in rows)


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


def _field_needed(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, FactTable], report_id: str) -> UsageError:
    listed = ", ".join(_fields(connection, report_id)) or "—"
    lists = ", ".join(f"{name}.1" for name in tables)
    return UsageError(
        "field_needed",
        zh=f"这是整份报告的编号，请用 --field 指出其中一个值：{listed}；或列表中的一项：{lists}。",
        en=f"This id is a whole report: name one value with --field: {listed}; or an entry of a list: {lists}.",
        report_id=report_id,
    )
