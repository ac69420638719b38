-- Grain: one indicator of a project-year apart from the execution rate, with what the rules of the red flags ask of it
-- and its values as a reader is shown them.
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

indicators as (

    {{ affected_rows('fct_indicator_attainment') }}

),

scored as (

    {{ affected_rows('int_indicators__scored') }}

),

taxonomy as (

    select * from {{ ref('indicator_taxonomy') }}

),

direction_words as (

    {{ reference_with_own('indicator_direction_words') }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

unit_factors as (

    {{ reference_with_own('unit_factors') }}

),

names as (

    -- Many indicators have one name: each is looked through once.
    select distinct indicator_name
    from indicators

),

savings as (

    -- 节约成本 is no cost.
    select distinct names.indicator_name
    from names
    inner join words
        on
            words.role = 'saving'
            and instr(names.indicator_name, words.wording) > 0

),

worded as (

    -- The longest word decides: 投诉 means fewer is better, 投诉处理率 does not.
    select
        names.indicator_name,
        direction_words.direction,
        row_number() over (
            partition by names.indicator_name
            order by length(direction_words.wording) desc, direction_words.wording asc
        ) as preference
    from names
    inner join direction_words
        on instr(names.indicator_name, direction_words.wording) > 0

),

final as (

    select
        indicators.project_year_id,
        indicators.fact_id as indicator_id,
        indicators.ordinal,
        indicators.fiscal_year,
        -- The form of 2020 sets satisfaction apart; other forms print it under the benefits.
        case when indicators.level2 like 'sat_%' then 'SATISFACTION' else indicators.level1 end as level1,
        indicators.level2,
        indicators.indicator_key,
        indicators.indicator_name,
        indicators.target_text,
        indicators.target_state,
        indicators.target_operator,
        indicators.target_value,
        indicators.target_from,
        indicators.target_to,
        indicators.actual_text,
        indicators.actual_state,
        indicators.direction,
        case when savings.indicator_name is not null then 'higher' else worded.direction end as worded_direction,
        case
            when savings.indicator_name is not null then 'higher'
            else coalesce(worded.direction, taxonomy.direction, 'higher')
        end as natural_direction,
        indicators.attainment_ratio,
        indicators.attainment_reason,
        indicators.base_unit,
        coalesce(actual_units.base_unit, {{ normalise_text('indicators.actual_unit') }}) as actual_base_unit,
        indicators.target_amount,
        indicators.actual_amount,
        indicators.previous_actual_amount,
        indicators.target_ambition,
        indicators.target_ambition_reason,
        indicators.weight_points,
        indicators.stated_score_points,
        indicators.deviation_reason_text,
        scored.has_deviation_reason,
        case
            when indicators.target_value is not null
                then
                    case indicators.target_operator
                        when '>=' then '≥' when '<=' then '≤' when '>' then '>' when '<' then '<' else ''
                    end
                    || {{ plain_number('indicators.target_value') }} || coalesce(indicators.target_unit, '')
            else coalesce(indicators.target_text, indicators.target_from || '至' || indicators.target_to, '空')
        end as target_shown,
        case
            when indicators.actual_value is not null
                then {{ plain_number('indicators.actual_value') }} || coalesce(indicators.actual_unit, '')
            else coalesce(indicators.actual_text, '空')
        end as actual_shown,
        indicators.evidence_start,
        indicators.evidence_end,
        indicators.evidence_text
    from indicators
    inner join scored
        on
            indicators.project_year_id = scored.project_year_id
            and indicators.fact_id = scored.indicator_id
    left join taxonomy
        on indicators.indicator_key = taxonomy.indicator_key
    left join worded
        on
            indicators.indicator_name = worded.indicator_name
            and worded.preference = 1
    left join savings
        on indicators.indicator_name = savings.indicator_name
    left join unit_factors as actual_units
        on {{ normalise_text('indicators.actual_unit') }} = actual_units.unit
    where coalesce(indicators.level1, '-') <> 'EXEC'

)

select * from final
