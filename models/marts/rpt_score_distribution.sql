-- Grain: one scope (all reports, those of a region, those of a department in a region) × fiscal year.
with

distributions as (

    select * from {{ ref('int_scores__distributed') }}

),

reports as (

    select * from {{ ref('int_reports__scoped') }}

),

indicators as (

    select * from {{ ref('fct_indicator_attainment') }}

),

flags as (

    select * from {{ ref('fct_red_flag') }}
    where rule_id = 'B10'

),

hits as (

    -- The rows that rule C2 counts: a deadline and a range have no single value to hit.
    select
        project_year_id,
        count(*) as n_quantitative,
        count(case when target_amount = actual_amount then 1 end) as n_exact
    from indicators
    where
        target_amount is not null
        and actual_amount is not null
        and target_high is null
        and coalesce(target_operator, 'none') not in ('range', 'by_date')
    group by project_year_id

),

summed as (

    select
        reports.score_distribution_id,
        cast(coalesce(sum(hits.n_quantitative), 0) as integer) as n_quantitative_indicators,
        cast(coalesce(sum(hits.n_exact), 0) as integer) as n_exact_hits,
        cast(count(case when flags.result <> 'not_evaluable' then 1 end) as integer) as n_with_three_amounts,
        cast(count(case when flags.result = 'flagged' then 1 end) as integer) as n_with_equal_amounts
    from reports
    left join hits
        on reports.project_year_id = hits.project_year_id
    left join flags
        on reports.project_year_id = flags.project_year_id
    group by reports.score_distribution_id

),

final as (

    select
        distributions.score_distribution_id,
        distributions.scope_kind,
        distributions.region_id,
        distributions.region_name,
        distributions.scope_department,
        distributions.fiscal_year,
        distributions.n_reports,
        distributions.n_totals,
        distributions.n_totals_from_95,
        distributions.n_totals_from_98,
        distributions.share_from_95,
        distributions.share_from_98,
        distributions.lowest_total_points,
        distributions.highest_total_points,
        distributions.mean_total_points,
        distributions.total_points_deviation,
        summed.n_quantitative_indicators,
        summed.n_exact_hits,
        {{ safe_rate('summed.n_exact_hits', 'summed.n_quantitative_indicators') }} as exact_hit_rate,
        summed.n_with_three_amounts,
        summed.n_with_equal_amounts,
        {{ safe_rate('summed.n_with_equal_amounts', 'summed.n_with_three_amounts') }} as equal_amounts_rate
    from distributions
    inner join summed
        on distributions.score_distribution_id = summed.score_distribution_id

)

select * from final
order by score_distribution_id asc
