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

if TYPE_CHECKING:
    import duckdb

Change = Literal["appeared", "vanished", "moved"]
Cause = Literal[
    "new_document", "revised", "withdrawn", "document_gone", "corrected", "reread", "program", "reference",
    "program_or_reference", "other_reports",
]  # fmt: skip
"""Why something differs, as far as the two files tell.

`revised`: another document counts for the same project-year; `reread`: the same bytes were read with another result;
`reference`: people's own reference data differ; `other_reports`: only what is judged beside other reports.
"""

DESCRIBED = (
    "fiscal_year", "county", "unit_name", "project_name", "kind", "programme_family", "programme_sub_type",
)  # fmt: skip
"""What a report is about."""
MEASURED = (
    "budget_yuan", "budget_stage", "received_yuan", "executed_yuan", "execution_rate", "execution_rate_on_received",
    "stated_execution_rate", "stated_total_points", "recomputed_total_points", "stated_grade", "derived_grade",
    "n_indicators", "indicator_attainment_rate",
)  # fmt: skip
"""The figures of a report, by their columns in `rpt_project_years`.

Beside them a report has several of `funding`, `indicator` (and `indicator.…`, a column of one) and `red_flag`.
"""

LIMITS = "release_limits"
"""The reference table with the limits of a swing."""
_INDICATOR_COLUMNS = ("target_text", "actual_text", "attainment_ratio", "weight_points", "stated_score_points")
_YEARS = "marts.rpt_project_years"
_RECORDS = "staging.stg_reports__current_records"
_ID = "project_year_id"
_SIDES = ("before", "after")
_KEPT_ROWS = 20_000
"""At most so many rows of a kind are kept in a diff; the counts are always those of all."""

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
        columns = {side: _columns(connection, side) for side in _SIDES}
        tables = _changed_tables(columns)
        causes = _causes(connection, columns, before, after)
        if not all(_YEARS in columns[side] for side in _SIDES):
            return ReleaseDiff(before.name, after.name, counts={}, causes=causes, tables=tables)
        _collect(connection, columns, causes)
        parts = {name: named_rows(connection, query) for name, query in _RESULTS.items()}
        counts = _count(connection)
    is_cut = any(len(rows) >= _KEPT_ROWS for rows in parts.values())
    figures: dict[str, list[Row]] = {}
    for figure in parts.pop("figures"):
        figures.setdefault(figure.pop("after_id"), []).append(figure)
    for report in parts["reports"]:
        report["figures"] = figures.get(report[_ID], []) if report["change"] == "moved" else []
    return ReleaseDiff(before.name, after.name, counts=counts, causes=causes, tables=tables, is_cut=is_cut, **parts)


@contextmanager
def _attached(before: Path, after: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    with duckdb.connect() as connection:
        for side, file in zip(_SIDES, (before, after), strict=True):
            attach_as(connection, file, f"{side}_file")
        yield connection


def _columns(connection: duckdb.DuckDBPyConnection, side: str) -> dict[str, dict[str, str]]:
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


def _changed_tables(columns: Mapping[str, Mapping[str, Mapping[str, str]]]) -> list[Row]:
    before, after = (
        {
            (table.removeprefix("marts."), column): data_type
            for table, types in columns[side].items()
            if table.startswith("marts.")
            for column, data_type in types.items()
        }
        for side in _SIDES
    )
    return [
        {"table": table, "column": column, "before": before.get((table, column)), "after": after.get((table, column))}
        for table, column in sorted({*before, *after})
        if before.get((table, column)) != after.get((table, column))
    ]


def _causes(
    connection: duckdb.DuckDBPyConnection,
    columns: Mapping[str, Mapping[str, Mapping[str, str]]],
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
    columns: Mapping[str, Mapping[str, Mapping[str, str]]],
    table: str,
    selected: str,
    condition: str = "true",
) -> bool | None:
    if not all(table in columns[side] for side in _SIDES):
        return None
    one, other = (f"(select {selected} from {side}_file.{table} where {condition})" for side in _SIDES)
    query = f"select count(*) from (({one} except {other}) union all ({other} except {one}))"
    (count,) = connection.execute(query).fetchone() or (0,)
    return bool(count)


def _collect(
    connection: duckdb.DuckDBPyConnection,
    columns: Mapping[str, Mapping[str, Mapping[str, str]]],
    causes: Mapping[str, bool | None],
) -> None:
    """Everything that differs, as temporary tables."""

    def common(table: str, wanted: Sequence[str]) -> list[str]:
        return [name for name in wanted if all(name in columns[side].get(table, {}) for side in _SIDES)]

    for side in _SIDES:
        connection.execute(_reports_query(side, columns[side]))
    connection.execute(_PAIRS)
    measured = common(_YEARS, MEASURED)
    described = [name for name in DESCRIBED if name == "county" or name in common(_YEARS, DESCRIBED)]
    queries = [_moved_query(name, has_county=name == "county") for name in (*described, *measured)]
    if common("marts.fct_funding", ("stage", "source", "amount_yuan")) == ["stage", "source", "amount_yuan"]:
        queries.append(_FUNDING)
    indicators = common("marts.fct_indicator_attainment", ("indicator_name", *_INDICATOR_COLUMNS))
    if "indicator_name" in indicators:
        queries.append(_indicators_query([name for name in _INDICATOR_COLUMNS if name in indicators]))
    if common("marts.fct_red_flag", ("rule_id", "result")) == ["rule_id", "result"]:
        queries.append(_FLAGS)
    connection.execute("create temp table figures as " + " union all by name ".join(f"({query})" for query in queries))
    rest = _rest(causes)
    nothing = "select cast(null as varchar) as document_id, cast(null as varchar) as record_id where false"
    withdrawn = "select document_id from after_file.marts.dim_document where is_withdrawn"
    records = {
        f"{side}_records": f"select document_sha256 as document_id, record_id from {side}_file.{_RECORDS}"
        if _RECORDS in columns[side]
        else nothing
        for side in _SIDES
    }
    connection.execute(
        _CHANGES.format(
            rest="null" if rest is None else f"'{rest}'",
            corrections="true" if causes["corrections"] else "false",
            withdrawn=withdrawn if "is_withdrawn" in columns["after"]["marts.dim_document"] else nothing,
            **records,
        )
    )


def _rest(causes: Mapping[str, bool | None]) -> Cause | None:
    """What is left as the cause where the documents and their readings are the same; None: it is not known."""
    program, reference = causes["program"], causes["reference"]
    if program is None or reference is None:
        return None
    if program:
        return "program_or_reference" if reference else "program"
    return "reference" if reference else "other_reports"


def _reports_query(side: str, columns: Mapping[str, Mapping[str, str]]) -> str:
    def column(table: str, alias: str, name: str, data_type: str = "varchar") -> str:
        return f"{alias}.{name}" if name in columns.get(table, {}) else f"cast(null as {data_type}) as {name}"

    years = ", ".join(
        column(_YEARS, "years", name)
        for name in (
            "project_id", "document_id", "fiscal_year", "kind", "unit_name", "project_name", "file_name",
            "programme_family", "programme_sub_type", *MEASURED,
        )
    )  # fmt: skip
    known = columns[_YEARS]
    # A county that the list of regions does not have is known by its wording, not by the province around it.
    is_place = (
        "(years.region_county is null or years.region_level = 'county')"
        if {"region_county", "region_level"} <= known.keys()
        else "true"
    )
    names = {"region_name": f"case when {is_place} then years.region_name end"} | {
        name: f"years.{name}" for name in ("region_county", "region_as_written_text")
    }
    county = ", ".join([*(names[name] for name in names if name in known), "null"])
    region_id = f"case when {is_place} then years.region_id end" if "region_id" in known else "cast(null as varchar)"
    current = "intermediate.int_project_years__current"
    joins = "".join(
        f" left join {side}_file.{table} as {alias} on years.{_ID} = {alias}.{_ID}"
        for table, alias in (("marts.fct_execution", "execution"), (current, "current"))
        if _ID in columns.get(table, {})
    )
    corrections = ", ".join(
        column("marts.fct_execution", "execution", name, data_type)
        for name, data_type in (
            ("is_corrected", "boolean"),
            ("corrected_by", "varchar"),
            ("correction_reason", "varchar"),
        )
    )
    return f"""
        create temp table {side} as
        select
            years.{_ID},
            {column(current, "current", "report_id")},
            {column(current, "current", "record_id")},
            {years},
            {region_id} as region_id,
            coalesce({county}) as county,
            {corrections}
        from {side}_file.{_YEARS} as years{joins}
    """


def _moved_query(name: str, *, has_county: bool) -> str:
    # A county that was renamed is the same county: its key says so.
    condition = "coalesce(b.region_id, b.county) is distinct from coalesce(a.region_id, a.county)"
    return f"""
        select before_id, after_id, '{name}' as measure, cast(null as varchar) as item,
            cast(b.{name} as varchar) as before, cast(a.{name} as varchar) as after
        from pairs
        inner join before as b on before_id = b.{_ID}
        inner join after as a on after_id = a.{_ID}
        where {condition if has_county else f"b.{name} is distinct from a.{name}"}
    """


def _indicators_query(names: Sequence[str]) -> str:
    """Figures of indicators of one name, and indicators that only one side has."""
    sides = ", ".join(
        f"""
        {side}_indicators as (
            select pairs.before_id, pairs.after_id, facts.*,
                facts.indicator_name || case when occurrence = 1 then '' else ' #' || occurrence end as item
            from pairs
            inner join (
                select *, row_number() over (
                    partition by {_ID}, indicator_name order by ordinal asc, fact_id asc
                ) as occurrence
                from {side}_file.marts.fct_indicator_attainment
            ) as facts on pairs.{side}_id = facts.{_ID}
        )
        """
        for side in _SIDES
    )
    whole = "coalesce({0}.target_text, '—') || ' → ' || coalesce({0}.actual_text, '—')"
    moved = " union all ".join(
        f"select before_id, after_id, 'indicator.{name}', item, cast(before_{name} as varchar), "
        f"cast(after_{name} as varchar) from joined "
        f"where in_both and before_{name} is distinct from after_{name}"
        for name in names
    )
    kept = ", ".join(f"b.{name} as before_{name}, a.{name} as after_{name}" for name in names)
    return f"""
        with {sides},
        joined as (
            select before_id, after_id, item, b.fact_id is not null and a.fact_id is not null as in_both,
                case when b.fact_id is not null then {whole.format("b")} end as before,
                case when a.fact_id is not null then {whole.format("a")} end as after,
                {kept}
            from before_indicators as b full join after_indicators as a using (before_id, after_id, item)
        )
        select before_id, after_id, 'indicator' as measure, item, before, after from joined where not in_both
        union all {moved}
    """


_PAIRS = f"""
    create temp table pairs as
    with same_project_year as (
        select before.{_ID} as before_id, after.{_ID} as after_id from before inner join after using ({_ID})
    )
    select * from same_project_year
    union all
    select before.{_ID}, after.{_ID}
    from before inner join after using (report_id)
    where
        before.{_ID} not in (select before_id from same_project_year)
        and after.{_ID} not in (select after_id from same_project_year)
"""

_FUNDING = f"""
    with before_lines as (
        select before_id, after_id, stage || '/' || source as item,
            string_agg(cast(amount_yuan as varchar), '; ' order by amount_yuan) as amounts
        from pairs inner join before_file.marts.fct_funding as facts on before_id = facts.{_ID}
        group by all
    ),
    after_lines as (
        select before_id, after_id, stage || '/' || source as item,
            string_agg(cast(amount_yuan as varchar), '; ' order by amount_yuan) as amounts
        from pairs inner join after_file.marts.fct_funding as facts on after_id = facts.{_ID}
        group by all
    )
    select before_id, after_id, 'funding' as measure, item, b.amounts as before, a.amounts as after
    from before_lines as b full join after_lines as a using (before_id, after_id, item)
    where b.amounts is distinct from a.amounts
"""

_FLAGS = f"""
    with before_flags as (
        select before_id, after_id, rule_id as item, result
        from pairs inner join before_file.marts.fct_red_flag as facts on before_id = facts.{_ID}
    ),
    after_flags as (
        select before_id, after_id, rule_id as item, result
        from pairs inner join after_file.marts.fct_red_flag as facts on after_id = facts.{_ID}
    )
    select before_id, after_id, 'red_flag' as measure, item, b.result as before, a.result as after
    from before_flags as b full join after_flags as a using (before_id, after_id, item)
    -- Whether a rule could be judged is told by the marts; here it matters what was flagged and what is.
    where (b.result = 'flagged') is distinct from (a.result = 'flagged')
        and (b.result = 'flagged' or a.result = 'flagged')
"""

_CHANGES = f"""
    create temp table changes as
    with before_documents as (select document_id, n_reports from before_file.marts.dim_document),
    after_documents as (select document_id, n_reports from after_file.marts.dim_document),
    before_records as ({{before_records}}),
    after_records as ({{after_records}}),
    withdrawn as ({{withdrawn}}),
    moved as (
        select 'moved' as change, b.{_ID} as before_id, a.{_ID} as after_id,
            case
                when b.document_id in (select document_id from withdrawn) and b.document_id <> a.document_id
                    then 'withdrawn'
                when b.document_id <> a.document_id then 'revised'
                when
                    coalesce(b.is_corrected, false) <> coalesce(a.is_corrected, false)
                    or b.corrected_by is distinct from a.corrected_by
                    or b.correction_reason is distinct from a.correction_reason
                    or ({{corrections}} and a.is_corrected)
                    then 'corrected'
                when b.record_id <> a.record_id then 'reread'
                else {{rest}}
            end as cause
        from pairs
        inner join before as b on pairs.before_id = b.{_ID}
        inner join after as a on pairs.after_id = a.{_ID}
        where
            b.document_id <> a.document_id or b.{_ID} <> a.{_ID}
            or exists (select 1 from figures where figures.after_id = a.{_ID})
    ),
    vanished as (
        select 'vanished' as change, b.{_ID} as before_id, null as after_id,
            case
                when b.document_id in (select document_id from withdrawn) then 'withdrawn'
                when b.document_id not in (select document_id from after_documents) then 'document_gone'
                when exists (
                    select 1 from after_records as r where r.document_id = b.document_id and r.record_id <> b.record_id
                ) then 'reread'
                else {{rest}}
            end as cause
        from before as b
        where b.{_ID} not in (select before_id from pairs)
    ),
    appeared as (
        select 'appeared' as change, null as before_id, a.{_ID} as after_id,
            case
                when a.document_id not in (select document_id from before_documents) then 'new_document'
                when exists (
                    select 1 from before_records as r where r.document_id = a.document_id and r.record_id <> a.record_id
                ) then 'reread'
                else {{rest}}
            end as cause
        from after as a
        where a.{_ID} not in (select after_id from pairs)
    )
    select * from moved union all select * from vanished union all select * from appeared
"""

_KEYED = """
    select coalesce({side}.region_id, {side}.county) as county_key, {side}.kind, {side}.fiscal_year,
        min(county) as county, min(region_id) as region_id, count(*) as n,
        sum(executed_yuan) as executed_yuan, sum(budget_yuan) as budget_yuan,
        sum(executed_yuan) filter (pairs.{side}_id is not null) as kept_executed_yuan,
        sum(budget_yuan) filter (pairs.{side}_id is not null) as kept_budget_yuan,
        count(changes.change) filter (change = 'appeared') as n_appeared,
        count(changes.change) filter (change = 'vanished') as n_vanished,
        count(changes.change) filter (change = 'moved') as n_moved,
        count(changes.change) filter (change = 'moved' and cause in ('revised', 'withdrawn', 'corrected'))
            as n_other_document
    from {side}
    left join pairs on {side}.project_year_id = pairs.{side}_id
    left join changes on {side}.project_year_id = changes.{side}_id
    group by all
"""

_TOTALS = ", ".join(
    f"cast(b.{name} as varchar) as {name}_before, cast(a.{name} as varchar) as {name}_after"
    for name in ("executed_yuan", "budget_yuan", "kept_executed_yuan", "kept_budget_yuan")
)

_GONE_OR_NEW = """
    select '{change}' as change, {key} as {name}, min(county) as county, min(region_id) as region_id {more},
        count(*) as n_reports, cast(sum(executed_yuan) as varchar) as executed_yuan,
        string_agg(distinct cast(fiscal_year as varchar), ', ' order by cast(fiscal_year as varchar)) as fiscal_years,
        string_agg(distinct cause, ', ' order by cause) as causes,
        string_agg(
            coalesce(cast(fiscal_year as varchar), '?') || ' ' || coalesce(cast(executed_yuan as varchar), '—'), '; '
            order by fiscal_year, executed_yuan
        ) as years_with_executed_yuan
    from {side} left join changes on {side}.project_year_id = changes.{side}_id
    where {key} is not null
    group by {key}
    having bool_and(coalesce(changes.change = '{change}', false))
"""


def _gone_or_new(key: str, name: str, more: str) -> str:
    return " union all by name ".join(
        f"({_GONE_OR_NEW.format(change=change, side=side, key=key, name=name, more=more)})"
        for change, side in (("vanished", "before"), ("appeared", "after"))
    )


_PROJECTS = _gone_or_new("project_id", "project_id", ", min(unit_name) as unit_name, min(project_name) as project_name")
_COUNTIES = _gone_or_new("coalesce(region_id, county)", "county_key", "")
_DOCUMENTS = """
    select 'vanished' as change, document_id, file_name, n_reports
    from before_file.marts.dim_document
    where document_id not in (select document_id from after_file.marts.dim_document)
    union all
    select 'appeared', document_id, file_name, n_reports
    from after_file.marts.dim_document
    where document_id not in (select document_id from before_file.marts.dim_document)
"""

_RESULTS = {
    "reports": f"""
        select change, cause, coalesce(a.{_ID}, b.{_ID}) as {_ID}, changes.before_id as {_ID}_before,
            coalesce(a.fiscal_year, b.fiscal_year) as fiscal_year, coalesce(a.county, b.county) as county,
            coalesce(a.region_id, b.region_id) as region_id, coalesce(a.kind, b.kind) as kind,
            coalesce(a.unit_name, b.unit_name) as unit_name,
            coalesce(a.project_name, b.project_name) as project_name,
            coalesce(a.project_id, b.project_id) as project_id,
            b.document_id as document_id_before, b.file_name as file_name_before,
            a.document_id as document_id_after, a.file_name as file_name_after,
            cast(b.executed_yuan as varchar) as executed_yuan_before,
            cast(a.executed_yuan as varchar) as executed_yuan_after
        from changes
        left join before as b on before_id = b.{_ID}
        left join after as a on after_id = a.{_ID}
        order by change, county nulls last, fiscal_year nulls last, unit_name, project_name, {_ID}
        limit {_KEPT_ROWS}
    """,
    "figures": f"""
        select after_id, measure, item, before, after from figures
        order by after_id, measure, item nulls first limit {_KEPT_ROWS}
    """,
    "county_years": f"""
        with b as ({_KEYED.format(side="before")}), a as ({_KEYED.format(side="after")})
        select coalesce(a.county_key, b.county_key) as county_key, coalesce(a.county, b.county) as county,
            coalesce(a.region_id, b.region_id) as region_id, coalesce(a.kind, b.kind) as kind,
            coalesce(a.fiscal_year, b.fiscal_year) as fiscal_year,
            coalesce(b.n, 0) as n_reports_before, coalesce(a.n, 0) as n_reports_after,
            coalesce(a.n_appeared, 0) as n_appeared, coalesce(b.n_vanished, 0) as n_vanished,
            coalesce(a.n_moved, b.n_moved, 0) as n_moved,
            greatest(coalesce(a.n_other_document, 0), coalesce(b.n_other_document, 0)) as n_other_document, {_TOTALS}
        from b full join a
            on b.county_key is not distinct from a.county_key
            and b.kind is not distinct from a.kind
            and b.fiscal_year is not distinct from a.fiscal_year
        where coalesce(a.n_appeared, 0) + coalesce(b.n_vanished, 0) + coalesce(a.n_moved, 0)
            + coalesce(b.n_moved, 0) > 0
        order by 2 nulls last, 5 nulls last, 4
        limit {_KEPT_ROWS}
    """,
    "projects": f"{_PROJECTS} order by change, county nulls last, project_name, project_id limit {_KEPT_ROWS}",
    "counties": f"{_COUNTIES} order by change, county, county_key limit {_KEPT_ROWS}",
    "documents": f"{_DOCUMENTS} order by 1, file_name, document_id limit {_KEPT_ROWS}",
}


def _count(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    counts = {
        name: dict(connection.execute(f"select change, count(*) from ({query}) group by 1 order by 1").fetchall())
        for name, query in (
            ("reports", "select change from changes"),
            ("projects", _PROJECTS),
            ("counties", _COUNTIES),
            ("documents", _DOCUMENTS),
        )
    }
    counts["causes"] = dict(
        connection.execute("select coalesce(cause, 'unknown'), count(*) from changes group by 1 order by 1").fetchall()
    )
    (figures,) = connection.execute("select count(*) from figures").fetchone() or (0,)
    counts["figures"] = {"moved": figures}
    return counts
