-- Grain: one check of the score or the actual of an indicator on a project-year: rules A4, A11 and A12 of group A
-- (arithmetic: can the figures of the form be right?) and B13 of group B (does the money fit the targets?).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

executions as (

    {{ affected_rows('fct_execution') }}

),

indicators as (

    {{ affected_rows('fct_indicator_attainment') }}

),

taxonomy as (

    select * from {{ ref('indicator_taxonomy') }}

),

scored as (

    {{ affected_rows('int_indicators__scored') }}

),

a4 as (

    select
        project_year_id,
        'A4' as rule_id,
        fact_id as detail_key,
        {{ no_reason() }},
        cast(stated_score_points as double) as computed_value,
        stated_score_points > weight_points or stated_score_points < 0 as is_hit,
        {{ no_severity() }},
        indicator_name || '：得分=' || {{ plain_number('stated_score_points') }}
        || '；分值=' || {{ plain_number('weight_points') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from indicators
    where weight_points is not null and stated_score_points is not null

    union all

    select
        project_year_id,
        'A4' as rule_id,
        'execution' as detail_key,
        {{ no_reason() }},
        cast(stated_execution_score_points as double) as computed_value,
        stated_execution_score_points > stated_execution_weight_points or stated_execution_score_points < 0 as is_hit,
        {{ no_severity() }},
        '预算执行率：得分=' || {{ plain_number('stated_execution_score_points') }}
        || '；分值=' || {{ plain_number('stated_execution_weight_points') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from executions
    where stated_execution_weight_points is not null and stated_execution_score_points is not null

),

directed as (

    -- "=" beside a cost says nothing about its direction: less is better there, as its place in the taxonomy says.
    select
        indicators.*,
        taxonomy.direction = 'lower' and indicators.target_operator = '=' as is_exact_cost
    from indicators
    left join taxonomy
        on indicators.indicator_key = taxonomy.indicator_key
    where indicators.weight_points >= 0 and indicators.stated_score_points is not null

),

rescored as (

    select
        *,
        case
            when not coalesce(is_exact_cost, false) then recomputed_score_points
            when recomputed_score_points is null then null
            when actual_amount <= target_amount then weight_points
            else {{ points_quotient('weight_points * target_amount', 'actual_amount') }}
        end as expected_score_points,
        case when is_exact_cost then 'RATIO_NEG' else declared_rule end as expected_rule
    from directed

),

a11 as (

    -- EQ_SYM is another reading of the same operator.
    select
        project_year_id,
        'A11' as rule_id,
        fact_id as detail_key,
        {{ no_reason() }},
        cast(abs(stated_score_points - expected_score_points) as double) as computed_value,
        case
            when expected_rule = 'EQ_AS_POS' and instr(coalesce(score_rules_matching, ''), 'EQ_SYM') > 0 then false
        end as is_hit,
        {{ no_severity() }},
        indicator_name || '：得分=' || {{ plain_number('stated_score_points') }}
        || '；按 ' || expected_rule || ' 应得=' || {{ plain_number('expected_score_points') }}
        || '；能得出该得分的方法=' || coalesce(score_rules_matching, '无') as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from rescored
    where expected_score_points is not null

),

a12 as (

    -- Only a full mark that was missed can be this slip.
    select
        directed.project_year_id,
        'A12' as rule_id,
        directed.fact_id as detail_key,
        {{ no_reason() }},
        cast(
            abs(
                directed.stated_score_points
                - {{ points_quotient('directed.weight_points * directed.actual_amount', '100') }}
            ) as double
        ) as computed_value,
        directed.stated_score_points < directed.weight_points
        and abs(
            directed.stated_score_points
            - {{ points_quotient('directed.weight_points * directed.actual_amount', '100') }}
        ) <= rules.threshold as is_hit,
        {{ no_severity() }},
        directed.indicator_name || '：分值=' || {{ plain_number('directed.weight_points') }}
        || '；指标值=' || {{ plain_number('directed.target_amount') }}
        || '%；实际完成值=' || {{ plain_number('directed.actual_amount') }}
        || '%；得分=' || {{ plain_number('directed.stated_score_points') }} as operands,
        directed.evidence_start,
        directed.evidence_end,
        directed.evidence_text
    from directed
    inner join rules
        on rules.rule_id = 'A12'
    where directed.base_unit = '%' and directed.is_target_met and directed.weight_points > 0

),

deviations as (

    select
        indicators.*,
        {{ safe_rate('abs(indicators.actual_amount - indicators.target_amount)', 'indicators.target_amount') }}
            as deviation,
        scored.has_deviation_reason
    from indicators
    inner join scored
        on
            indicators.project_year_id = scored.project_year_id
            and indicators.fact_id = scored.indicator_id
    where
        coalesce(indicators.attainment_reason, 'zero_actual') = 'zero_actual'
        and indicators.target_amount is not null and indicators.actual_amount is not null

),

b13 as (

    select
        deviations.project_year_id,
        'B13' as rule_id,
        deviations.fact_id as detail_key,
        case when deviations.deviation is null then 'zero_target' end as reason,
        deviations.deviation as computed_value,
        {{ null_unless_castable('deviations.deviation', 'decimal(24, 6)') }} > rules.threshold
        and not deviations.has_deviation_reason as is_hit,
        {{ no_severity() }},
        deviations.indicator_name
        || '：指标值=' || coalesce(deviations.target_text, {{ plain_number('deviations.target_amount') }})
        || '；实际完成值=' || coalesce(deviations.actual_text, {{ plain_number('deviations.actual_amount') }})
        || '；偏差=' || {{ plain_rate('deviations.deviation') }}
        || '；偏差原因=' || case when deviations.has_deviation_reason then '有' else '未写' end as operands,
        deviations.evidence_start,
        deviations.evidence_end,
        deviations.evidence_text
    from deviations
    inner join rules
        on rules.rule_id = 'B13'

),

checks as (

    {{ rows_of_all(['a4', 'a11', 'a12', 'b13']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
