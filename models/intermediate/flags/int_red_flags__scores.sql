-- Grain: one check of a rule of group D (scores and explanations) on a single project-year. D1, D2 and D8 judge many
-- reports together.
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

findings as (

    {{ affected_rows('fct_finding') }}

),

statements as (

    {{ affected_rows('fct_statement') }}

),

warnings as (

    {{ affected_rows('fct_warning') }}

),

texts as (

    {{ affected_rows('int_report_texts__clipped') }}

),

explained as (

    select
        *,
        case when has_deviation_reason then {{ normalise_text('deviation_reason_text') }} end as reason_text
    from indicators
    where weight_points is not null and stated_score_points is not null

),

d3 as (

    select
        project_year_id,
        'D3' as rule_id,
        indicator_id as detail_key,
        {{ no_reason() }},
        cast(weight_points - stated_score_points as double) as computed_value,
        stated_score_points < weight_points and reason_text is null as is_hit,
        {{ no_severity() }},
        indicator_name || '：分值=' || {{ plain_number('weight_points') }}
        || '；得分=' || {{ plain_number('stated_score_points') }}
        || '；偏差原因=' || coalesce(deviation_reason_text, '空') as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from explained

),

d4 as (

    select
        project_year_id,
        'D4' as rule_id,
        indicator_id as detail_key,
        {{ no_reason() }},
        {{ no_value() }},
        {{ first_match_except('reason_text', words_pattern('failure'), words_pattern('no_failure')) }} is not null
            as is_hit,
        {{ no_severity() }},
        indicator_name || '：分值=' || {{ plain_number('weight_points') }}
        || '；得分=' || {{ plain_number('stated_score_points') }}
        || '；偏差原因=' || deviation_reason_text as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from explained
    where
        weight_points > 0
        and stated_score_points >= weight_points
        and reason_text is not null

),

problems as (

    select
        project_year_id,
        count(*) as n_problems
    from findings
    where finding_kind = 'problem'
    group by project_year_id

),

silences as (

    select
        project_year_id,
        fact_id,
        '标题下无内容=' || evidence_text as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from warnings
    where
        warning_code = 'empty_heading'
        and {{ first_match_except(
            'evidence_text', words_pattern('problem_heading'), words_pattern('no_problem_heading')
        ) }} is not null

    union all

    select
        project_year_id,
        fact_id,
        '存在问题=' || statement_text as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from statements
    where statement_kind = 'no_problem'

),

d5 as (

    -- One problem that is named is enough, whatever else is left empty.
    select
        project_year_id,
        'D5' as rule_id,
        {{ no_detail() }},
        {{ no_reason() }},
        cast(n_problems as double) as computed_value,
        false as is_hit,
        {{ no_severity() }},
        '存在问题条数=' || {{ as_text('n_problems') }} as operands,
        {{ no_place() }}
    from problems

    union all

    select
        silences.project_year_id,
        'D5' as rule_id,
        silences.fact_id as detail_key,
        {{ no_reason() }},
        cast(0 as double) as computed_value,
        true as is_hit,
        {{ no_severity() }},
        silences.operands,
        silences.evidence_start,
        silences.evidence_end,
        silences.evidence_text
    from silences
    left join problems
        on silences.project_year_id = problems.project_year_id
    where problems.project_year_id is null

),

satisfied as (

    select
        project_year_id,
        indicator_name,
        actual_amount,
        actual_shown,
        base_unit,
        indicator_id,
        evidence_start,
        evidence_end,
        evidence_text,
        row_number() over (
            partition by project_year_id
            order by ordinal asc
        ) as preference
    from indicators
    where level1 = 'SATISFACTION' and actual_state in ('parsed', 'qualitative')

),

surveyed as (

    -- A claim of satisfaction in the text counts where no indicator gives a value.
    select
        project_years.project_year_id,
        texts.project_year_id is not null as has_text,
        satisfied.project_year_id is not null as has_value,
        satisfied.indicator_name,
        satisfied.actual_shown,
        satisfied.evidence_start,
        satisfied.evidence_end,
        satisfied.evidence_text,
        texts.text_start,
        texts.report_text,
        case
            when satisfied.project_year_id is null
                then {{ first_match_except(
                    'texts.report_text', words_pattern('satisfaction_claim'), words_pattern('no_satisfaction_claim')
                ) }}
        end as claim_word,
        {{ first_match_except('texts.report_text', words_pattern('survey'), words_pattern('no_survey')) }}
            as survey_word,
        case
            when satisfied.project_year_id is null
                then {{ without_patterns('texts.report_text', words_pattern('no_satisfaction_claim')) }}
        end as searched_text
    from project_years
    left join texts
        on project_years.project_year_id = texts.project_year_id
    left join satisfied
        on
            project_years.project_year_id = satisfied.project_year_id
            and satisfied.preference = 1

),

claimed as (

    select
        *,
        case when claim_word is not null then {{ clause_around('searched_text', 'claim_word') }} end as claim_clause
    from surveyed

),

d6 as (

    select
        project_year_id,
        'D6' as rule_id,
        {{ no_detail() }},
        case when not has_text then 'no_text' end as reason,
        {{ no_value() }},
        survey_word is null as is_hit,
        {{ no_severity() }},
        case when has_value then indicator_name || '=' || actual_shown else '表述=' || claim_clause end
        || '；调查依据=' || coalesce(survey_word, '无') as operands,
        case
            when has_value then evidence_start
            else {{ place_in('text_start', 'report_text', 'claim_clause') }}
        end as evidence_start,
        case
            when has_value then evidence_end
            else {{ place_in('text_start', 'report_text', 'claim_clause', behind=true) }}
        end as evidence_end,
        case when has_value then evidence_text else claim_clause end as evidence_text
    from claimed
    where has_value or claim_clause is not null

),

full_rates as (

    select
        project_year_id,
        count(*) as n_rates,
        count(case when actual_amount = 100 then 1 end) as n_full_rates
    from indicators
    where base_unit = '%' and actual_amount is not null
    group by project_year_id

),

d7 as (

    select
        satisfied.project_year_id,
        'D7' as rule_id,
        satisfied.indicator_id as detail_key,
        {{ no_reason() }},
        {{ safe_rate('satisfied.actual_amount', '100') }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        satisfied.indicator_name || '=' || satisfied.actual_shown
        || '；恰为100%的比率指标数=' || {{ as_text('full_rates.n_full_rates') }}
        || '；比率指标数=' || {{ as_text('full_rates.n_rates') }} as operands,
        satisfied.evidence_start,
        satisfied.evidence_end,
        satisfied.evidence_text
    from satisfied
    inner join full_rates
        on satisfied.project_year_id = full_rates.project_year_id
    where satisfied.base_unit = '%' and satisfied.actual_amount is not null

),

checks as (

    {{ rows_of_all(['d3', 'd4', 'd5', 'd6', 'd7']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
