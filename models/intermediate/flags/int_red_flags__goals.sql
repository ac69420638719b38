-- Grain: one check of what the goals and the text promise on a project-year: rules C6, C8 and C14 of group C (the
-- quality of targets).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

indicators as (

    {{ affected_rows('int_indicators__shown') }}

),

executions as (

    {{ affected_rows('fct_execution') }}

),

statements as (

    {{ affected_rows('fct_statement') }}

),

texts as (

    {{ affected_rows('int_report_texts__clipped') }}

),

goals as (

    select
        project_year_id,
        {{ joined_in_order('statement_text', 'ordinal') }} as goal_text
    from statements
    where statement_kind = 'goal'
    group by project_year_id

),

quantified as (

    select
        project_year_id,
        {{ first_match(normalise_text('goal_text'), "'[0-9][0-9.,，]*[多余]?[十百千万亿]*元'") }} as money_text,
        {{ first_match('goal_text', "'[0-9０-９][0-9０-９.,，]*[ ]*[多余]?[十百千万亿]*[ ]*元'") }} as printed_money_text,
        {{ first_match(
            without_money_and_dates('goal_text'),
            "'[0-9][0-9.]*[^，。；：、0-9]{0,4}|[二两三四五六七八九十百]+(个|座|条|处|台|套|户|名|家|次|公里|亩|场|所|支|辆|吨|米)'"
        ) }} as quantity_text
    from goals

),

quoted as (

    select
        statements.project_year_id,
        statements.statement_text,
        statements.evidence_start,
        row_number() over (
            partition by statements.project_year_id
            order by statements.ordinal asc
        ) as preference
    from statements
    inner join quantified
        on statements.project_year_id = quantified.project_year_id
    where statements.statement_kind = 'goal' and instr(statements.statement_text, quantified.printed_money_text) > 0

),

c6 as (

    select
        quantified.project_year_id,
        'C6' as rule_id,
        {{ no_detail() }},
        {{ no_reason() }},
        cast(case when quantified.quantity_text is null then 0 else 1 end as double) as computed_value,
        quantified.money_text is not null and quantified.quantity_text is null as is_hit,
        {{ no_severity() }},
        '目标中的金额=' || coalesce(quantified.money_text, '无')
        || '；目标中的其他数量=' || coalesce(quantified.quantity_text, '无') as operands,
        {{ place_in('quoted.evidence_start', 'quoted.statement_text', 'quantified.printed_money_text') }}
            as evidence_start,
        {{ place_in('quoted.evidence_start', 'quoted.statement_text', 'quantified.printed_money_text', behind=true) }}
            as evidence_end,
        quantified.printed_money_text as evidence_text
    from quantified
    left join quoted
        on
            quantified.project_year_id = quoted.project_year_id
            and quoted.preference = 1

),

names as (

    select
        project_year_id,
        {{ joined_in_order('indicator_name', 'ordinal', '。') }} as indicator_names
    from indicators
    group by project_year_id

),

said as (

    select
        project_year_id,
        {{ joined_in_order('statement_text', 'ordinal', '。') }} as statement_texts
    from statements
    group by project_year_id

),

claims as (

    -- Without the text of the document, what the record keeps of it is searched.
    select
        project_year_id,
        text_start,
        report_text
    from texts

    union all

    select
        project_years.project_year_id,
        cast(null as integer) as text_start,
        coalesce(names.indicator_names, '') || '。' || coalesce(said.statement_texts, '') || '。'
        || coalesce(project_years.conclusion_text, '') as report_text
    from project_years
    left join texts
        on project_years.project_year_id = texts.project_year_id
    left join names
        on project_years.project_year_id = names.project_year_id
    left join said
        on project_years.project_year_id = said.project_year_id
    where
        texts.project_year_id is null
        and coalesce(names.indicator_names, said.statement_texts, project_years.conclusion_text) is not null

),

scaled as (

    select
        executions.project_year_id,
        coalesce(executions.executed_yuan, executions.budget_yuan) as spent_yuan,
        claims.project_year_id is not null as has_text,
        claims.text_start,
        claims.report_text,
        case
            when coalesce(executions.executed_yuan, executions.budget_yuan) < rules.threshold
                then {{ first_match_except(
                    'claims.report_text', words_pattern('national_scale'), words_pattern('no_national_scale')
                ) }}
        end as claim_word,
        case
            when coalesce(executions.executed_yuan, executions.budget_yuan) < rules.threshold
                then {{ without_patterns('claims.report_text', words_pattern('no_national_scale')) }}
        end as searched_text
    from executions
    inner join rules
        on rules.rule_id = 'C8'
    left join claims
        on executions.project_year_id = claims.project_year_id

),

claimed as (

    select
        project_year_id,
        spent_yuan,
        has_text,
        text_start,
        report_text,
        searched_text,
        claim_word,
        case when claim_word is not null then {{ clause_around('searched_text', 'claim_word') }} end as claim_clause
    from scaled

),

c8 as (

    select
        claimed.project_year_id,
        'C8' as rule_id,
        {{ no_detail() }},
        case
            when claimed.spent_yuan is null then 'no_amounts'
            when not claimed.has_text then 'no_text'
        end as reason,
        cast(claimed.spent_yuan as double) as computed_value,
        claimed.claim_word is not null as is_hit,
        {{ no_severity() }},
        '金额=' || {{ plain_number('claimed.spent_yuan') }} || '元'
        || case
            when claimed.searched_text is null then ''
            else '；用语=' || coalesce(claimed.claim_word, '无')
        end
            as operands,
        {{ place_in('claimed.text_start', 'claimed.report_text', 'claimed.claim_clause') }} as evidence_start,
        {{ place_in('claimed.text_start', 'claimed.report_text', 'claimed.claim_clause', behind=true) }}
            as evidence_end,
        claimed.claim_clause as evidence_text
    from claimed

),

measured_targets as (

    select
        project_years.project_year_id,
        goals.project_year_id is not null as has_goal,
        count(indicators.indicator_id) as n_indicators,
        count(
            case
                when
                    indicators.target_state = 'parsed' and indicators.target_value is not null
                    and coalesce(indicators.base_unit, '') <> '元'
                    then 1
            end
        ) as n_numeric,
        count(case when indicators.target_state = 'unreadable' then 1 end) as n_unreadable,
        count(case when indicators.target_state in ('parsed', 'qualitative') then 1 end) as n_read,
        max(quantified.quantity_text) as quantity_text
    from project_years
    left join indicators
        on project_years.project_year_id = indicators.project_year_id
    left join goals
        on project_years.project_year_id = goals.project_year_id
    left join quantified
        on project_years.project_year_id = quantified.project_year_id
    group by project_years.project_year_id, goals.project_year_id

),

c14 as (

    select
        project_year_id,
        'C14' as rule_id,
        {{ no_detail() }},
        case
            when n_numeric > 0 or quantity_text is not null then null
            when n_unreadable > 0 then 'unreadable_targets'
            when n_read = 0 and not has_goal then 'no_targets'
        end as reason,
        cast(n_numeric + case when quantity_text is null then 0 else 1 end as double) as computed_value,
        n_numeric = 0 and quantity_text is null as is_hit,
        {{ no_severity() }},
        '非资金的量化指标数=' || {{ as_text('n_numeric') }}
        || '；目标中的其他数量=' || coalesce(quantity_text, '无') as operands,
        {{ no_place() }}
    from measured_targets
    where n_indicators > 0 or has_goal

),

checks as (

    {{ rows_of_all(['c6', 'c8', 'c14']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
