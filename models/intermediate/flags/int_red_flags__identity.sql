-- Grain: one check of owner, kind of paper, payment facts and personal data on a project-year: rules F5 to F8 of group
-- F (when was it written, by whom, what kind of paper is it?).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

contradictions as (

    {{ reference_with_own('payment_contradictions') }}

),

current_years as (

    {{ affected_rows('int_project_years__current') }}

),

documents as (

    select * from {{ ref('stg_reports__documents') }}

),

measures as (

    select * from {{ ref('stg_reports__text_measures') }}

),

found_hits as (

    select * from {{ ref('stg_reports__text_hits') }}
    where hit_kind in ('payment_fact', 'private_data')

),

parties as (

    select * from {{ ref('stg_reports__parties') }}

),

indicators as (

    select * from {{ ref('stg_reports__indicators') }}

),

funding as (

    select * from {{ ref('stg_reports__funding_lines') }}

),

project_years as (

    select
        current_years.*,
        documents.title,
        {{ text_reason('measures') }} as text_reason
    from current_years
    inner join documents
        on current_years.document_id = documents.document_id
    left join measures
        on
            current_years.record_id = measures.record_id
            and current_years.report_id = measures.report_id

),

hits as (

    select
        project_years.project_year_id,
        found_hits.hit_kind,
        found_hits.hit_detail,
        found_hits.evidence_start,
        found_hits.evidence_end,
        found_hits.evidence_text,
        row_number() over (
            partition by project_years.project_year_id, found_hits.hit_kind
            order by found_hits.evidence_start asc, found_hits.ordinal asc
        ) as place_number,
        count(*) over (partition by project_years.project_year_id, found_hits.hit_kind) as n_hits
    from found_hits
    inner join project_years
        on
            found_hits.record_id = project_years.record_id
            and found_hits.report_id = project_years.report_id

),

f5 as (

    select
        project_year_id,
        'F5' as rule_id,
        'region' as detail_key,
        {{ no_reason() }},
        {{ no_value() }},
        coalesce(region_province, region_city, region_county) is null as is_hit,
        {{ no_severity() }},
        '省=' || coalesce(region_province, '未写') || '；市=' || coalesce(region_city, '未写') || '；县='
        || coalesce(region_county, '未写') || coalesce('；线索=' || region_hint_text, '') as operands,
        {{ no_place() }}
    from project_years

    union all

    select
        project_year_id,
        'F5' as rule_id,
        'unit' as detail_key,
        {{ no_reason() }},
        {{ no_value() }},
        coalesce(unit, department) is null as is_hit,
        {{ no_severity() }},
        '实施单位=' || coalesce(unit, '未写') || '；主管部门=' || coalesce(department, '未写') as operands,
        {{ no_place() }}
    from project_years

),

rows_of_form as (

    select
        project_years.project_year_id,
        count(indicators.indicator_id) as n_indicators,
        count(case when indicators.target_state <> 'blank' then 1 end) as n_targets,
        count(case when indicators.actual_state <> 'blank' then 1 end) as n_actuals,
        count(indicators.stated_score_points) as n_scores
    from project_years
    left join indicators
        on
            project_years.record_id = indicators.record_id
            and project_years.report_id = indicators.report_id
    group by project_years.project_year_id

),

money_of_form as (

    select distinct
        record_id,
        report_id
    from funding
    where stage in ('initial_budget', 'adjusted_budget')

),

kinds_of_paper as (

    select
        project_years.project_year_id,
        rows_of_form.n_indicators,
        rows_of_form.n_targets,
        rows_of_form.n_actuals,
        rows_of_form.n_targets > 0 and rows_of_form.n_actuals = 0 and rows_of_form.n_scores = 0
        and project_years.stated_total_points is null as has_only_targets,
        rows_of_form.n_indicators = 0 and project_years.stated_total_points is null
        and money_of_form.report_id is null as has_no_form,
        {{ is_self_evaluation('project_years.kind') }}
        or coalesce(project_years.title like '%自评%', false) as is_called_evaluation
    from project_years
    inner join rows_of_form
        on project_years.project_year_id = rows_of_form.project_year_id
    left join money_of_form
        on
            project_years.record_id = money_of_form.record_id
            and project_years.report_id = money_of_form.report_id

),

f6 as (

    -- Papers of another kind that do not call themselves a self-evaluation are in the right place.
    select
        project_year_id,
        'F6' as rule_id,
        {{ no_detail() }},
        case when not is_called_evaluation then 'other_kind' end as reason,
        {{ no_value() }},
        has_only_targets or has_no_form as is_hit,
        case when has_only_targets then 'E' end as severity,
        case
            when has_only_targets then '只有指标值，没有实际完成值'
            when has_no_form then '只有文字，没有自评表'
            else '有自评表'
        end || '；指标数=' || {{ as_text('n_indicators') }} || '；有指标值=' || {{ as_text('n_targets') }}
        || '；有实际完成值=' || {{ as_text('n_actuals') }} as operands,
        {{ no_place() }}
    from kinds_of_paper

),

payees as (

    select
        project_years.project_year_id,
        count(distinct parties.party_name) as n_payees,
        min(parties.party_name) as payee_name,
        min(parties.evidence_start) as evidence_start,
        min(parties.evidence_end) as evidence_end
    from parties
    inner join project_years
        on
            parties.record_id = project_years.record_id
            and parties.report_id = project_years.report_id
    where parties.party_role = 'payee'
    group by project_years.project_year_id

),

told_payments as (

    -- shared_equally:14 is the fact and the number of those who share.
    select
        *,
        case when hit_detail like 'shared_equally:%' then 'shared_equally' else hit_detail end as payment_fact
    from hits
    where hit_kind = 'payment_fact'

),

placed_payments as (

    select
        *,
        row_number() over (partition by project_year_id, payment_fact order by place_number asc) as telling
    from told_payments

),

payment_facts as (

    select
        project_year_id,
        payment_fact,
        evidence_start,
        evidence_end,
        evidence_text
    from placed_payments
    where telling = 1

    union all

    select
        project_year_id,
        'single_payee' as payment_fact,
        evidence_start,
        evidence_end,
        payee_name as evidence_text
    from payees
    where n_payees = 1

),

contradicted as (

    select
        one.project_year_id,
        contradictions.one_fact || ':' || contradictions.other_fact as detail_key,
        contradictions.sentence_zh,
        one.evidence_text as one_text,
        other.evidence_text as other_text,
        other.evidence_start,
        other.evidence_end,
        -- An equal share paid to one is one contradiction, told by the payee or by the transfer.
        row_number() over (
            partition by one.project_year_id, contradictions.one_fact, one.evidence_start
            order by contradictions.other_fact asc
        ) as telling
    from contradictions
    inner join payment_facts as one
        on contradictions.one_fact = one.payment_fact
    inner join payment_facts as other
        on
            contradictions.other_fact = other.payment_fact
            and one.project_year_id = other.project_year_id

),

f7 as (

    select
        project_year_id,
        'F7' as rule_id,
        detail_key,
        {{ no_reason() }},
        {{ no_value() }},
        true as is_hit,
        {{ no_severity() }},
        sentence_zh || '；「' || one_text || '」；「' || other_text || '」' as operands,
        evidence_start,
        evidence_end,
        other_text as evidence_text
    from contradicted
    where telling = 1

    union all

    select
        project_years.project_year_id,
        'F7' as rule_id,
        {{ no_detail() }},
        case
            when project_years.text_reason is not null then project_years.text_reason
            when
                project_years.project_year_id not in (select payment_facts.project_year_id from payment_facts)
                then 'no_payment_facts'
        end as reason,
        {{ no_value() }},
        false as is_hit,
        {{ no_severity() }},
        '支付说法无矛盾' as operands,
        {{ no_place() }}
    from project_years
    where project_years.project_year_id not in (select contradicted.project_year_id from contradicted)

),

f8 as (

    select
        project_years.project_year_id,
        'F8' as rule_id,
        {{ no_detail() }},
        project_years.text_reason as reason,
        cast(coalesce(hits.n_hits, 0) as double) as computed_value,
        hits.project_year_id is not null as is_hit,
        {{ no_severity() }},
        '处数=' || {{ as_text('coalesce(hits.n_hits, 0)') }} as operands,
        hits.evidence_start,
        hits.evidence_end,
        hits.evidence_text
    from project_years
    left join hits
        on
            project_years.project_year_id = hits.project_year_id
            and hits.hit_kind = 'private_data'
            and hits.place_number = 1

),

checks as (

    {{ rows_of_all(['f5', 'f6', 'f7', 'f8']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
