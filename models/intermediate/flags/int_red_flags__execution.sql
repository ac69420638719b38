-- Grain: one check of budget, outlay and execution rate on a project-year: rules A5, A6, A8 and A9 of group A
-- (arithmetic: can the figures of the form be right?), B9 to B12 of group B (does the money fit the targets?).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

executions as (

    {{ affected_rows('fct_execution') }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

evaluations as (

    {{ affected_rows('fct_self_evaluation') }}

),

mentions as (

    {{ affected_rows('fct_mention') }}

),

findings as (

    {{ affected_rows('fct_finding') }}

),

budgeted as (

    -- 执行率 is that of the form: outlay over the full-year budget, or the initial one where no other is printed.
    select
        *,
        case
            when execution_rate_denominator in ('adjusted_budget', 'initial_budget')
                then coalesce(execution_rate, stated_execution_rate)
            else stated_execution_rate
        end as form_execution_rate,
        '全年执行数=' || coalesce({{ plain_number('executed_yuan') }} || '元', '未写')
        || '；全年预算数=' || coalesce({{ plain_number('budget_yuan') }} || '元', '未写') as money_operands
    from executions

),

a5 as (

    select
        project_year_id,
        'A5' as rule_id,
        {{ no_detail() }},
        case
            when stated_execution_rate is null then 'no_stated_rate'
            when execution_rate is null then 'no_amounts'
        end as reason,
        abs(execution_rate_difference) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '所写执行率=' || {{ plain_rate('stated_execution_rate') }}
        || '；计算的执行率=' || {{ plain_rate('execution_rate') }} || '；' || money_operands as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from budgeted

),

a6 as (

    select
        project_year_id,
        'A6' as rule_id,
        {{ no_detail() }},
        case
            when stated_execution_score_points is null then 'no_execution_score'
            when execution_weight_points is null then 'execution_points_missing'
            when recomputed_execution_score_points is null then 'no_amounts'
        end as reason,
        cast(abs(execution_score_difference_points) as double) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '预算执行率得分=' || {{ plain_number('stated_execution_score_points') }}
        || '；分值=' || {{ plain_number('execution_weight_points') }}
        || '；应得=' || {{ plain_number('recomputed_execution_score_points') }}
        || '；执行率=' || {{ plain_rate('execution_rate') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from budgeted

),

a8 as (

    select
        project_year_id,
        'A8' as rule_id,
        {{ no_detail() }},
        case when form_execution_rate is null then 'no_rate' end as reason,
        form_execution_rate as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '执行率=' || {{ plain_rate('form_execution_rate') }}
        || '；' || money_operands as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from budgeted

),

a9 as (

    select
        project_year_id,
        'A9' as rule_id,
        {{ no_detail() }},
        case
            when adjusted_budget_yuan is null then 'no_full_year_budget'
            when executed_yuan is null and stated_execution_score_points is null then 'no_amounts'
        end as reason,
        cast(adjusted_budget_yuan as double) as computed_value,
        adjusted_budget_yuan = 0
        and (coalesce(executed_yuan, 0) > 0 or coalesce(stated_execution_score_points, 0) > 0) as is_hit,
        {{ no_severity() }},
        money_operands || '；预算执行率得分=' || coalesce({{ plain_number('stated_execution_score_points') }}, '未写')
            as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from budgeted

),

explained_revisions as (

    select project_year_id
    from findings
    inner join words
        on words.role = 'revision_reason' and instr(findings.finding_text, words.wording) > 0

    union

    select project_year_id
    from mentions
    inner join words
        on words.role = 'revision_reason' and instr(mentions.label_text, words.wording) > 0

),

b9 as (

    -- A budget set up within the year has no rate; it only needs a reason.
    select
        executions.project_year_id,
        'B9' as rule_id,
        {{ no_detail() }},
        case
            when executions.initial_budget_yuan is null then 'no_initial_budget'
            when executions.adjusted_budget_yuan is null then 'no_full_year_budget'
        end as reason,
        {{ safe_rate(
            'abs(executions.adjusted_budget_yuan - executions.initial_budget_yuan)', 'executions.initial_budget_yuan'
        ) }} as computed_value,
        case
            when executions.initial_budget_yuan = 0
                then executions.adjusted_budget_yuan > 0 and explained_revisions.project_year_id is null
        end as is_hit,
        {{ no_severity() }},
        '年初预算数=' || {{ plain_number('executions.initial_budget_yuan') }}
        || '元；全年预算数=' || {{ plain_number('executions.adjusted_budget_yuan') }}
        || '元；调整说明=' || case when explained_revisions.project_year_id is null then '未见' else '有' end as operands,
        executions.evidence_start,
        executions.evidence_end,
        executions.evidence_text
    from executions
    left join explained_revisions
        on executions.project_year_id = explained_revisions.project_year_id

),

b10 as (

    select
        project_year_id,
        'B10' as rule_id,
        {{ no_detail() }},
        case
            when initial_budget_yuan is null or adjusted_budget_yuan is null or executed_yuan is null then 'no_triple'
            when adjusted_budget_yuan = 0 then 'zero_budget'
        end as reason,
        cast(executed_yuan as double) as computed_value,
        initial_budget_yuan = adjusted_budget_yuan and adjusted_budget_yuan = executed_yuan as is_hit,
        {{ no_severity() }},
        '年初预算数=' || {{ plain_number('initial_budget_yuan') }} || '元；全年预算数='
        || {{ plain_number('adjusted_budget_yuan') }} || '元；全年执行数=' || {{ plain_number('executed_yuan') }} || '元'
            as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from executions

),

b11 as (

    select
        project_year_id,
        'B11' as rule_id,
        {{ no_detail() }},
        case when execution_rate is null then 'no_amounts' end as reason,
        execution_rate as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '执行率=' || {{ plain_rate('execution_rate') }} || '；全年执行数=' || {{ plain_number('executed_yuan') }}
        || '元；预算数=' || {{ plain_number('budget_yuan') }} || '元（' || execution_rate_denominator || '）' as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from executions

),

pointed as (

    -- (I/w − X/v) ÷ (I/w) = (I·v − X·w) ÷ (I·v)
    select
        *,
        {{ null_unless_castable('indicator_score_points * execution_weight_points', 'decimal(24, 6)') }}
            as indicator_product,
        {{ null_unless_castable('execution_score_points * indicator_weight_points', 'decimal(24, 6)') }}
            as execution_product
    from evaluations

),

b12 as (

    select
        project_year_id,
        'B12' as rule_id,
        {{ no_detail() }},
        case
            when n_indicators = 0 then 'no_indicators'
            when n_scored_indicators < n_indicators or indicator_weight_points is null then 'scores_missing'
            when execution_score_points is null then 'no_execution_score'
            when coalesce(execution_weight_points, 0) = 0 then 'execution_points_missing'
            when indicator_product = 0 then 'no_indicator_points'
        end as reason,
        {{ safe_rate('indicator_product - execution_product', 'indicator_product') }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '指标得分=' || {{ plain_number('indicator_score_points') }}
        || '/' || {{ plain_number('indicator_weight_points') }}
        || '；预算执行率得分='
        || {{ plain_number('execution_score_points') }}
        || '/' || {{ plain_number('execution_weight_points') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from pointed

),

checks as (

    {{ rows_of_all(['a5', 'a6', 'a8', 'a9', 'b9', 'b10', 'b11', 'b12']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
