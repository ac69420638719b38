-- Grain: one indicator of a project-year: how far its target was reached, and the rule that gives the printed score.
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

typed as (

    {{ affected_rows('int_indicators__typed') }}

),

attained as (

    select
        *,
        case
            when target_operator = '>=' then actual_amount >= target_amount
            when target_operator = '>' then actual_amount > target_amount
            when target_operator = '<=' then actual_amount <= target_amount
            when target_operator = '<' then actual_amount < target_amount
            when target_operator = '=' then actual_amount = target_amount
            -- A range whose upper end is not known decides nothing.
            when target_operator = 'range' and target_high_amount is null then null
            when target_operator = 'range' then actual_amount between target_amount and target_high_amount
            when target_operator = 'by_date' then is_deadline_met
            when direction = 'higher' then actual_amount >= target_amount
            when direction = 'lower' then actual_amount <= target_amount
        end as is_target_met,
        case
            when attainment_reason is not null then null
            when direction = 'lower' then {{ safe_rate('target_amount', 'actual_amount') }}
            else {{ safe_rate('actual_amount', 'target_amount') }}
        end as attainment_ratio,
        case
            when attainment_reason in ('not_numeric', 'unit_mismatch', 'negative_value', 'out_of_range') then null
            when attainment_reason in ('zero_target', 'range_target') then 'DIRECT'
            when direction = 'higher' then 'RATIO_POS'
            when direction = 'lower' then 'RATIO_NEG'
            when direction = 'exact' then 'EQ_AS_POS'
        end as declared_rule
    from typed

),

scorable as (

    select * from attained
    where declared_rule is not null and is_target_met is not null and weight_points >= 0

),

candidates as (

    select
        indicator_id,
        case when direction = 'exact' then 'EQ_AS_POS' else 'RATIO_POS' end as rule_name,
        case
            when actual_amount >= target_amount then weight_points
            else {{ points_quotient('weight_points * actual_amount', 'target_amount') }}
        end as rule_points
    from scorable
    where declared_rule <> 'DIRECT'

    union all

    select
        indicator_id,
        'RATIO_NEG' as rule_name,
        case
            when actual_amount <= target_amount then weight_points
            else {{ points_quotient('weight_points * target_amount', 'actual_amount') }}
        end as rule_points
    from scorable
    where declared_rule <> 'DIRECT'

    union all

    select
        indicator_id,
        'EQ_SYM' as rule_name,
        case
            when abs(actual_amount - target_amount) >= target_amount then 0
            else {{ points_quotient(
                'weight_points * (target_amount - abs(actual_amount - target_amount))', 'target_amount'
            ) }}
        end as rule_points
    from scorable
    where declared_rule <> 'DIRECT' and direction = 'exact'

    union all

    select
        indicator_id,
        'DIRECT' as rule_name,
        case when is_target_met then weight_points else 0 end as rule_points
    from scorable

    union all

    -- 完成比例 with a pass mark of 60 %: nothing below it, then in proportion to what lies above it.
    select
        indicator_id,
        'RATIO_FLOOR' as rule_name,
        case
            when actual_amount >= target_amount then weight_points
            when actual_amount * 5 <= target_amount * 3 then 0
            else {{ points_quotient('weight_points * (actual_amount * 5 - target_amount * 3)', 'target_amount * 2') }}
        end as rule_points
    from scorable
    where declared_rule <> 'DIRECT' and direction <> 'lower'

    union all

    -- The slip of multiplying the points by the reached percentage although the target was met.
    select
        indicator_id,
        'RAW_PERCENT' as rule_name,
        {{ points_quotient('weight_points * actual_amount', '100') }} as rule_points
    from scorable
    where base_unit = '%' and actual_amount <= 100

    union all

    -- Nothing can be computed from words; all that can be seen is that the score lies inside its points.
    select
        indicator_id,
        'QUALITATIVE' as rule_name,
        stated_score_points as rule_points
    from attained
    where attainment_reason = 'not_numeric' and stated_score_points between 0 and weight_points

),

compared as (

    select
        candidates.indicator_id,
        candidates.rule_name,
        attained.declared_rule = candidates.rule_name as is_declared,
        {{ points('candidates.rule_points') }} as rule_points,
        coalesce(abs(attained.stated_score_points - candidates.rule_points) <= 0.01, false) as is_reproduced,
        row_number() over (
            partition by
                candidates.indicator_id,
                coalesce(abs(attained.stated_score_points - candidates.rule_points) <= 0.01, false)
            order by
                -- When several rules give the printed score, the one the operator declares is named first.
                coalesce(attained.declared_rule = candidates.rule_name, false) desc,
                case candidates.rule_name
                    when 'RATIO_POS' then 1
                    when 'EQ_AS_POS' then 2
                    when 'RATIO_NEG' then 3
                    when 'EQ_SYM' then 4
                    when 'DIRECT' then 5
                    when 'RATIO_FLOOR' then 6
                    when 'RAW_PERCENT' then 7
                    else 8
                end asc
        ) as preference
    from candidates
    inner join attained
        on candidates.indicator_id = attained.indicator_id

),

chosen as (

    select
        indicator_id,
        max(case when is_declared then rule_points end) as recomputed_score_points,
        max(case when is_reproduced and preference = 1 then rule_name end) as score_rule,
        {{ joined_in_order('case when is_reproduced then rule_name end', 'preference', ',') }} as score_rules_matching
    from compared
    group by indicator_id

),

final as (

    select
        attained.project_year_id,
        attained.indicator_id,
        attained.indicator_key,
        attained.level1,
        attained.level2,
        attained.direction,
        attained.form_family,
        attained.placement_basis,
        attained.normalised_indicator_name,
        attained.scale,
        attained.base_unit,
        attained.target_amount,
        attained.actual_amount,
        attained.has_numbers,
        attained.has_deviation_reason,
        attained.has_assumed_unit,
        attained.is_target_met,
        attained.attainment_ratio,
        case
            when attained.attainment_ratio is not null then least(attained.attainment_ratio, 1.0)
        end as capped_attainment,
        attained.attainment_reason,
        attained.weight_points,
        attained.stated_score_points,
        attained.declared_rule,
        chosen.recomputed_score_points,
        {{ points('attained.stated_score_points - chosen.recomputed_score_points') }} as score_difference_points,
        chosen.score_rule,
        chosen.score_rules_matching
    from attained
    left join chosen
        on attained.indicator_id = chosen.indicator_id

)

select * from final
