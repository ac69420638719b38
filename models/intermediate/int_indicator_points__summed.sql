-- Grain: one project-year with indicators: their points and scores in sum, and the points of each first level.
with

indicators as (

    select * from {{ ref('int_indicators__scored') }}

),

final as (

    select
        project_year_id,
        cast(count(*) as integer) as n_indicators,
        cast(count(stated_score_points) as integer) as n_scored_indicators,
        cast(sum(case when weight_points is not null and stated_score_points is null then 1 else 0 end) as integer)
            as n_unscored_indicators,
        cast(sum(weight_points) as decimal(9, 4)) as indicator_weight_points,
        cast(sum(stated_score_points) as decimal(9, 4)) as indicator_score_points,
        {%- for part in weight_parts() %}
        cast(coalesce(sum(case when level1 = '{{ part.level1 }}' then weight_points end), 0) as decimal(9, 4))
            as {{ part.column }},
        {%- endfor %}
        max(case when level2 like 'cost_%' then 1 else 0 end) = 1 as has_cost_indicator
    from indicators
    group by project_year_id

)

select * from final
