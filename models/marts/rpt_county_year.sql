-- Grain: region as of the year × kind of document × fiscal year: what a county published, under the name it had then.
with

project_years as (

    select * from {{ ref('int_project_years__measured') }}

),

comparisons as (

    select * from {{ ref('rpt_project_years') }}
    where compared_project_year_id is not null

),

earlier_years as (

    select * from {{ ref('fct_execution') }}

),

pooled as (

    select
        {{ text_key(['region_id', 'kind', 'fiscal_year']) }} as county_year_id,
        region_id,
        kind,
        fiscal_year,
        min(region_code) as region_code,
        min(region_name) as region_name,
        min(region_level) as region_level,
        min(region_kind) as region_kind,
        min(region_reason) as region_reason,
        min(price_base_year) as price_base_year,
        cast(count(distinct programme_family) as integer) as n_programme_families,
        {{ pooled_columns() }}
    from project_years
    group by region_id, kind, fiscal_year

),

paired as (

    -- Like for like: only projects of which both years may be laid side by side.
    select
        project_years.region_id,
        project_years.kind,
        project_years.fiscal_year,
        cast(sum(case when comparisons.is_comparable then 1 else 0 end) as integer) as n_comparable_projects,
        cast(sum(case when comparisons.is_comparable then 0 else 1 end) as integer) as n_refused_projects,
        {{ null_unless_castable(
            'sum(case when comparisons.is_comparable then project_years.executed_constant_yuan end)', 'decimal(18, 2)'
        ) }} as comparable_constant_yuan,
        {{ null_unless_castable(
            'sum(case when comparisons.is_comparable then earlier_years.executed_constant_yuan end)', 'decimal(18, 2)'
        ) }} as compared_constant_yuan
    from project_years
    inner join comparisons
        on project_years.project_year_id = comparisons.project_year_id
    inner join earlier_years
        on comparisons.compared_project_year_id = earlier_years.project_year_id
    where project_years.region_id is not null and project_years.fiscal_year is not null
    group by project_years.region_id, project_years.kind, project_years.fiscal_year

),

preceded as (

    select
        county_year_id,
        lag(region_code) over (partition by region_id, kind order by fiscal_year) as previous_region_code,
        lag(region_name) over (partition by region_id, kind order by fiscal_year) as previous_region_name,
        lag(region_kind) over (partition by region_id, kind order by fiscal_year) as previous_region_kind
    from pooled
    where region_id is not null and fiscal_year is not null

),

final as (

    select
        pooled.county_year_id,
        pooled.region_id,
        pooled.region_code,
        pooled.region_name,
        pooled.region_level,
        pooled.region_kind,
        pooled.region_reason,
        pooled.kind,
        pooled.fiscal_year,
        preceded.previous_region_code,
        preceded.previous_region_name,
        preceded.previous_region_code <> pooled.region_code
        or preceded.previous_region_name <> pooled.region_name as has_region_change,
        preceded.previous_region_kind <> pooled.region_kind as has_tier_change,
        pooled.n_projects,
        pooled.n_programme_families,
        pooled.n_with_outlay,
        pooled.executed_yuan,
        pooled.executed_constant_yuan,
        pooled.price_base_year,
        pooled.n_with_budget,
        pooled.budget_yuan,
        pooled.budget_stage,
        pooled.n_with_execution_rate,
        pooled.execution_rate,
        pooled.execution_rate_denominator,
        pooled.execution_rate_reason,
        pooled.n_with_attainment,
        pooled.indicator_attainment_rate,
        pooled.attainment_rate_reason,
        pooled.n_with_gap,
        pooled.attainment_execution_gap,
        pooled.gap_reason,
        pooled.gap_denominator,
        pooled.n_with_ambition,
        pooled.median_target_ambition,
        pooled.median_target_ambition_reason,
        pooled.n_reasons_due,
        pooled.n_reasons_given,
        pooled.reason_rate,
        pooled.n_evaluable_checks,
        pooled.n_flagged_checks,
        pooled.flag_load,
        coalesce(paired.n_comparable_projects, 0) as n_comparable_projects,
        coalesce(paired.n_refused_projects, 0) as n_refused_projects,
        paired.comparable_constant_yuan,
        paired.compared_constant_yuan,
        {{ safe_rate(
            'paired.comparable_constant_yuan - paired.compared_constant_yuan', 'paired.compared_constant_yuan'
        ) }} as growth_rate,
        case
            when pooled.region_id is null then 'region_unknown'
            when pooled.fiscal_year is null then 'year_unknown'
            when coalesce(paired.n_comparable_projects, 0) = 0 then 'no_comparable_projects'
        end as growth_reason
    from pooled
    left join paired
        on
            pooled.region_id = paired.region_id
            and pooled.kind = paired.kind
            and pooled.fiscal_year = paired.fiscal_year
    left join preceded
        on pooled.county_year_id = preceded.county_year_id

)

select * from final
order by county_year_id asc
