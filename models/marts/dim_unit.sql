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

names as (

    select
        unit_id,
        {{ joined_distinct('unit') }} as unit_names
    from project_years
    where unit_id is not null
    group by unit_id

),

final as (

    select
        ranked.unit_id,
        ranked.unit as unit_name,
        names.unit_names,
        ranked.department as department_name,
        ranked.region_province,
        ranked.region_city,
        ranked.region_county,
        region_id,
        region_code,
        region_name,
        region_level,
        region_kind,
        region_reason,
        ranked.first_fiscal_year,
        ranked.last_fiscal_year,
        cast(ranked.n_project_years as integer) as n_project_years
    from ranked
    inner join names
        on ranked.unit_id = names.unit_id
    where ranked.recency = 1

)

select * from final
order by unit_id asc
