-- Grain: one check of dates and years on a project-year: rules F1 to F4 of group F (when was it written, by whom, what
-- kind of paper is it?).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

current_years as (

    {{ affected_rows('int_project_years__current') }}

),

documents as (

    select * from {{ ref('stg_reports__documents') }}

),

places as (

    select * from {{ ref('stg_reports__field_evidence') }}

),

measures as (

    select * from {{ ref('stg_reports__text_measures') }}

),

found_hits as (

    select * from {{ ref('stg_reports__text_hits') }}
    where hit_kind in ('called_punctual', 'stated_year')

),

events as (

    select * from {{ ref('stg_reports__events') }}

),

project_years as (

    select
        current_years.*,
        documents.title,
        {{ end_of_year('current_years.fiscal_year') }} as year_end,
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
        row_number() over (
            partition by project_years.project_year_id, found_hits.hit_kind
            order by length(found_hits.evidence_text) asc, found_hits.ordinal asc
        ) as brevity_number
    from found_hits
    inner join project_years
        on
            found_hits.record_id = project_years.record_id
            and found_hits.report_id = project_years.report_id

),

dated as (

    select
        project_years.project_year_id,
        'evaluated_on' as date_kind,
        '评价日期' as date_name,
        project_years.evaluated_on as printed_date,
        {{ first_day_of('project_years.evaluated_on') }} as first_day,
        {{ last_day_of('project_years.evaluated_on') }} as last_day,
        project_years.year_end,
        places.evidence_start,
        places.evidence_end,
        places.evidence_text
    from project_years
    left join places
        on
            project_years.record_id = places.record_id
            and project_years.report_id = places.report_id
            and places.field = 'evaluated_on'
    where project_years.evaluated_on is not null

    union all

    select
        project_year_id,
        'published_on' as date_kind,
        '公布日期' as date_name,
        {{ as_text('published_on') }} as printed_date,
        published_on as first_day,
        published_on as last_day,
        year_end,
        {{ no_place() }}
    from project_years
    where published_on is not null

),

waited as (

    select
        *,
        {{ dbt.datediff('year_end', 'first_day', 'day') }}
            as first_wait,
        {{ dbt.datediff('year_end', 'last_day', 'day') }}
            as last_wait
    from dated

),

f1 as (

    -- A date without day or month is too early only if its last day is.
    select
        project_year_id,
        'F1' as rule_id,
        date_kind as detail_key,
        case
            when year_end is null then 'no_fiscal_year'
            when last_day is null then 'date_unreadable'
        end as reason,
        cast(last_wait as double) as computed_value,
        last_day < year_end as is_hit,
        {{ no_severity() }},
        date_name || '=' || printed_date || '；年度终了=' || {{ as_text('year_end') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from waited

    union all

    select
        project_year_id,
        'F1' as rule_id,
        {{ no_detail() }},
        'no_date' as reason,
        {{ no_value() }},
        {{ no_hit() }},
        {{ no_severity() }},
        cast(null as {{ dbt.type_string() }}) as operands,
        {{ no_place() }}
    from project_years
    where evaluated_on is null and published_on is null

),

f2 as (

    -- A date without day counts from its first one, so nothing is late by assumption.
    select
        project_years.project_year_id,
        'F2' as rule_id,
        {{ no_detail() }},
        case
            when project_years.evaluated_on is null then 'no_date'
            when project_years.year_end is null then 'no_fiscal_year'
            when length(project_years.evaluated_on) < 7 then 'date_too_coarse'
            when waited.first_day is null then 'date_unreadable'
        end as reason,
        cast(waited.first_wait as double) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '评价日期=' || waited.printed_date || '；年度终了=' || {{ as_text('project_years.year_end') }} as operands,
        waited.evidence_start,
        waited.evidence_end,
        waited.evidence_text
    from project_years
    left join waited
        on
            project_years.project_year_id = waited.project_year_id
            and waited.date_kind = 'evaluated_on'

),

granted as (

    select
        project_years.project_year_id,
        events.happened_on,
        cast(substring(events.happened_on, 6, 2) as integer) as granted_month,
        events.evidence_start,
        events.evidence_end,
        events.evidence_text,
        row_number() over (
            partition by project_years.project_year_id
            order by
                case events.event_kind when 'approved' then 1 when 'received' then 2 else 3 end asc,
                events.happened_on asc,
                events.event_id asc
        ) as preference
    from events
    inner join project_years
        on
            events.record_id = project_years.record_id
            and events.report_id = project_years.report_id
    where
        events.event_kind in ('approved', 'received', 'disbursed')
        and length(events.happened_on) >= 7
        and substring(events.happened_on, 1, 4) = {{ as_text('project_years.fiscal_year') }}

),

f3 as (

    -- Late money alone is nothing to explain; called punctual, it is.
    select
        project_years.project_year_id,
        'F3' as rule_id,
        {{ no_detail() }},
        case
            when granted.project_year_id is null then 'no_month_of_approval'
            when project_years.text_reason is not null then project_years.text_reason
        end as reason,
        cast(granted.granted_month as double) as computed_value,
        case when punctual.project_year_id is null then false end as is_hit,
        {{ no_severity() }},
        '资金批复或拨付=' || granted.happened_on
        || coalesce('；表述=' || punctual.evidence_text, '；未称及时') as operands,
        coalesce(punctual.evidence_start, granted.evidence_start) as evidence_start,
        coalesce(punctual.evidence_end, granted.evidence_end) as evidence_end,
        coalesce(punctual.evidence_text, granted.evidence_text) as evidence_text
    from project_years
    left join granted
        on
            project_years.project_year_id = granted.project_year_id
            and granted.preference = 1
    left join hits as punctual
        on
            project_years.project_year_id = punctual.project_year_id
            and punctual.hit_kind = 'called_punctual'
            and punctual.brevity_number = 1

),

body_years as (

    select
        project_years.project_year_id,
        {{ joined_in_order("substring(hits.hit_detail, 1, 4)", 'hits.hit_detail', '、') }} as stated_years,
        sum(cast(substring(hits.hit_detail, 6) as integer)) as n_stated,
        max(
            case
                when substring(hits.hit_detail, 1, 4) = {{ as_text('project_years.fiscal_year') }} then 1
                else 0
            end
        ) = 1 as has_own_year,
        min(case when hits.place_number = 1 then hits.evidence_start end) as evidence_start,
        min(case when hits.place_number = 1 then hits.evidence_end end) as evidence_end,
        min(case when hits.place_number = 1 then hits.evidence_text end) as evidence_text
    from project_years
    inner join hits
        on project_years.project_year_id = hits.project_year_id
    where hits.hit_kind = 'stated_year' and project_years.fiscal_year is not null
    group by project_years.project_year_id

),

f4 as (

    select
        project_year_id,
        'F4' as rule_id,
        'title' as detail_key,
        {{ no_reason() }},
        cast(fiscal_year as double) as computed_value,
        title not like '%' || {{ as_text('fiscal_year') }} || '%' as is_hit,
        {{ no_severity() }},
        '年度=' || {{ as_text('fiscal_year') }} || '；标题=' || title as operands,
        {{ no_place() }}
    from project_years
    where fiscal_year is not null and {{ contains_pattern('title', "'20[0-9][0-9] *年'") }}

    union all

    select
        project_years.project_year_id,
        'F4' as rule_id,
        'code' as detail_key,
        {{ no_reason() }},
        cast(2000 + cast(substring(project_years.project_code, 7, 2) as integer) as double) as computed_value,
        2000 + cast(substring(project_years.project_code, 7, 2) as integer) > project_years.fiscal_year as is_hit,
        {{ no_severity() }},
        '年度=' || {{ as_text('project_years.fiscal_year') }} || '；项目代码=' || project_years.project_code
            as operands,
        places.evidence_start,
        places.evidence_end,
        places.evidence_text
    from project_years
    left join places
        on
            project_years.record_id = places.record_id
            and project_years.report_id = places.report_id
            and places.field = 'project_code'
    where
        project_years.fiscal_year is not null
        and {{ contains_pattern('upper(project_years.project_code)', "'^[0-9]{8}[A-Z][0-9]{6,}'") }}

    union all

    -- One other year may belong to anything; a text that never names its own is not of it.
    select
        project_years.project_year_id,
        'F4' as rule_id,
        'body' as detail_key,
        {{ no_reason() }},
        cast(project_years.fiscal_year as double) as computed_value,
        not body_years.has_own_year and body_years.n_stated > 1 as is_hit,
        {{ no_severity() }},
        '年度=' || {{ as_text('project_years.fiscal_year') }} || '；正文年份=' || body_years.stated_years as operands,
        body_years.evidence_start,
        body_years.evidence_end,
        body_years.evidence_text
    from project_years
    inner join body_years
        on project_years.project_year_id = body_years.project_year_id

),

checks as (

    {{ rows_of_all(['f1', 'f2', 'f3', 'f4']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
