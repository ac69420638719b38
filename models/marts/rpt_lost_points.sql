-- Grain: one row of a report that lost points, the execution row included; together they are the steps of a waterfall.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__measured') }}

),

execution as (

    {{ affected_rows('fct_execution') }}

),

scores as (

    {{ affected_rows('int_execution__scored') }}

),

indicators as (

    {{ affected_rows('fct_indicator_attainment') }}

),

reasons as (

    {{ affected_rows('int_indicators__scored') }}

),

scored as (

    -- The form gives its execution row no place for a reason.
    select
        execution.fact_id,
        execution.project_year_id,
        execution.document_id,
        execution.fiscal_year,
        'execution' as loss_source,
        0 as ordinal,
        {{ as_text('null') }} as indicator_key,
        {{ as_text('null') }} as level1,
        {{ as_text('null') }} as level2,
        {{ as_text('null') }} as indicator_name,
        scores.execution_weight_points as weight_points,
        scores.execution_score_points as score_points,
        scores.execution_score_basis as score_basis,
        cast(null as boolean) as has_reason,
        {{ as_text('null') }} as deviation_reason_text,
        scores.execution_score_difference_points as score_difference_points,
        {{ evidence_columns('execution') }}
    from execution
    inner join scores
        on execution.project_year_id = scores.project_year_id
    where scores.execution_weight_points is not null and scores.execution_score_points is not null

    union all

    select
        indicators.fact_id,
        indicators.project_year_id,
        indicators.document_id,
        indicators.fiscal_year,
        'indicator' as loss_source,
        indicators.ordinal,
        indicators.indicator_key,
        indicators.level1,
        indicators.level2,
        indicators.indicator_name,
        indicators.weight_points,
        indicators.stated_score_points as score_points,
        'stated' as score_basis,
        reasons.has_deviation_reason as has_reason,
        indicators.deviation_reason_text,
        indicators.score_difference_points,
        {{ evidence_columns('indicators') }}
    from indicators
    inner join reasons
        on
            indicators.project_year_id = reasons.project_year_id
            and indicators.fact_id = reasons.indicator_id
    where indicators.weight_points is not null and indicators.stated_score_points is not null

),

stepped as (

    select
        *,
        weight_points - score_points as lost_points,
        sum(weight_points) over (partition by project_year_id) as available_points,
        sum(case when weight_points > score_points then weight_points - score_points end)
            over (partition by project_year_id) as all_lost_points,
        sum(weight_points - score_points) over (
            partition by project_year_id order by ordinal asc, fact_id asc
            rows between unbounded preceding and current row
        ) as lost_so_far,
        row_number() over (
            partition by project_year_id order by weight_points - score_points desc, ordinal asc, fact_id asc
        ) as loss_rank
    from scored

),

final as (

    select
        stepped.fact_id,
        stepped.project_year_id,
        stepped.document_id,
        stepped.fiscal_year,
        project_years.kind,
        project_years.region_id,
        project_years.region_code,
        project_years.region_name,
        project_years.programme_family,
        project_years.programme_sub_type,
        stepped.loss_source,
        stepped.ordinal,
        stepped.indicator_key,
        stepped.level1,
        stepped.level2,
        stepped.indicator_name,
        stepped.weight_points,
        stepped.score_points,
        stepped.score_basis,
        {{ points('stepped.lost_points') }} as lost_points,
        case
            when stepped.lost_points > 0 then {{ safe_rate('stepped.lost_points', 'stepped.all_lost_points') }}
        end as lost_points_share,
        cast(stepped.loss_rank as integer) as loss_rank,
        {{ points('stepped.available_points - stepped.lost_so_far + stepped.lost_points') }} as points_before,
        {{ points('stepped.available_points - stepped.lost_so_far') }} as points_after,
        stepped.has_reason,
        stepped.deviation_reason_text,
        stepped.score_difference_points,
        {{ evidence_columns('stepped') }}
    from stepped
    inner join project_years
        on stepped.project_year_id = project_years.project_year_id
    where stepped.lost_points <> 0

)

select * from final
order by fact_id asc
