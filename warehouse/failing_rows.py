"""What a failed data test asks for and the rows it found fault with, taken from the build right after dbt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ingest.check_results import MOST_ROWS, Failure
from warehouse.attaching import named_rows
from warehouse.messages import Lang, say
from warehouse.output import exact_text

if TYPE_CHECKING:
    import duckdb

    from warehouse.dbt_outcomes import CheckOutcome

FAILED = frozenset({"fail", "warn", "error"})
"""What dbt says of a test that found something or could not be run."""

_OWNERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "project_year_id",
        "marts.rpt_project_years",
        ("file_name", "fiscal_year", "region_county", "unit_name", "project_name"),
    ),
    ("document_id", "marts.dim_document", ("file_name",)),
    ("record_id", "raw.documents", ("file_name",)),
)
"""By which column a row belongs to something people know by name, where that stands, and its names."""
_ENGLISH_BEGINS = re.compile(r"(?<=[。；])\s*(?=[A-Za-z0-9`])")


def find_failures(
    connection: duckdb.DuckDBPyConnection,
    checks: Mapping[str, CheckOutcome],
    compiled: Mapping[str, str],
    manifest: Mapping[str, Any],
) -> Iterator[Failure]:
    """Every test that failed, with its first rows.

    Args:
        connection: the build file.
        checks: what dbt says of each test, by dbt's id.
        compiled: the query of each test, by dbt's id.
        manifest: dbt's own description of the project.
    """
    for unique_id, check in checks.items():
        if check.status not in FAILED:
            continue
        node = manifest["nodes"].get(unique_id) or manifest.get("unit_tests", {}).get(unique_id, {})
        # Of a unit test dbt itself says what it got instead.
        ran = check.kind == "dbt_test" and check.status != "error"
        found = _rows(connection, node, compiled[unique_id], check.subject) if ran and unique_id in compiled else None
        # Where the rows cannot be had, dbt's own count is better than none.
        n_failed, rows = found or (check.n_failed, [])
        yield Failure(
            kind=check.kind,
            subject=check.subject,
            check_name=check.name,
            severity=check.severity,
            meaning_zh=_meaning(node, manifest, check.name, "zh"),
            meaning_en=_meaning(node, manifest, check.name, "en"),
            n_failed=n_failed if ran else None,
            rows=rows if ran else [{"message": check.message or check.status}],
        )


def _rows(
    connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any], query: str, subject: str
) -> tuple[int, list[dict[str, str | None]]] | None:
    """How many rows fail, and the first: of a test of one column the rows of the table itself, else what it gives.

    None where they cannot be read, which must not cost the run what dbt found.
    """
    import duckdb

    column = node.get("column_name")
    if column:
        relation = subject.removesuffix(f".{column}")
        # The first column of such a test is the value that is wrong.
        query = (
            f'select tested."{column}", tested.* exclude ("{column}") from {relation} as tested '
            f"where exists (select 1 from ({query}\n) as wrong(value) "
            f'where wrong.value is not distinct from tested."{column}") '
            "order by all"
        )
    try:
        [(n_failed,)] = connection.execute(f"select count(*) from ({query}\n)").fetchall()
        rows = named_rows(connection, f"select * from ({query}\n) limit {MOST_ROWS}")
    except duckdb.Error:
        return None
    owners = _owners(connection, rows)
    return n_failed, [_readable(row, owners, column) for row in rows]


def _owners(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The names that people know the rows by: by the name of the key and its value."""
    import duckdb

    found: dict[tuple[str, str], dict[str, Any]] = {}
    for key, relation, names in _OWNERS:
        wanted = sorted({str(row[key]) for row in rows if row.get(key) is not None})
        if not wanted:
            continue
        shown = ", ".join(f"any_value({name}) as {name}" for name in names)
        try:
            named = named_rows(
                connection,
                f"select {key}, {shown} from {relation} where list_contains(?, {key}) group by {key}",
                [wanted],
            )
        except duckdb.Error:
            # The build may have ended before that table was made.
            continue
        found |= {(key, str(row.pop(key))): row for row in named}
    return found


def _readable(
    row: Mapping[str, Any], owners: Mapping[tuple[str, str], Mapping[str, Any]], column: str | None
) -> dict[str, str | None]:
    """What was tested, whose row it is, the rest of it, and long keys at the end; what is empty is left out."""
    keys = {key: row[key] for key, _, _ in _OWNERS if key in row}
    named = next((owners[key, str(value)] for key, value in keys.items() if (key, str(value)) in owners), {})
    tested = {column: row[column]} if column else {}
    rest = {name: value for name, value in row.items() if name not in keys}
    facts = {**tested, **named, **rest, **keys}
    return {
        name: None if value is None else exact_text(value)
        for name, value in facts.items()
        if value is not None or name == column
    }


def _meaning(node: Mapping[str, Any], manifest: Mapping[str, Any], name: str, lang: Lang) -> str:
    if node.get("description"):
        return split_languages(node["description"])[lang == "en"]
    kind = (node.get("test_metadata") or {}).get("name")
    if kind not in {"is_key", "not_null", "unique", "accepted_values", "relationships"}:
        return name
    arguments = node["test_metadata"]["kwargs"]
    parents = [parent for parent in node.get("depends_on", {}).get("nodes", []) if parent != node.get("attached_node")]
    parent = manifest["nodes"].get(parents[0], {}).get("name", "") if parents else ""
    separator = "、" if lang == "zh" else ", "
    return say(
        f"check_means_{kind}",
        lang,
        column=node.get("column_name"),
        values=separator.join(map(str, arguments.get("values", ()))),
        parent=f"{parent}.{arguments.get('field')}",
    )


def split_languages(description: str) -> tuple[str, str]:
    """The Chinese and the English part of a description, one after the other; the whole where there is only one."""
    text = " ".join(description.split())
    parts = _ENGLISH_BEGINS.split(text, maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 else (text, text)
