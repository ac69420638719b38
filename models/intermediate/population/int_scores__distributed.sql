-- Grain: one scope × fiscal year with at least one self-evaluation of a project.
{{ config(materialized='table') }}
with

reports as (

    select * from {{ ref('int_reports__scoped') }}

),

counted as (

    select
        score_distribution_id,
        scope_kind,
        region_id,
        scope_department,
        fiscal_year,
        -- A county that was renamed within the year has one row.
        min(region_name) as region_name,
        cast(count(*) as integer) as n_reports,
        cast(count(stated_total_points) as integer) as n_totals,
        cast(count(case when stated_total_points >= 95 then 1 end) as integer) as n_totals_from_95,
        cast(count(case when stated_total_points >= 98 then 1 end) as integer) as n_totals_from_98,
        min(stated_total_points) as lowest_total_points,
        max(stated_total_points) as highest_total_points,
        sum(cast(stated_total_points as decimal(20, 4))) as summed_points,
        sum(cast(cast(stated_total_points as decimal(18, 4)) * stated_total_points as decimal(30, 8))) as summed_squares
    from reports
    group by score_distribution_id, scope_kind, region_id, scope_department, fiscal_year

),

spread as (

    -- Sums of exact decimals, so the figure is the same in every order of the rows.
    select
        *,
        {{ safe_rate(
            'cast(n_totals * summed_squares - summed_points * summed_points as decimal(30, 6))',
            'n_totals * (n_totals - 1)'
        ) }} as variance
    from counted

),

final as (

    select
        score_distribution_id,
        scope_kind,
        region_id,
        region_name,
        scope_department,
        fiscal_year,
        n_reports,
        n_totals,
        n_totals_from_95,
        n_totals_from_98,
        {{ safe_rate('n_totals_from_95', 'n_totals') }} as share_from_95,
        {{ safe_rate('n_totals_from_98', 'n_totals') }} as share_from_98,
        lowest_total_points,
        highest_total_points,
        {{ safe_rate('summed_points', 'n_totals') }} as mean_total_points,
        case when n_totals > 1 then round(sqrt(variance), 6) end as total_points_deviation
    from spread

)

select * from final
