-- Grain: one indicator of a project-year, with its place in the taxonomy, its direction, and both values in one unit.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

indicators as (

    select * from {{ ref('stg_reports__indicators') }}

),

synonyms as (

    select * from {{ ref('indicator_synonyms') }}

),

taxonomy as (

    select * from {{ ref('indicator_taxonomy') }}

),

direction_words as (

    select * from {{ ref('indicator_direction_words') }}

),

unit_factors as (

    select * from {{ ref('unit_factors') }}

),

current_indicators as (

    select
        project_years.project_year_id,
        indicators.indicator_id,
        indicators.indicator_name,
        indicators.target_state,
        coalesce(indicators.target_operator, 'none') as target_operator,
        indicators.target_value,
        indicators.target_high,
        indicators.actual_state,
        indicators.actual_value,
        -- A date counts to the end of the month or year it names; only the earliest day of the actual shows a delay.
        indicators.target_to || substring('0000-12-31', length(indicators.target_to) + 1) as deadline,
        indicators.actual_to || substring('0000-12-31', length(indicators.actual_to) + 1) as done_at_latest,
        indicators.actual_to || substring('0000-01-01', length(indicators.actual_to) + 1) as done_at_earliest,
        indicators.weight_points,
        indicators.stated_score_points,
        -- Headings carry points and the word 指标 or not: 产出指标(50分), 产出.
        {{ without_pattern(normalise_text('indicators.level1_text'), '[(].*$|指标') }} as level1_key,
        {{ without_pattern(normalise_text('indicators.level2_text'), '[(].*$|指标') }} as level2_key,
        {{ normalise_text('indicators.target_unit') }} as target_unit_key,
        {{ normalise_text('indicators.actual_unit') }} as actual_unit_key
    from indicators
    inner join project_years
        on
            indicators.record_id = project_years.record_id
            and indicators.report_id = project_years.report_id

),

named as (

    select
        current_indicators.*,
        level1_names.canonical as named_level1,
        level2_names.canonical as named_level2
    from current_indicators
    left join synonyms as level1_names
        on
            current_indicators.level1_key = level1_names.wording
            and level1_names.level = 'level1'
    left join synonyms as level2_names
        on
            current_indicators.level2_key = level2_names.wording
            and level2_names.level = 'level2'

),

placed as (

    -- The second level decides where the first is missing or contradicts it.
    select
        named.*,
        coalesce(as_printed.indicator_key, by_level2.indicator_key, by_level1.indicator_key) as indicator_key,
        coalesce(as_printed.level1, by_level2.level1, by_level1.level1) as level1,
        coalesce(as_printed.level2, by_level2.level2, by_level1.level2) as level2,
        coalesce(as_printed.direction, by_level2.direction, by_level1.direction) as default_direction
    from named
    left join taxonomy as as_printed
        on
            named.named_level1 = as_printed.level1
            and named.named_level2 = as_printed.level2
    left join taxonomy as by_level2
        on
            named.named_level2 = by_level2.level2
            and by_level2.is_home
    left join taxonomy as by_level1
        on
            named.named_level1 = by_level1.level1
            and by_level1.level2 = 'unspecified'

),

worded as (

    -- The longest word decides: 投诉 means fewer is better, 投诉处理率 does not.
    select
        placed.indicator_id,
        direction_words.direction,
        row_number() over (
            partition by placed.indicator_id
            order by length(direction_words.wording) desc, direction_words.wording asc
        ) as preference
    from placed
    inner join direction_words
        on instr(placed.indicator_name, direction_words.wording) > 0

),

directed as (

    -- The printed operator always wins over what the name suggests.
    select
        placed.*,
        case
            when placed.target_operator in ('>=', '>') then 'higher'
            when placed.target_operator in ('<=', '<') then 'lower'
            when placed.target_operator = '=' then 'exact'
            when placed.target_operator in ('range', 'by_date') then 'inside'
            else coalesce(worded.direction, placed.default_direction, 'higher')
        end as direction
    from placed
    left join worded
        on
            placed.indicator_id = worded.indicator_id
            and worded.preference = 1

),

measured as (

    -- A unit that only one side prints holds for both.
    select
        directed.*,
        coalesce(target_units.base_unit, directed.target_unit_key) as target_base_unit,
        coalesce(actual_units.base_unit, directed.actual_unit_key) as actual_base_unit,
        (directed.target_unit_key is null) <> (directed.actual_unit_key is null) as has_assumed_unit,
        directed.target_value
        * case
            when directed.target_unit_key is null then coalesce(actual_units.factor, 1)
            else coalesce(target_units.factor, 1)
        end as target_amount,
        directed.target_high
        * case
            when directed.target_unit_key is null then coalesce(actual_units.factor, 1)
            else coalesce(target_units.factor, 1)
        end as target_high_amount,
        directed.actual_value
        * case
            when directed.actual_unit_key is null then coalesce(target_units.factor, 1)
            else coalesce(actual_units.factor, 1)
        end as actual_amount
    from directed
    left join unit_factors as target_units
        on directed.target_unit_key = target_units.unit
    left join unit_factors as actual_units
        on directed.actual_unit_key = actual_units.unit

),

reasoned as (

    select
        *,
        case
            when done_at_latest <= deadline then true
            when done_at_earliest > deadline then false
        end as is_deadline_met,
        case
            when
                target_operator = 'by_date' and target_state = 'parsed' and actual_state = 'parsed'
                and deadline is not null and done_at_latest is not null
                then 'range_target'
            when
                target_state <> 'parsed' or actual_state <> 'parsed'
                or target_amount is null or actual_amount is null
                then 'not_numeric'
            when target_base_unit <> actual_base_unit then 'unit_mismatch'
            when target_amount < 0 or actual_amount < 0 then 'negative_value'
            -- Beyond this the exact arithmetic of the scores would not fit the widest integer.
            when greatest(target_amount, actual_amount, coalesce(target_high_amount, 0)) >= 1000000000000000
                then 'out_of_range'
            when target_operator in ('range', 'by_date') then 'range_target'
            when target_amount = 0 then 'zero_target'
            when direction = 'lower' and actual_amount = 0 then 'zero_actual'
        end as attainment_reason
    from measured

),

judged as (

    select
        *,
        coalesce(attainment_reason, 'none') not in ('not_numeric', 'unit_mismatch', 'negative_value', 'out_of_range')
            as is_comparable
    from reasoned

),

final as (

    select
        project_year_id,
        indicator_id,
        indicator_key,
        level1,
        level2,
        direction,
        target_operator,
        coalesce(target_base_unit, actual_base_unit) as base_unit,
        has_assumed_unit,
        attainment_reason,
        weight_points,
        stated_score_points,
        case when target_operator = 'by_date' and is_comparable then is_deadline_met end as is_deadline_met,
        case when is_comparable then {{ null_unless_castable('target_amount', 'decimal(24, 6)') }} end as target_amount,
        case
            when is_comparable then {{ null_unless_castable('target_high_amount', 'decimal(24, 6)') }}
        end as target_high_amount,
        case when is_comparable then {{ null_unless_castable('actual_amount', 'decimal(24, 6)') }} end as actual_amount
    from judged

)

select * from final
