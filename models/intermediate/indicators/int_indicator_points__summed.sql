-- Grain: one project-year with indicators: their points and scores in sum, and the points of each first level.
with

indicators as (

    select * from {{ ref('int_indicators__scored') }}

),

profiled as (

    -- The form of 2020 sets satisfaction apart; other forms print it under the benefits.
    select
        *,
        case when level2 like 'sat_%' then 'SATISFACTION' else level1 end as profile_level1
    from indicators

),

final as (

    select
        project_year_id,
        cast(count(*) as integer) as n_indicators,
        cast(count(stated_score_points) as integer) as n_scored_indicators,
        cast(count(*) - count(weight_points) as integer) as n_unweighted_indicators,
        {{ points('sum(weight_points)') }} as indicator_weight_points,
        {{ points('sum(stated_score_points)') }} as indicator_score_points,
        {%- for part in weight_parts() %}
        {{ points("coalesce(sum(case when profile_level1 = '" ~ part.level1 ~ "' then weight_points end), 0)") }}
            as {{ part.column }},
        {%- endfor %}
        max(case when level2 like 'cost_%' then 1 else 0 end) = 1 as has_cost_indicator
    from profiled
    group by project_year_id

)

select * from final
