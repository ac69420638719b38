-- Grain: one self-evaluation of a project × scope it is counted in: all reports, those of its region, those of its
-- department (or unit, where none is named) in the region.
with

project_years as (

    -- Evaluations by others and of whole departments are scored by other rules.
    select * from {{ ref('int_project_years__current') }}
    where kind = 'project_self_evaluation' and fiscal_year is not null

),

scoped as (

    select
        project_year_id,
        fiscal_year,
        stated_total_points,
        'all' as scope_kind,
        cast(null as {{ dbt.type_string() }}) as region_id,
        cast(null as {{ dbt.type_string() }}) as region_name,
        cast(null as {{ dbt.type_string() }}) as scope_department
    from project_years

    union all

    select
        project_year_id,
        fiscal_year,
        stated_total_points,
        'region' as scope_kind,
        region_id,
        region_name,
        cast(null as {{ dbt.type_string() }}) as scope_department
    from project_years
    where region_id is not null

    union all

    select
        project_year_id,
        fiscal_year,
        stated_total_points,
        'department' as scope_kind,
        region_id,
        region_name,
        coalesce(department, unit) as scope_department
    from project_years
    where region_id is not null and coalesce(department, unit) is not null

),

final as (

    select
        {{ text_key(['scope_kind', 'region_id', 'scope_department', 'fiscal_year']) }} as score_distribution_id,
        scope_kind,
        region_id,
        region_name,
        scope_department,
        fiscal_year,
        project_year_id,
        {{ points('stated_total_points') }} as stated_total_points
    from scoped

)

select * from final
