"""The SQL that compares two attached files: their reports, which belong together, what moved, and why.

The files are attached as `before_file` and `after_file`. `reports_query` makes a temporary table of each (`before`,
`after`), then follow `PAIRS`, `figures` and `changes`; what people get is read from these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Tables = Mapping[str, Mapping[str, str]]
"""The tables of a file with their columns and types."""

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

_INDICATOR_COLUMNS = ("target_text", "actual_text", "attainment_ratio", "weight_points", "stated_score_points")
YEARS = "marts.rpt_project_years"
_RECORDS = "staging.stg_reports__current_records"
ID = "project_year_id"
SIDES = ("before", "after")
KEPT_ROWS = 20_000
"""At most so many rows of a kind are kept in a diff; the counts are always those of all."""


def reports_query(side: str, columns: Tables) -> str:
    """The temporary table of a side: its reports, with what they are about and their figures."""

    def column(table: str, alias: str, name: str, data_type: str = "varchar") -> str:
        return f"{alias}.{name}" if name in columns.get(table, {}) else f"cast(null as {data_type}) as {name}"

    years = ", ".join(
        column(YEARS, "years", name)
        for name in (
            "project_id", "document_id", "fiscal_year", "kind", "unit_name", "project_name", "file_name",
            "programme_family", "programme_sub_type", *MEASURED,
        )
    )  # fmt: skip
    known = columns[YEARS]
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
        f" left join {side}_file.{table} as {alias} on years.{ID} = {alias}.{ID}"
        for table, alias in (("marts.fct_execution", "execution"), (current, "current"))
        if ID in columns.get(table, {})
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
            years.{ID},
            {column(current, "current", "report_id")},
            {column(current, "current", "record_id")},
            {years},
            {region_id} as region_id,
            coalesce({county}) as county,
            {corrections}
        from {side}_file.{YEARS} as years{joins}
    """


def figures_query(columns: Mapping[str, Tables]) -> str:
    """The temporary table `figures`: each figure that moved, of the columns that both sides have."""

    def common(table: str, *wanted: str) -> list[str]:
        return [name for name in wanted if all(name in columns[side].get(table, {}) for side in SIDES)]

    # A county that was renamed is the same county: its key says so.
    queries = [_moved_query("county", "coalesce({0}.region_id, {0}.county)")]
    queries += [_moved_query(name, f"{{0}}.{name}") for name in common(YEARS, *DESCRIBED, *MEASURED)]
    if len(common("marts.fct_funding", "stage", "source", "amount_yuan")) == 3:
        queries.append(_FUNDING)
    if common("marts.fct_indicator_attainment", "indicator_name"):
        queries.append(_indicators_query(common("marts.fct_indicator_attainment", *_INDICATOR_COLUMNS)))
    if len(common("marts.fct_red_flag", "rule_id", "result")) == 2:
        queries.append(_FLAGS)
    return "create temp table figures as " + " union all by name ".join(f"({query})" for query in queries)


def changes_query(columns: Mapping[str, Tables], causes: Mapping[str, bool | None], rest: str | None) -> str:
    """The temporary table `changes`: each report that differs, with the cause; `rest` where the documents tell none."""
    nothing = "select cast(null as varchar) as document_id, cast(null as varchar) as record_id where false"
    withdrawn = "select document_id from after_file.marts.dim_document where is_withdrawn"
    records = {
        f"{side}_records": f"select document_sha256 as document_id, record_id from {side}_file.{_RECORDS}"
        if _RECORDS in columns[side]
        else nothing
        for side in SIDES
    }
    return _CHANGES.format(
        rest="null" if rest is None else f"'{rest}'",
        corrections="true" if causes["corrections"] else "false",
        withdrawn=withdrawn if "is_withdrawn" in columns["after"]["marts.dim_document"] else nothing,
        **records,
    )


def _moved_query(name: str, key: str) -> str:
    """A column of a report where its key, written for the alias `{0}`, differs."""
    return f"""
        select before_id, after_id, '{name}' as measure, cast(null as varchar) as item,
            cast(b.{name} as varchar) as before, cast(a.{name} as varchar) as after
        from pairs
        inner join before as b on before_id = b.{ID}
        inner join after as a on after_id = a.{ID}
        where {key.format("b")} is distinct from {key.format("a")}
    """


def _lines_query(measure: str, table: str, item: str, value: str, condition: str) -> str:
    """What a report has several of, both sides by `item`."""
    sides = ", ".join(
        f"""
        {side}_lines as (
            select before_id, after_id, {item} as item, {value} as value
            from pairs inner join {side}_file.marts.{table} as facts on {side}_id = facts.{ID}
            group by all
        )
        """
        for side in SIDES
    )
    return f"""
        with {sides}
        select before_id, after_id, '{measure}' as measure, item, b.value as before, a.value as after
        from before_lines as b full join after_lines as a using (before_id, after_id, item)
        where {condition}
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
                    partition by {ID}, indicator_name order by ordinal asc, fact_id asc
                ) as occurrence
                from {side}_file.marts.fct_indicator_attainment
            ) as facts on pairs.{side}_id = facts.{ID}
        )
        """
        for side in SIDES
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


PAIRS = f"""
    create temp table pairs as
    with same_project_year as (
        select before.{ID} as before_id, after.{ID} as after_id from before inner join after using ({ID})
    )
    select * from same_project_year
    union all
    select before.{ID}, after.{ID}
    from before inner join after using (report_id)
    where
        before.{ID} not in (select before_id from same_project_year)
        and after.{ID} not in (select after_id from same_project_year)
"""

_FUNDING = _lines_query(
    "funding",
    "fct_funding",
    "stage || '/' || source",
    "string_agg(cast(amount_yuan as varchar), '; ' order by amount_yuan)",
    "b.value is distinct from a.value",
)
# Whether a rule could be judged is told by the marts; here it matters what was flagged and what is.
_FLAGS = _lines_query(
    "red_flag",
    "fct_red_flag",
    "rule_id",
    "result",
    "(b.value = 'flagged') is distinct from (a.value = 'flagged') and (b.value = 'flagged' or a.value = 'flagged')",
)

_CHANGES = f"""
    create temp table changes as
    with before_documents as (select document_id, n_reports from before_file.marts.dim_document),
    after_documents as (select document_id, n_reports from after_file.marts.dim_document),
    before_records as ({{before_records}}),
    after_records as ({{after_records}}),
    withdrawn as ({{withdrawn}}),
    moved as (
        select 'moved' as change, b.{ID} as before_id, a.{ID} as after_id,
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
        inner join before as b on pairs.before_id = b.{ID}
        inner join after as a on pairs.after_id = a.{ID}
        where
            b.document_id <> a.document_id or b.{ID} <> a.{ID}
            or exists (select 1 from figures where figures.after_id = a.{ID})
    ),
    vanished as (
        select 'vanished' as change, b.{ID} as before_id, null as after_id,
            case
                when b.document_id in (select document_id from withdrawn) then 'withdrawn'
                when b.document_id not in (select document_id from after_documents) then 'document_gone'
                when exists (
                    select 1 from after_records as r where r.document_id = b.document_id and r.record_id <> b.record_id
                ) then 'reread'
                else {{rest}}
            end as cause
        from before as b
        where b.{ID} not in (select before_id from pairs)
    ),
    appeared as (
        select 'appeared' as change, null as before_id, a.{ID} as after_id,
            case
                when a.document_id not in (select document_id from before_documents) then 'new_document'
                when exists (
                    select 1 from before_records as r where r.document_id = a.document_id and r.record_id <> a.record_id
                ) then 'reread'
                else {{rest}}
            end as cause
        from after as a
        where a.{ID} not in (select after_id from pairs)
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

RESULTS = {
    "reports": f"""
        select change, cause, coalesce(a.{ID}, b.{ID}) as {ID}, changes.before_id as {ID}_before,
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
        left join before as b on before_id = b.{ID}
        left join after as a on after_id = a.{ID}
        order by change, county nulls last, fiscal_year nulls last, unit_name, project_name, {ID}
        limit {KEPT_ROWS}
    """,
    "figures": f"""
        select after_id, measure, item, before, after from figures
        order by after_id, measure, item nulls first limit {KEPT_ROWS}
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
        limit {KEPT_ROWS}
    """,
    "projects": f"{_PROJECTS} order by change, county nulls last, project_name, project_id limit {KEPT_ROWS}",
    "counties": f"{_COUNTIES} order by change, county, county_key limit {KEPT_ROWS}",
    "documents": f"{_DOCUMENTS} order by 1, file_name, document_id limit {KEPT_ROWS}",
}

COUNTED = {
    "reports": "select change from changes",
    "projects": _PROJECTS,
    "counties": _COUNTIES,
    "documents": _DOCUMENTS,
    "causes": "select coalesce(cause, 'unknown') as change from changes",
}
"""What is counted: each query gives a row per thing, and in `change` what to count it as."""
