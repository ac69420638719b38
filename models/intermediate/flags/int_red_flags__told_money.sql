-- Grain: one check of the money told in the text on a project-year: rules B4 and B5 of group B (does the money fit the
-- targets?).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

executions as (

    {{ affected_rows('fct_execution') }}

),

funding as (

    {{ affected_rows('fct_funding') }}

),

mentions as (

    {{ affected_rows('fct_mention') }}

),

costs as (

    {{ affected_rows('int_cost_lines__paired') }}

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
        {{ no_hit() }},
        {{ no_severity() }},
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
        {{ no_severity() }},
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
        {{ no_reason() }},
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
        {{ no_detail() }},
        {{ no_reason() }},
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

checks as (

    {{ rows_of_all(['b4', 'b5']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
