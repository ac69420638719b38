-- Grain: one project-year: the points of the execution row, printed or implied, and the score they should give.
with

rates as (

    select * from {{ ref('int_execution__rated') }}

),

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

points as (

    select * from {{ ref('int_indicator_points__summed') }}

),

profiles as (

    {{ reference_with_own('weight_profiles') }}

),

known_shares as (

    select distinct execution_share
    from profiles
    where execution_share > 0

),

weighed as (

    -- Where a total is printed, the indicators fall short of 100 by exactly what a known profile gives to execution,
    -- and the rate can be computed, the missing points are those of an execution row that was left out. Points that
    -- could not be read, or a total that is complete without them, say otherwise.
    select
        rates.project_year_id,
        rates.executed_yuan,
        rates.budget_yuan,
        project_years.stated_execution_score_points,
        coalesce(project_years.stated_execution_weight_points, cast(known_shares.execution_share as decimal(9, 4)))
            as execution_weight_points,
        case
            when project_years.stated_execution_weight_points is not null then 'stated'
            when known_shares.execution_share is not null then 'implied'
            else 'none'
        end as execution_weight_basis
    from rates
    inner join project_years
        on rates.project_year_id = project_years.project_year_id
    left join points
        on rates.project_year_id = points.project_year_id
    left join known_shares
        on
            points.indicator_weight_points + known_shares.execution_share = 100
            and points.execution_row_weight_points = 0
            and points.n_unweighted_indicators = 0
            and project_years.stated_total_points is not null
            and coalesce(project_years.stated_total_points <> points.indicator_score_points, true)
            and rates.execution_rate is not null

),

recomputed as (

    -- Over-spending earns no extra points.
    select
        *,
        case
            when executed_yuan >= budget_yuan and budget_yuan > 0 then execution_weight_points
            else {{ points_quotient(wide_product('execution_weight_points', 'executed_yuan'), 'budget_yuan') }}
        end as recomputed_execution_score_points
    from weighed

),

final as (

    select
        project_year_id,
        execution_weight_points,
        execution_weight_basis,
        coalesce(stated_execution_score_points, recomputed_execution_score_points) as execution_score_points,
        case
            when stated_execution_score_points is not null then 'stated'
            when recomputed_execution_score_points is not null then 'implied'
            else 'none'
        end as execution_score_basis,
        recomputed_execution_score_points,
        {{ points('stated_execution_score_points - recomputed_execution_score_points') }}
            as execution_score_difference_points
    from recomputed

)

select * from final
