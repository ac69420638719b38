-- Grain: one project-year: where and what it is, and the measures that groups of project-years are compared by.
{{ config(materialized='table') }}
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

programmes as (

    select * from {{ ref('int_programmes__matched') }}

),

execution as (

    select * from {{ ref('fct_execution') }}

),

evaluations as (

    select * from {{ ref('fct_self_evaluation') }}

),

indicators as (

    select * from {{ ref('fct_indicator_attainment') }}

),

flags as (

    select * from {{ ref('fct_red_flag') }}

),

fiscal_years as (

    select * from {{ ref('dim_fiscal_year') }}

),

regions as (

    select * from {{ ref('dim_region') }}

),

ambitions as (

    -- Of a ceiling the lower target is the more ambitious one, so only targets of which more is better speak.
    select
        project_year_id,
        {{ quantile('target_ambition', '0.5') }} as median_target_ambition
    from indicators
    where direction = 'higher' and target_ambition is not null
    group by project_year_id

),

flag_counts as (

    select
        project_year_id,
        sum(n_evaluable) as n_evaluable_checks,
        sum(n_flagged) as n_flagged_checks
    from flags
    group by project_year_id

),

final as (

    select
        project_years.project_year_id,
        project_years.project_id,
        project_years.document_id,
        project_years.fiscal_year,
        project_years.kind,
        project_years.region_id,
        project_years.region_version_id,
        project_years.region_code,
        project_years.region_name,
        project_years.region_level,
        project_years.region_kind,
        project_years.region_reason,
        regions.province_name,
        programmes.programme_id,
        programmes.programme_family,
        programmes.programme_sub_type,
        programmes.programme_reason,
        execution.executed_yuan,
        execution.executed_constant_yuan,
        fiscal_years.price_level,
        fiscal_years.price_base_year,
        execution.budget_yuan,
        execution.execution_rate_denominator as budget_stage,
        -- A rate over several projects rests on those that state both of its operands.
        case when execution.budget_yuan is not null then execution.executed_yuan end as rated_executed_yuan,
        case when execution.executed_yuan is not null then execution.budget_yuan end as rated_budget_yuan,
        case
            when execution.executed_yuan is not null and execution.budget_yuan is not null
                then execution.execution_rate_denominator
        end as rated_stage,
        evaluations.indicator_attainment_rate,
        evaluations.attainment_execution_gap,
        case when evaluations.attainment_execution_gap is not null then execution.execution_rate_denominator end
            as gap_denominator,
        ambitions.median_target_ambition,
        evaluations.n_reasons_due,
        evaluations.n_reasons_given,
        cast(coalesce(flag_counts.n_evaluable_checks, 0) as integer) as n_evaluable_checks,
        cast(coalesce(flag_counts.n_flagged_checks, 0) as integer) as n_flagged_checks
    from project_years
    inner join programmes
        on project_years.project_year_id = programmes.project_year_id
    inner join execution
        on project_years.project_year_id = execution.project_year_id
    inner join evaluations
        on project_years.project_year_id = evaluations.project_year_id
    left join fiscal_years
        on project_years.fiscal_year = fiscal_years.fiscal_year
    left join regions
        on project_years.region_version_id = regions.region_version_id
    left join ambitions
        on project_years.project_year_id = ambitions.project_year_id
    left join flag_counts
        on project_years.project_year_id = flag_counts.project_year_id

)

select * from final
