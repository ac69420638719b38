-- Grain: one rule × kind of document × fiscal year × scope (all reports, those of a region, those of a department or
-- unit in a region) with at least one report in which the rule could be evaluated.
with

flags as (

    select * from {{ ref('fct_red_flag') }}

),

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

evaluable as (

    select
        flags.rule_id,
        flags.rule_version,
        flags.kind,
        flags.fiscal_year,
        flags.n_evaluable,
        flags.n_flagged,
        flags.severity,
        coalesce(project_years.region_id, project_years.region_key) as region_key,
        project_years.region_id,
        coalesce(project_years.region_name, project_years.region_key) as region_name,
        coalesce(project_years.department, project_years.unit) as department_name
    from flags
    inner join project_years
        on flags.project_year_id = project_years.project_year_id
    where flags.result <> 'not_evaluable'

),

scopes as (
    {%- set named = {
        'all': [],
        'region': ['region_key', 'region_id', 'region_name'],
        'department': ['region_key', 'region_id', 'region_name', 'department_name'],
    } %}
    {%- set unnamed = "cast(null as " ~ dbt.type_string() ~ ")" %}
    {% for scope_kind, columns in named.items() %}
    select
        rule_id,
        rule_version,
        kind,
        fiscal_year,
        n_evaluable,
        n_flagged,
        severity,
        '{{ scope_kind }}' as scope_kind,
        {{ 'region_key' if 'region_key' in columns else unnamed }} as region_key,
        {{ 'region_id' if 'region_id' in columns else unnamed }} as region_id,
        {{ 'region_name' if 'region_name' in columns else unnamed }} as region_name,
        {{ 'department_name' if 'department_name' in columns else unnamed }} as department_name
    from evaluable
    where
        ('{{ scope_kind }}' = 'all' or region_key is not null)
        and ('{{ scope_kind }}' <> 'department' or department_name is not null)
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

counted as (

    select
        rule_id,
        rule_version,
        kind,
        fiscal_year,
        scope_kind,
        region_key,
        department_name,
        max(region_id) as region_id,
        max(region_name) as region_name,
        cast(count(*) as integer) as n_evaluable,
        cast(count(case when n_flagged > 0 then 1 end) as integer) as n_flagged,
        cast(count(case when severity = 'E' then 1 end) as integer) as n_flagged_errors,
        cast(sum(n_evaluable) as integer) as n_evaluable_checks,
        cast(sum(n_flagged) as integer) as n_flagged_checks
    from scopes
    group by rule_id, rule_version, kind, fiscal_year, scope_kind, region_key, department_name

),

final as (

    select
        {{ text_key(['rule_id', 'kind', 'fiscal_year', 'scope_kind', 'region_key', 'department_name']) }}
            as red_flag_rate_id,
        rule_id,
        rule_version,
        kind,
        fiscal_year,
        scope_kind,
        region_id,
        region_name,
        department_name,
        n_evaluable,
        n_flagged,
        n_flagged_errors,
        {{ safe_rate('n_flagged', 'n_evaluable') }} as flag_rate,
        n_evaluable_checks,
        n_flagged_checks
    from counted

)

select * from final
order by red_flag_rate_id asc
