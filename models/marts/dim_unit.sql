-- Grain: one unit that a report names; reports without a unit have no row here.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

ranked as (

    -- The wording of the latest year names the unit.
    select
        *,
        row_number() over (
            partition by unit_id
            order by fiscal_year desc nulls last, project_year_id asc
        ) as recency,
        min(fiscal_year) over (partition by unit_id) as first_fiscal_year,
        max(fiscal_year) over (partition by unit_id) as last_fiscal_year,
        count(*) over (partition by unit_id) as n_project_years
    from project_years
    where unit_id is not null

),

final as (

    select
        unit_id,
        unit as unit_name,
        department as department_name,
        region_province,
        region_city,
        region_county,
        region_id,
        region_code,
        region_name,
        region_level,
        region_kind,
        region_reason,
        first_fiscal_year,
        last_fiscal_year,
        cast(n_project_years as integer) as n_project_years
    from ranked
    where recency = 1

)

select * from final
order by unit_id asc
