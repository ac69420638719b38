-- Grain: one indicator of a project-year, with its place in the taxonomy, its direction, its scale, its name without
-- ornament, and both values in one unit.
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

indicators as (

    select * from {{ ref('stg_reports__indicators') }}

),

forms as (

    {{ affected_rows('int_forms__recognised') }}

),

synonyms as (

    {{ reference_with_own('indicator_synonyms') }}

),

taxonomy as (

    select * from {{ ref('indicator_taxonomy') }}

),

direction_words as (

    {{ reference_with_own('indicator_direction_words') }}

),

unit_factors as (

    {{ reference_with_own('unit_factors') }}

),

scale_words as (

    {{ reference_with_own('indicator_scale_words') }}

),

name_rules as (

    {{ reference_with_own('indicator_name_rules') }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

current_indicators as (

    select
        project_years.project_year_id,
        project_years.fiscal_year,
        forms.form_family,
        indicators.indicator_id,
        indicators.target_state,
        coalesce(indicators.target_operator, 'none') as target_operator,
        indicators.target_value,
        indicators.target_high,
        coalesce(indicators.target_from, indicators.target_to, indicators.actual_from, indicators.actual_to) is not null
            as has_dates,
        indicators.actual_state,
        indicators.actual_value,
        -- A date counts to the end of the month or year it names; only the earliest day of the actual shows a delay.
        indicators.target_to || substring('0000-12-31', length(indicators.target_to) + 1) as deadline,
        indicators.actual_to || substring('0000-12-31', length(indicators.actual_to) + 1) as done_at_latest,
        indicators.actual_to || substring('0000-01-01', length(indicators.actual_to) + 1) as done_at_earliest,
        indicators.weight_points,
        indicators.stated_score_points,
        {{ level_key('indicators.level1_text') }} as level1_key,
        {{ level_key('indicators.level2_text') }} as level2_key,
        {{ normalise_text('indicators.indicator_name') }} as name_key,
        {{ normalise_text('indicators.target_unit') }} as target_unit_key,
        {{ normalise_text('indicators.actual_unit') }} as actual_unit_key,
        {{ normalise_text('indicators.deviation_reason_text') }} as reason_key
    from indicators
    inner join project_years
        on
            indicators.record_id = project_years.record_id
            and indicators.report_id = project_years.report_id
    left join forms
        on project_years.project_year_id = forms.project_year_id

),

printed_levels as (

    select distinct
        'level1' as level,
        level1_key as level_key,
        form_family,
        fiscal_year
    from current_indicators
    where level1_key is not null

    union all

    select distinct
        'level2' as level,
        level2_key as level_key,
        form_family,
        fiscal_year
    from current_indicators
    where level2_key is not null

),

wordings as (

    -- People write a heading as they see it.
    select
        *,
        {{ level_key('wording') }} as wording_key
    from synonyms

),

known_levels as (

    -- What is said of one form family or of some years goes before what is said of all, the whole wording before its
    -- last characters, and of those the longest.
    select
        printed_levels.*,
        wordings.canonical,
        row_number() over (
            partition by
                printed_levels.level, printed_levels.level_key, printed_levels.form_family, printed_levels.fiscal_year
            order by
                case when wordings.form_family is null then 1 else 0 end asc,
                case when coalesce(wordings.match, 'exact') = 'exact' then 0 else 1 end asc,
                length(wordings.wording_key) desc,
                wordings.canonical asc
        ) as preference
    from printed_levels
    inner join wordings
        on
            printed_levels.level = wordings.level
            and (
                printed_levels.level_key = wordings.wording_key
                or (
                    wordings.match = 'suffix'
                    and right(printed_levels.level_key, length(wordings.wording_key)) = wordings.wording_key
                )
            )
            and (wordings.form_family is null or printed_levels.form_family = wordings.form_family)
            and (wordings.first_year is null or printed_levels.fiscal_year >= wordings.first_year)
            and (wordings.last_year is null or printed_levels.fiscal_year <= wordings.last_year)

),

named as (

    select
        current_indicators.*,
        level1_names.canonical as named_level1,
        level2_names.canonical as named_level2
    from current_indicators
    left join known_levels as level1_names
        on
            level1_names.level = 'level1'
            and level1_names.preference = 1
            and current_indicators.level1_key = level1_names.level_key
            and current_indicators.form_family is not distinct from level1_names.form_family
            and current_indicators.fiscal_year is not distinct from level1_names.fiscal_year
    left join known_levels as level2_names
        on
            level2_names.level = 'level2'
            and level2_names.preference = 1
            and current_indicators.level2_key = level2_names.level_key
            and current_indicators.form_family is not distinct from level2_names.form_family
            and current_indicators.fiscal_year is not distinct from level2_names.fiscal_year

),

placed as (

    -- The second level decides where the first is missing or contradicts it; where cost then belongs, changes with the
    -- year.
    select
        named.*,
        coalesce(as_printed.indicator_key, by_level2.indicator_key, by_level1.indicator_key) as indicator_key,
        coalesce(as_printed.level1, by_level2.level1, by_level1.level1) as level1,
        coalesce(as_printed.level2, by_level2.level2, by_level1.level2) as level2,
        case
            when as_printed.indicator_key is not null then 'as_printed'
            when by_level2.indicator_key is not null then 'level2'
            when by_level1.indicator_key is not null then 'level1'
            else 'none'
        end as placement_basis,
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
            and coalesce(named.fiscal_year, 9999) >= coalesce(by_level2.home_from_year, 0)
            and coalesce(named.fiscal_year, 9999) <= coalesce(by_level2.home_to_year, 9999)
    left join taxonomy as by_level1
        on
            named.named_level1 = by_level1.level1
            and by_level1.level2 = 'unspecified'

),

printed_names as (

    select distinct name_key
    from current_indicators
    where name_key is not null

),

{%- for step in [1, 2, 3] %}
{%- set names = 'printed_names' if loop.first else 'names_' ~ (step - 1) %}
{%- set name = 'name_key' if loop.first else 'shortened' %}
{%- set kept, stripped = name_pattern(step, 'keep'), name_pattern(step, 'strip') %}

names_{{ step }} as (

    -- A name of one character names nothing: then the step is undone.
    select
        name_key,
        case
            when {{ contains_pattern(name, kept) }} then {{ name }}
            when length({{ without_patterns(name, stripped) }}) >= 2 then {{ without_patterns(name, stripped) }}
            else {{ name }}
        end as shortened
    from {{ names }}

),
{%- endfor %}

directions as (

    -- The longest word decides: 投诉 means fewer is better, 投诉处理率 does not.
    select
        printed_names.name_key,
        direction_words.direction,
        row_number() over (
            partition by printed_names.name_key
            order by length(direction_words.wording) desc, direction_words.wording asc
        ) as preference
    from printed_names
    inner join direction_words
        on instr(printed_names.name_key, direction_words.wording) > 0

),

named_scales as (

    select
        names_3.name_key,
        scale_words.scale,
        row_number() over (
            partition by names_3.name_key
            order by length(scale_words.suffix) desc, scale_words.suffix asc
        ) as preference
    from names_3
    inner join scale_words
        on
            right(names_3.name_key, length(scale_words.suffix)) = scale_words.suffix
            or right(names_3.shortened, length(scale_words.suffix)) = scale_words.suffix

),

worded as (

    select
        names_3.name_key,
        names_3.shortened as normalised_indicator_name,
        directions.direction,
        named_scales.scale as named_scale
    from names_3
    left join directions
        on
            names_3.name_key = directions.name_key
            and directions.preference = 1
    left join named_scales
        on
            names_3.name_key = named_scales.name_key
            and named_scales.preference = 1

),

directed as (

    -- The printed operator always wins over what the name suggests.
    select
        placed.*,
        worded.normalised_indicator_name,
        worded.named_scale,
        case
            when placed.target_operator in ('>=', '>') then 'higher'
            when placed.target_operator in ('<=', '<') then 'lower'
            when placed.target_operator = '=' then 'exact'
            when placed.target_operator in ('range', 'by_date') then 'inside'
            else coalesce(worded.direction, placed.default_direction, 'higher')
        end as direction
    from placed
    left join worded
        on placed.name_key = worded.name_key

),

measured as (

    -- A unit that only one side prints holds for both.
    select
        directed.*,
        coalesce(target_units.base_unit, directed.target_unit_key) as target_base_unit,
        coalesce(actual_units.base_unit, directed.actual_unit_key) as actual_base_unit,
        (directed.target_unit_key is null) <> (directed.actual_unit_key is null) as has_assumed_unit,
        case
            when coalesce(directed.target_unit_key, directed.actual_unit_key) is null then directed.named_scale
            when directed.target_unit_key is null then actual_units.scale
            else target_units.scale
        end as unit_scale,
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

empty_reasons as (

    select distinct {{ normalise_text('wording') }} as wording_key
    from words
    where role = 'no_reason'

),

judged as (

    select
        reasoned.*,
        coalesce(reasoned.attainment_reason, 'none')
        not in ('not_numeric', 'unit_mismatch', 'negative_value', 'out_of_range') as is_comparable,
        empty_reasons.wording_key as empty_reason
    from reasoned
    left join empty_reasons
        on reasoned.reason_key = empty_reasons.wording_key

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
        form_family,
        placement_basis,
        normalised_indicator_name,
        case
            when target_state = 'qualitative' then 'qualitative'
            when target_operator = 'by_date' or (target_value is null and has_dates) then 'date'
            when target_value is null and actual_value is null then 'unknown'
            else coalesce(unit_scale, 'unknown')
        end as scale,
        target_state = 'parsed' and actual_state = 'parsed' as has_numbers,
        reason_key is not null and empty_reason is null as has_deviation_reason,
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
