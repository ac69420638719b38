"""What differs between two releases: reports, projects and counties that appeared, vanished or moved, and why.

Both files are attached read-only and compared by SQL. A report is the same report where it is about the same
project-year; else where it is the same report of the same document, so that a new spelling, year or region of a project
is a move and no loss. A column that one of the files does not have yet is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ingest.errors import UsageError
from warehouse.attaching import attach_as, named_rows
from warehouse.release_diff_queries import (
    COUNTED,
    ID,
    KEPT_ROWS,
    PAIRS,
    RESULTS,
    SIDES,
    YEARS,
    Tables,
    changes_query,
    figures_query,
    reports_query,
)

if TYPE_CHECKING:
    import duckdb

Cause = Literal[
    "new_document", "revised", "withdrawn", "document_gone", "corrected", "reread", "program", "reference",
    "program_or_reference", "other_reports",
]  # fmt: skip
"""Why something differs, as far as the two files tell.

`revised`: another document counts for the same project-year; `reread`: the same bytes were read with another result;
`reference`: people's own reference data differ; `other_reports`: only what is judged beside other reports.
"""

LIMITS = "release_limits"
"""The reference table with the limits of a swing."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two files: its name for people, and the identity of program and models (empty: unknown)."""

    name: str
    file: Path
    project: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """What differs. Amounts and other figures are exact texts; None is "not stated".

    Attributes:
        before: name of the older side.
        after: name of the newer side.
        counts: how many reports, projects, counties and documents appeared, vanished or moved, and reports by cause.
        causes: whether program, people's reference data and corrections differ; None where it is not known.
        county_years: county × kind × fiscal year where anything differs, with totals in yuan; `kept_…` are those of
            the reports that both sides have, and `n_other_document` of these another document counts for or a person
            corrected.
        projects: projects all of whose reports appeared or vanished.
        counties: the same of counties.
        reports: one row per report, with its figures that moved.
        documents: documents that appeared or vanished, also those whose reports do not count.
        tables: marts and columns that appeared, vanished or have another type.
        is_cut: rows were left out; the counts are complete.
    """

    before: str
    after: str
    counts: Mapping[str, Mapping[str, int]]
    causes: Mapping[str, bool | None]
    county_years: Sequence[Row] = ()
    projects: Sequence[Row] = ()
    counties: Sequence[Row] = ()
    reports: Sequence[Row] = ()
    documents: Sequence[Row] = ()
    tables: Sequence[Row] = ()
    is_cut: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The diff for programs."""
        return asdict(self)


def compare(before: Side, after: Side) -> ReleaseDiff:
    """What differs between two database files.

    Raises:
        UsageError: both are the same file.
        duckdb.Error: a file cannot be opened.
    """
    if before.file == after.file:
        raise UsageError(
            "same_release",
            zh=f"两次都是版本 {before.name}，没有可比较的内容。请指定两个不同的版本（fundperf release list）。",
            en=f"Both are release {before.name}: there is nothing to compare. "
            "Name two different ones (`fundperf release list`).",
            release=before.name,
        )
    with _attached(before.file, after.file) as connection:
        columns = {side: _columns(connection, side) for side in SIDES}
        tables = _changed_tables(columns)
        causes = _causes(connection, columns, before, after)
        if not all(YEARS in columns[side] for side in SIDES):
            return ReleaseDiff(before.name, after.name, counts={}, causes=causes, tables=tables)
        for side in SIDES:
            connection.execute(reports_query(side, columns[side]))
        connection.execute(PAIRS)
        connection.execute(figures_query(columns))
        connection.execute(changes_query(columns, causes, _rest(causes)))
        parts = {name: named_rows(connection, query) for name, query in RESULTS.items()}
        counts = _count(connection)
    is_cut = any(len(rows) >= KEPT_ROWS for rows in parts.values())
    figures: dict[str, list[Row]] = {}
    for figure in parts.pop("figures"):
        figures.setdefault(figure.pop("after_id"), []).append(figure)
    for report in parts["reports"]:
        report["figures"] = figures.get(report[ID], []) if report["change"] == "moved" else []
    return ReleaseDiff(before.name, after.name, counts=counts, causes=causes, tables=tables, is_cut=is_cut, **parts)


@contextmanager
def _attached(before: Path, after: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    with duckdb.connect() as connection:
        for side, file in zip(SIDES, (before, after), strict=True):
            attach_as(connection, file, f"{side}_file")
        yield connection


def _columns(connection: duckdb.DuckDBPyConnection, side: str) -> Tables:
    """Tables with their columns and types, of the schemas that are compared."""
    rows = connection.execute(
        "select table_schema || '.' || table_name, column_name, data_type from information_schema.columns "
        "where table_catalog = ? and table_schema in ('marts', 'intermediate', 'staging', 'raw') order by 1, 2",
        [f"{side}_file"],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        found.setdefault(table, {})[column] = data_type
    return found


def _changed_tables(columns: Mapping[str, Tables]) -> list[Row]:
    before, after = (
        {
            (table.removeprefix("marts."), column): data_type
            for table, types in columns[side].items()
            if table.startswith("marts.")
            for column, data_type in types.items()
        }
        for side in SIDES
    )
    return [
        {"table": table, "column": column, "before": before.get((table, column)), "after": after.get((table, column))}
        for table, column in sorted({*before, *after})
        if before.get((table, column)) != after.get((table, column))
    ]


def _causes(
    connection: duckdb.DuckDBPyConnection,
    columns: Mapping[str, Tables],
    before: Side,
    after: Side,
) -> dict[str, bool | None]:
    return {
        "program": before.project != after.project if before.project and after.project else None,
        # The limits of a publication change no figure.
        "reference": _differs(
            connection,
            columns,
            "raw.own_reference",
            "table_name, row_key, column_name, value",
            f"table_name <> '{LIMITS}'",
        ),
        "corrections": _differs(connection, columns, "raw.corrections", "correction_id"),
    }


def _differs(
    connection: duckdb.DuckDBPyConnection,
    columns: Mapping[str, Tables],
    table: str,
    selected: str,
    condition: str = "true",
) -> bool | None:
    if not all(table in columns[side] for side in SIDES):
        return None
    one, other = (f"(select {selected} from {side}_file.{table} where {condition})" for side in SIDES)
    query = f"select count(*) from (({one} except {other}) union all ({other} except {one}))"
    (count,) = connection.execute(query).fetchone() or (0,)
    return bool(count)


def _rest(causes: Mapping[str, bool | None]) -> Cause | None:
    """What is left as the cause where the documents and their readings are the same; None: it is not known."""
    program, reference = causes["program"], causes["reference"]
    if program is None or reference is None:
        return None
    if program:
        return "program_or_reference" if reference else "program"
    return "reference" if reference else "other_reports"


def _count(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    counts = {
        name: dict(connection.execute(f"select change, count(*) from ({query}) group by 1 order by 1").fetchall())
        for name, query in COUNTED.items()
    }
    (figures,) = connection.execute("select count(*) from figures").fetchone() or (0,)
    return counts | {"figures": {"moved": figures}}
