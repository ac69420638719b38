{{ config(severity='warn', store_failures=true) }}
with

execution as (

    select * from {{ ref('fct_execution') }}

),

evaluations as (

    select * from {{ ref('fct_self_evaluation') }}

),

points as (

    select * from {{ ref('int_indicator_points__summed') }}

),

stages as (

    select * from {{ ref('int_funding__by_stage') }}

),

misfits as (

    select
        project_year_id,
        'execution_rate_difference' as figure
    from execution
    where stated_execution_rate is not null and execution_rate is not null and execution_rate_difference is null

    union all

    select
        project_year_id,
        'recomputed_execution_score_points' as figure
    from execution
    where
        recomputed_execution_score_points is null
        and execution_weight_points is not null and execution_rate is not null

    union all

    select
        project_year_id,
        'execution_score_difference_points' as figure
    from execution
    where
        execution_score_difference_points is null
        and stated_execution_score_points is not null and recomputed_execution_score_points is not null

    union all

    select
        project_year_id,
        'indicator_score_points' as figure
    from evaluations
    where indicator_score_points is null and n_scored_indicators > 0

    union all

    select
        project_year_id,
        'indicator_weight_points' as figure
    from points
    where indicator_weight_points is null and n_unweighted_indicators < n_indicators

    union all

    select
        project_year_id,
        'weight_sum_points' as figure
    from evaluations
    where weight_sum_points is null and indicator_weight_points is not null

    union all

    select
        project_year_id,
        'total_difference_points' as figure
    from evaluations
    where
        total_difference_points is null
        and stated_total_points is not null and recomputed_total_points is not null

    union all

    select
        project_year_id,
        stage || '_yuan' as figure
    from stages
    where amount_yuan is null and not has_several_totals

)

select * from misfits
