-- Grain: one check of the cost indicators on a project-year: rules B1, B2, B3, B6, B7 and B8 of group B (does the money
-- fit the targets?).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

executions as (

    select
        *,
        case when execution_rate_denominator in ('adjusted_budget', 'initial_budget') then budget_yuan end
            as form_budget_yuan
    from {{ ref('fct_execution') }}

),

evaluations as (

    {{ affected_rows('fct_self_evaluation') }}

),

indicators as (

    {{ affected_rows('fct_indicator_attainment') }}

),

costs as (

    {{ affected_rows('int_cost_lines__paired') }}

),

cost_totals as (

    select
        project_year_id,
        max(case when target_price_yuan > 0 then target_price_yuan end) as target_yuan,
        max(case when actual_price_yuan > 0 then actual_price_yuan end) as actual_yuan,
        count(distinct target_price_yuan) as n_targets,
        count(distinct actual_price_yuan) as n_actuals
    from costs
    where cost_role = 'total' and cost_reason is null
    group by project_year_id

),

cost_parts as (

    -- A cost that is no money, or a price without its quantity, leaves the sum open.
    select
        project_year_id,
        count(*) as n_parts,
        max(cost_reason) as cost_reason,
        count(target_yuan) as n_targets,
        count(actual_yuan) as n_actuals,
        sum(target_yuan) as target_yuan,
        sum(actual_yuan) as actual_yuan,
        max(target_yuan) as highest_target_yuan,
        max(actual_yuan) as highest_actual_yuan,
        sum(case when is_residual and cost_role = 'line' then actual_yuan else 0 end) as residual_yuan,
        {{ joined_in_order(
            "case when cost_role = 'unit_price' then " ~ plain_number('target_quantity') ~ " || '×' || "
            ~ plain_number('target_price_yuan') ~ " else " ~ plain_number('target_price_yuan') ~ " end",
            'ordinal', '+'
        ) }} as target_terms,
        {{ joined_in_order(
            "case when cost_role = 'unit_price' then " ~ plain_number('actual_quantity') ~ " || '×' || "
            ~ plain_number('actual_price_yuan') ~ " else " ~ plain_number('actual_price_yuan') ~ " end",
            'ordinal', '+'
        ) }} as actual_terms,
        {{ joined_in_order("case when is_residual and cost_role = 'line' then indicator_name end", 'ordinal') }}
            as residual_names,
        min(ordinal) as first_ordinal
    from costs
    where cost_role <> 'total'
    group by project_year_id

),

summed_costs as (

    -- One line that equals all the others together is their total, whatever it is called. Several lines may stand in
    -- one sentence, so the first is told by its number.
    select
        cost_parts.project_year_id,
        cost_parts.n_parts,
        cost_parts.cost_reason,
        cost_parts.n_targets,
        cost_parts.n_actuals,
        cost_parts.residual_yuan,
        cost_parts.target_terms,
        cost_parts.actual_terms,
        cost_parts.residual_names,
        {{ null_unless_castable(
            "case when cost_parts.n_parts > 2 and cost_parts.target_yuan = 2 * cost_parts.highest_target_yuan"
            ~ " then cost_parts.highest_target_yuan else cost_parts.target_yuan end", 'decimal(18, 2)'
        ) }} as target_yuan,
        {{ null_unless_castable(
            "case when cost_parts.n_parts > 2 and cost_parts.actual_yuan = 2 * cost_parts.highest_actual_yuan"
            ~ " then cost_parts.highest_actual_yuan else cost_parts.actual_yuan end", 'decimal(18, 2)'
        ) }} as actual_yuan,
        costs.evidence_start,
        costs.evidence_end,
        costs.evidence_text
    from cost_parts
    inner join costs
        on
            cost_parts.project_year_id = costs.project_year_id
            and cost_parts.first_ordinal = costs.ordinal

),

b1 as (

    select
        costs.project_year_id,
        'B1' as rule_id,
        costs.indicator_id as detail_key,
        case
            when costs.target_price_yuan is null then 'cost_target_not_numeric'
            when coalesce(executions.form_budget_yuan, 0) = 0 then 'no_full_year_budget'
        end as reason,
        {{ safe_rate('costs.target_price_yuan', 'executions.form_budget_yuan') }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        costs.indicator_name || '：指标值=' || {{ plain_number('costs.target_price_yuan') }}
        || '元；年初预算数=' || coalesce({{ plain_number('executions.initial_budget_yuan') }} || '元', '未写')
        || '；全年预算数=' || coalesce({{ plain_number('executions.adjusted_budget_yuan') }} || '元', '未写') as operands,
        costs.evidence_start,
        costs.evidence_end,
        costs.evidence_text
    from costs
    inner join executions
        on costs.project_year_id = executions.project_year_id
    where costs.cost_role = 'total'

),

compared_costs as (

    -- What the actual costs are measured by: the outlay, and the form's own total.
    select
        project_year_id,
        'executed' as detail_key,
        '全年执行数' as compared_name,
        executed_yuan as compared_yuan
    from executions

    union all

    select
        project_year_id,
        'total_row' as detail_key,
        '成本总额实际完成值' as compared_name,
        actual_yuan as compared_yuan
    from cost_totals
    where n_actuals = 1

),

b2 as (

    select
        summed_costs.project_year_id,
        'B2' as rule_id,
        compared_costs.detail_key,
        case
            when summed_costs.n_parts < rules.minimum_count then 'too_few_cost_lines'
            when summed_costs.cost_reason is not null then summed_costs.cost_reason
            when summed_costs.n_actuals < summed_costs.n_parts then 'cost_actual_not_numeric'
            when coalesce(compared_costs.compared_yuan, 0) = 0 then 'no_amounts'
        end as reason,
        {{ safe_rate(
            'abs(summed_costs.actual_yuan - compared_costs.compared_yuan)', 'compared_costs.compared_yuan'
        ) }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '成本实际值合计=' || summed_costs.actual_terms || '=' || {{ plain_number('summed_costs.actual_yuan') }}
        || '元；' || compared_costs.compared_name || '=' || {{ plain_number('compared_costs.compared_yuan') }} || '元'
            as operands,
        summed_costs.evidence_start,
        summed_costs.evidence_end,
        summed_costs.evidence_text
    from summed_costs
    inner join compared_costs
        on summed_costs.project_year_id = compared_costs.project_year_id
    inner join rules
        on rules.rule_id = 'B2'

),

b3 as (

    select
        summed_costs.project_year_id,
        'B3' as rule_id,
        {{ no_detail() }},
        case
            when summed_costs.n_parts < rules.minimum_count then 'too_few_cost_lines'
            when summed_costs.cost_reason is not null then summed_costs.cost_reason
            when summed_costs.n_targets < summed_costs.n_parts then 'cost_target_not_numeric'
            when cost_totals.n_targets > 1 then 'several_totals'
            when coalesce(cost_totals.target_yuan, executions.form_budget_yuan, 0) = 0 then 'no_full_year_budget'
        end as reason,
        {{ safe_rate(
            'abs(summed_costs.target_yuan - coalesce(cost_totals.target_yuan, executions.form_budget_yuan))',
            'coalesce(cost_totals.target_yuan, executions.form_budget_yuan)'
        ) }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '分项成本指标值合计=' || summed_costs.target_terms || '=' || {{ plain_number('summed_costs.target_yuan') }}
        || '元；' || case when cost_totals.target_yuan is not null then '总成本指标值=' else '全年预算数=' end
        || {{ plain_number('coalesce(cost_totals.target_yuan, executions.form_budget_yuan)') }} || '元' as operands,
        summed_costs.evidence_start,
        summed_costs.evidence_end,
        summed_costs.evidence_text
    from summed_costs
    inner join executions
        on summed_costs.project_year_id = executions.project_year_id
    left join cost_totals
        on summed_costs.project_year_id = cost_totals.project_year_id
    inner join rules
        on rules.rule_id = 'B3'

),

median_quantities as (

    select
        project_year_id,
        percentile_disc(0.5) within group (order by attainment_ratio asc) as median_ratio,
        min(ordinal) as first_ordinal
    from indicators
    where level2 = 'quantity' and attainment_ratio is not null
    group by project_year_id

),

cost_targets as (

    select
        executions.project_year_id,
        executions.executed_yuan,
        coalesce(
            cost_totals.target_yuan,
            case
                when summed_costs.cost_reason is null and summed_costs.n_targets = summed_costs.n_parts
                    then summed_costs.target_yuan
            end
        ) as target_yuan
    from executions
    left join cost_totals
        on executions.project_year_id = cost_totals.project_year_id
    left join summed_costs
        on executions.project_year_id = summed_costs.project_year_id

),

b6 as (

    select
        median_quantities.project_year_id,
        'B6' as rule_id,
        {{ no_detail() }},
        case
            when cost_targets.target_yuan is null then 'no_cost_target'
            when cost_targets.executed_yuan is null then 'no_amounts'
        end as reason,
        median_quantities.median_ratio as computed_value,
        {{ null_unless_castable('median_quantities.median_ratio', 'decimal(24, 6)') }} >= rules.threshold
        and cost_targets.executed_yuan < cost_targets.target_yuan as is_hit,
        {{ no_severity() }},
        '数量指标完成率中位数=' || {{ plain_rate('median_quantities.median_ratio') }}
        || '；全年执行数=' || {{ plain_number('cost_targets.executed_yuan') }}
        || '元；成本目标=' || {{ plain_number('cost_targets.target_yuan') }} || '元' as operands,
        indicators.evidence_start,
        indicators.evidence_end,
        indicators.evidence_text
    from median_quantities
    inner join indicators
        on
            median_quantities.project_year_id = indicators.project_year_id
            and median_quantities.first_ordinal = indicators.ordinal
    inner join cost_targets
        on median_quantities.project_year_id = cost_targets.project_year_id
    inner join rules
        on rules.rule_id = 'B6'

),

residuals as (

    select
        *,
        row_number() over (
            partition by project_year_id
            order by actual_yuan desc nulls last, ordinal asc
        ) as preference
    from costs
    where is_residual and cost_role = 'line'

),

b7 as (

    select
        summed_costs.project_year_id,
        'B7' as rule_id,
        {{ no_detail() }},
        case
            when summed_costs.cost_reason is not null then summed_costs.cost_reason
            when summed_costs.n_actuals < summed_costs.n_parts then 'cost_actual_not_numeric'
            when coalesce(executions.executed_yuan, 0) = 0 then 'no_amounts'
        end as reason,
        {{ safe_rate('summed_costs.residual_yuan', 'executions.executed_yuan') }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        coalesce(summed_costs.residual_names, '未列明细的成本') || '='
        || {{ plain_number('summed_costs.residual_yuan') }}
        || '元；全年执行数=' || {{ plain_number('executions.executed_yuan') }} || '元' as operands,
        coalesce(residuals.evidence_start, summed_costs.evidence_start) as evidence_start,
        coalesce(residuals.evidence_end, summed_costs.evidence_end) as evidence_end,
        coalesce(residuals.evidence_text, summed_costs.evidence_text) as evidence_text
    from summed_costs
    inner join executions
        on summed_costs.project_year_id = executions.project_year_id
    left join residuals
        on
            summed_costs.project_year_id = residuals.project_year_id
            and residuals.preference = 1

),

cost_objects as (

    -- What is bought by the piece is one object together with its quantities; every other line is one of its own.
    select
        project_year_id,
        case when cost_role = 'unit_price' then 'priced_items' else indicator_id end as detail_key,
        indicator_name,
        ordinal,
        actual_yuan,
        coalesce(weight_points, 0)
        + case
            when row_number() over (partition by project_year_id, quantity_id order by ordinal asc) = 1
                then coalesce(quantity_weight_points, 0)
            else 0
        end as object_points,
        evidence_start,
        evidence_end,
        evidence_text
    from costs
    where cost_role <> 'total'

),

summed_objects as (

    select
        project_year_id,
        detail_key,
        sum(actual_yuan) as object_yuan,
        sum(object_points) as object_points,
        {{ joined_in_order('indicator_name', 'ordinal', '、') }} as object_names,
        min(ordinal) as first_ordinal
    from cost_objects
    group by project_year_id, detail_key

),

b8 as (

    select
        summed_objects.project_year_id,
        'B8' as rule_id,
        summed_objects.detail_key,
        case
            when summed_costs.n_parts < 2 then 'too_few_cost_lines'
            when summed_costs.cost_reason is not null then summed_costs.cost_reason
            when summed_costs.n_actuals < summed_costs.n_parts then 'cost_actual_not_numeric'
            when coalesce(evaluations.indicator_weight_points, 0) = 0 then 'points_missing'
            when coalesce(summed_objects.object_yuan, 0) = 0 then 'no_amounts'
        end as reason,
        {{ safe_rate(
            null_unless_castable('summed_objects.object_points', 'decimal(9, 4)')
            ~ ' * ' ~ null_unless_castable('summed_costs.actual_yuan', 'decimal(20, 2)'),
            'evaluations.indicator_weight_points * '
            ~ null_unless_castable('summed_objects.object_yuan', 'decimal(20, 2)')
        ) }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        summed_objects.object_names || '：分值=' || {{ plain_number('summed_objects.object_points') }}
        || '/' || {{ plain_number('evaluations.indicator_weight_points') }}
        || '；金额=' || {{ plain_number('summed_objects.object_yuan') }}
        || '/' || {{ plain_number('summed_costs.actual_yuan') }} || '元='
        || {{ plain_rate(safe_rate('summed_objects.object_yuan', 'summed_costs.actual_yuan')) }} as operands,
        cost_objects.evidence_start,
        cost_objects.evidence_end,
        cost_objects.evidence_text
    from summed_objects
    inner join cost_objects
        on
            summed_objects.project_year_id = cost_objects.project_year_id
            and summed_objects.first_ordinal = cost_objects.ordinal
    inner join summed_costs
        on summed_objects.project_year_id = summed_costs.project_year_id
    inner join evaluations
        on summed_objects.project_year_id = evaluations.project_year_id

),

checks as (

    {{ rows_of_all(['b1', 'b2', 'b3', 'b6', 'b7', 'b8']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
