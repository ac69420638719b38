-- Grain: one dated event of a project-year.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

events as (

    select * from {{ ref('stg_reports__events') }}

),

final as (

    select
        events.event_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        events.ordinal,
        events.event_kind,
        events.happened_on,
        {{ evidence_columns('events') }}
    from events
    inner join project_years
        on
            events.record_id = project_years.record_id
            and events.report_id = project_years.report_id

)

select * from final
order by fact_id asc
