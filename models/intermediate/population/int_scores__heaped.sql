-- Grain: one scope × fiscal year × value that totals heap at.
{{ config(materialized='table') }}
with

reports as (

    select * from {{ ref('int_reports__scoped') }}

),

heaps as (

    {{ reference_with_own('score_heaps') }}

),

rules as (

    select * from {{ red_flag_rules() }}

),

counted as (

    select
        reports.score_distribution_id,
        heaps.heap_points,
        heaps.expected_share,
        cast(
            count(
                case
                    when
                        reports.stated_total_points >= heaps.heap_from
                        and reports.stated_total_points < heaps.heap_below
                        then 1
                end
            ) as integer
        ) as n_at_heap,
        cast(
            count(
                case
                    when
                        reports.stated_total_points >= heaps.near_from
                        and reports.stated_total_points < heaps.near_below
                        then 1
                end
            ) as integer
        ) as n_near_heap
    from reports
    cross join heaps
    where reports.stated_total_points is not null
    group by reports.score_distribution_id, heaps.heap_points, heaps.expected_share

),

final as (

    -- The excess over an even spread among the bins nearby, in standard deviations of a binomial count.
    select
        counted.score_distribution_id,
        counted.heap_points,
        counted.n_at_heap,
        counted.n_near_heap,
        cast(round(counted.n_near_heap * counted.expected_share, 6) as double) as n_expected_at_heap,
        case
            when counted.n_near_heap >= rules.minimum_count
                then
                    {{ safe_rate(
                        'cast(counted.n_at_heap - counted.n_near_heap * counted.expected_share as decimal(18, 6))',
                        'cast(sqrt(cast(counted.n_near_heap * counted.expected_share * (1 - counted.expected_share)'
                        ~ ' as double)) as decimal(18, 6))'
                    ) }}
        end as heap_z
    from counted
    inner join rules
        on rules.rule_id = 'D8'

)

select * from final
