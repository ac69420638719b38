-- Grain: one check of a rule of group B (does the money fit the targets?) on a project-year.
{{ config(materialized='table') }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

executions as (

    select
        *,
        case when execution_rate_denominator in ('adjusted_budget', 'initial_budget') then budget_yuan end
            as form_budget_yuan
    from {{ ref('fct_execution') }}

),

evaluations as (

    select * from {{ ref('fct_self_evaluation') }}

),

indicators as (

    select * from {{ ref('fct_indicator_attainment') }}

),

scored as (

    select * from {{ ref('int_indicators__scored') }}

),

funding as (

    select * from {{ ref('fct_funding') }}

),

mentions as (

    select * from {{ ref('fct_mention') }}

),

findings as (

    select * from {{ ref('fct_finding') }}

),

costs as (

    select * from {{ ref('int_cost_lines__paired') }}

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
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        '' as detail_key,
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
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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

fund_sizes as (

    select
        project_year_id,
        max(amount_yuan) as largest_yuan
    from funding
    where source = 'total' and amount_yuan > 0
    group by project_year_id

),

told_amounts as (

    -- Money of another size is other money: a goal may speak of what farmers earn.
    select
        mentions.*,
        fund_sizes.largest_yuan
    from mentions
    inner join fund_sizes
        on mentions.project_year_id = fund_sizes.project_year_id
    inner join rules
        on rules.rule_id = 'B4'
    where
        mentions.mention_kind = 'money'
        and mentions.section in {{ flag_words('narrative_section') }}
        and cast(mentions.amount_yuan as double) * rules.further_threshold >= fund_sizes.largest_yuan
        and mentions.amount_yuan <= cast(fund_sizes.largest_yuan as double) * rules.further_threshold

),

compared_amounts as (

    select
        told_amounts.fact_id,
        funding.amount_yuan,
        row_number() over (
            partition by told_amounts.fact_id
            order by abs(told_amounts.amount_yuan - funding.amount_yuan) asc, funding.amount_yuan asc
        ) as nearness
    from told_amounts
    inner join funding
        on told_amounts.project_year_id = funding.project_year_id
    where funding.amount_yuan > 0

),

spends as (

    -- Single payments that the text names; what it calls cumulative is no part of a sum.
    select distinct
        mentions.project_year_id,
        mentions.section,
        mentions.amount_yuan
    from mentions
    where
        mentions.mention_kind = 'money'
        and mentions.stage = 'executed'
        and mentions.amount_yuan > 0
        and not exists (
            select 1
            from words
            where words.role = 'cumulative' and instr(coalesce(mentions.label_text, ''), words.wording) > 0
        )

),

summed_spends as (

    select
        project_year_id,
        section,
        count(*) as n_spends,
        sum(amount_yuan) as spent_yuan,
        max(amount_yuan) as largest_yuan,
        {{ joined_in_order(plain_number('amount_yuan'), 'amount_yuan', '+') }} as spend_terms
    from spends
    group by project_year_id, section

),

nearest_amounts as (

    select
        told_amounts.*,
        compared_amounts.amount_yuan as nearest_yuan,
        {{ safe_rate('abs(told_amounts.amount_yuan - compared_amounts.amount_yuan)', 'compared_amounts.amount_yuan') }}
            as relative_difference,
        coalesce(summed_spends.n_spends, 0) as n_spends
    from told_amounts
    inner join compared_amounts
        on
            told_amounts.fact_id = compared_amounts.fact_id
            and compared_amounts.nearness = 1
    left join summed_spends
        on
            told_amounts.project_year_id = summed_spends.project_year_id
            and told_amounts.section = summed_spends.section
            and told_amounts.stage = 'executed'

),

judged_amounts as (

    -- A smaller sum beside the right total (18万元，其中设备12万元), and one of several payments, is a part of it.
    select
        *,
        relative_difference > 0
        and (
            n_spends > 1
            or coalesce(
                amount_yuan < max(case when relative_difference = 0 then amount_yuan end) over (
                    partition by project_year_id, section
                ),
                false
            )
        ) as is_part
    from nearest_amounts

),

spend_places as (

    select
        project_year_id,
        section,
        evidence_start,
        evidence_end,
        evidence_text,
        row_number() over (
            partition by project_year_id, section
            order by evidence_start asc, fact_id asc
        ) as preference
    from mentions
    where mention_kind = 'money' and stage = 'executed' and amount_yuan > 0

),

purposes as (

    -- The text gives the whole outlay to a service.
    select
        mentions.project_year_id,
        mentions.label_text,
        mentions.amount_yuan,
        mentions.evidence_start,
        mentions.evidence_end,
        mentions.evidence_text,
        row_number() over (
            partition by mentions.project_year_id
            order by mentions.evidence_start asc, mentions.fact_id asc
        ) as preference
    from mentions
    inner join executions
        on
            mentions.project_year_id = executions.project_year_id
            and mentions.amount_yuan = executions.executed_yuan
            and executions.executed_yuan > 0
    where
        mentions.mention_kind = 'money'
        and mentions.stage is null
        and mentions.section = 'funding'
        and exists (
            select 1
            from words
            where words.role = 'service' and instr(mentions.label_text, words.wording) > 0
        )

),

serviced_costs as (

    select
        project_year_id,
        count(*) as n_lines,
        count(case
            when exists (
                select 1
                from words
                where words.role = 'service' and instr(costs.indicator_name, words.wording) > 0
            ) then 1
        end) as n_services,
        {{ joined_in_order('indicator_name', 'ordinal', '、') }} as line_names
    from costs
    where cost_role <> 'total'
    group by project_year_id

),

b4 as (

    select
        project_year_id,
        'B4' as rule_id,
        fact_id as detail_key,
        case when is_part then 'part_of_total' end as reason,
        relative_difference as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '文中金额=' || as_written_text || '；资金表中最接近的金额=' || {{ plain_number('nearest_yuan') }} || '元'
            as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from judged_amounts

    union all

    -- Payments that add up to more than the outlay, or than the budget where no outlay is printed.
    select
        summed_spends.project_year_id,
        'B4' as rule_id,
        'payments:' || coalesce(summed_spends.section, '') as detail_key,
        case
            when coalesce(executions.stated_executed_yuan, executions.budget_yuan, 0) = 0 then 'no_amounts'
        end as reason,
        {{ safe_rate(
            'summed_spends.spent_yuan - coalesce(executions.stated_executed_yuan, executions.budget_yuan)',
            'coalesce(executions.stated_executed_yuan, executions.budget_yuan)'
        ) }} as computed_value,
        case when summed_spends.largest_yuan = executions.stated_executed_yuan then false end as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '文中各项支出=' || summed_spends.spend_terms || '=' || {{ plain_number('summed_spends.spent_yuan') }} || '元；'
        || case when executions.stated_executed_yuan is null then '预算数=' else '全年执行数=' end
        || {{ plain_number('coalesce(executions.stated_executed_yuan, executions.budget_yuan)') }} || '元' as operands,
        spend_places.evidence_start,
        spend_places.evidence_end,
        spend_places.evidence_text
    from summed_spends
    inner join executions
        on summed_spends.project_year_id = executions.project_year_id
    inner join rules
        on rules.rule_id = 'B4'
    left join spend_places
        on
            summed_spends.project_year_id = spend_places.project_year_id
            and coalesce(summed_spends.section, '') = coalesce(spend_places.section, '')
            and spend_places.preference = 1
    where summed_spends.n_spends >= rules.minimum_count

    union all

    select
        purposes.project_year_id,
        'B4' as rule_id,
        'purpose' as detail_key,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(serviced_costs.n_services as double) as computed_value,
        serviced_costs.n_services = 0 as is_hit,
        'W' as severity,
        purposes.label_text || '=' || {{ plain_number('purposes.amount_yuan') }}
        || '元（全部支出）；成本指标=' || serviced_costs.line_names as operands,
        purposes.evidence_start,
        purposes.evidence_end,
        purposes.evidence_text
    from purposes
    inner join serviced_costs
        on purposes.project_year_id = serviced_costs.project_year_id
    inner join rules
        on rules.rule_id = 'B4'
    where purposes.preference = 1 and serviced_costs.n_lines >= rules.minimum_count

),

same_money as (

    -- Every figure of the report that may be the same money; unit prices and single payments are not.
    select
        project_year_id,
        stage,
        source = 'total' as is_total,
        amount_yuan,
        as_written_text,
        evidence_start,
        evidence_end,
        evidence_text
    from funding
    where amount_yuan > 0

    union all

    select
        project_year_id,
        stage,
        true as is_total,
        amount_yuan,
        as_written_text,
        evidence_start,
        evidence_end,
        evidence_text
    from mentions
    where mention_kind = 'money' and amount_yuan > 0

    union all

    select
        project_year_id,
        cast(null as {{ dbt.type_string() }}) as stage,
        true as is_total,
        target_price_yuan as amount_yuan,
        indicator_name || ' ' || {{ plain_number('target_price_yuan') }} || '元' as as_written_text,
        evidence_start,
        evidence_end,
        evidence_text
    from costs
    where cost_role = 'total' and target_price_yuan > 0

),

rough_money as (

    -- The test has a tolerance of its own: a double is exact enough, and wide enough for ten thousand times the money.
    select
        *,
        cast(amount_yuan as double) as rough_yuan
    from same_money

),

paired_money as (

    -- Ten thousand times as much is 元 for 万元 anywhere; ten times as much only where both are the same stage, and even
    -- then the smaller may be a part of the larger.
    select
        larger.project_year_id,
        larger.as_written_text as larger_text,
        smaller.as_written_text as smaller_text,
        larger.amount_yuan as larger_yuan,
        smaller.amount_yuan as smaller_yuan,
        larger.evidence_start,
        larger.evidence_end,
        larger.evidence_text,
        smaller.evidence_start as smaller_start,
        smaller.evidence_end as smaller_end,
        abs(larger.rough_yuan - smaller.rough_yuan * rules.further_threshold)
        <= smaller.rough_yuan * rules.further_threshold * rules.threshold as is_unit_slip,
        coalesce(
            larger.stage = smaller.stage and larger.is_total and smaller.is_total
            and abs(larger.rough_yuan - smaller.rough_yuan * 10) <= smaller.rough_yuan * 10 * rules.threshold,
            false
        ) as is_digit_slip
    from rough_money as larger
    inner join rough_money as smaller
        on
            larger.project_year_id = smaller.project_year_id
            and larger.amount_yuan >= smaller.amount_yuan
            and larger.evidence_start <> smaller.evidence_start
    inner join rules
        on rules.rule_id = 'B5'

),

ranked_money as (

    select
        *,
        row_number() over (
            partition by project_year_id
            order by
                is_unit_slip desc,
                is_digit_slip desc,
                evidence_start asc,
                evidence_end asc,
                smaller_yuan asc,
                larger_yuan asc,
                smaller_start asc,
                smaller_end asc,
                larger_text asc,
                smaller_text asc
        ) as preference
    from paired_money

),

b5 as (

    select
        project_year_id,
        'B5' as rule_id,
        '' as detail_key,
        cast(null as {{ dbt.type_string() }}) as reason,
        {{ safe_rate('larger_yuan', 'smaller_yuan') }} as computed_value,
        is_unit_slip or is_digit_slip as is_hit,
        case when not is_unit_slip then 'W' end as severity,
        '两处金额=' || larger_text || '，' || smaller_text as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from ranked_money
    where preference = 1

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
        '' as detail_key,
        case
            when cost_targets.target_yuan is null then 'no_cost_target'
            when cost_targets.executed_yuan is null then 'no_amounts'
        end as reason,
        median_quantities.median_ratio as computed_value,
        {{ null_unless_castable('median_quantities.median_ratio', 'decimal(24, 6)') }} >= rules.threshold
        and cost_targets.executed_yuan < cost_targets.target_yuan as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        '' as detail_key,
        case
            when summed_costs.cost_reason is not null then summed_costs.cost_reason
            when summed_costs.n_actuals < summed_costs.n_parts then 'cost_actual_not_numeric'
            when coalesce(executions.executed_yuan, 0) = 0 then 'no_amounts'
        end as reason,
        {{ safe_rate('summed_costs.residual_yuan', 'executions.executed_yuan') }} as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        indicator_id,
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
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        '' as detail_key,
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
        cast(null as {{ dbt.type_string() }}) as severity,
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
        '' as detail_key,
        case
            when initial_budget_yuan is null or adjusted_budget_yuan is null or executed_yuan is null then 'no_triple'
            when adjusted_budget_yuan = 0 then 'zero_budget'
        end as reason,
        cast(executed_yuan as double) as computed_value,
        initial_budget_yuan = adjusted_budget_yuan and adjusted_budget_yuan = executed_yuan as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        '' as detail_key,
        case when execution_rate is null then 'no_amounts' end as reason,
        execution_rate as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        '' as detail_key,
        case
            when n_indicators = 0 then 'no_indicators'
            when n_scored_indicators < n_indicators or indicator_weight_points is null then 'scores_missing'
            when execution_score_points is null then 'no_execution_score'
            when coalesce(execution_weight_points, 0) = 0 then 'execution_points_missing'
            when indicator_product = 0 then 'no_indicator_points'
        end as reason,
        {{ safe_rate('indicator_product - execution_product', 'indicator_product') }} as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        cast(null as {{ dbt.type_string() }}) as severity,
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
    {% for number in range(1, 14) %}
    select * from b{{ number }}
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

final as (

    {{ judged_checks() }}

)

select * from final
