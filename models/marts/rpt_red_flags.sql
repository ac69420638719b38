-- Grain: one rule × fiscal year × scope (all reports, those of a region, those of a department or unit in a region)
-- with at least one report in which the rule could be evaluated.
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
        flags.fiscal_year,
        flags.n_evaluable,
        flags.n_flagged,
        flags.severity,
        project_years.region_key as region_name,
        coalesce(project_years.department, project_years.unit) as department_name
    from flags
    inner join project_years
        on flags.project_year_id = project_years.project_year_id
    where flags.result <> 'not_evaluable'

),

scoped as (

    select
        evaluable.*,
        'all' as scope_kind,
        cast(null as {{ dbt.type_string() }}) as scope_region,
        cast(null as {{ dbt.type_string() }}) as scope_department
    from evaluable

    union all

    select
        evaluable.*,
        'region' as scope_kind,
        region_name as scope_region,
        cast(null as {{ dbt.type_string() }}) as scope_department
    from evaluable
    where region_name is not null

    union all

    select
        evaluable.*,
        'department' as scope_kind,
        region_name as scope_region,
        department_name as scope_department
    from evaluable
    where region_name is not null and department_name is not null

),

counted as (

    select
        rule_id,
        rule_version,
        fiscal_year,
        scope_kind,
        scope_region,
        scope_department,
        cast(count(*) as integer) as n_evaluable,
        cast(count(case when n_flagged > 0 then 1 end) as integer) as n_flagged,
        cast(count(case when severity = 'E' then 1 end) as integer) as n_flagged_errors,
        cast(sum(n_evaluable) as integer) as n_evaluable_checks,
        cast(sum(n_flagged) as integer) as n_flagged_checks
    from scoped
    group by rule_id, rule_version, fiscal_year, scope_kind, scope_region, scope_department

),

final as (

    select
        {{ text_key(['rule_id', 'fiscal_year', 'scope_kind', 'scope_region', 'scope_department']) }}
            as red_flag_rate_id,
        rule_id,
        rule_version,
        fiscal_year,
        scope_kind,
        scope_region,
        scope_department,
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
