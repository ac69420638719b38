-- Grain: one rule or document that a project-year relies on.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

citations as (

    select * from {{ ref('stg_reports__citations') }}

),

final as (

    select
        citations.citation_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        citations.ordinal,
        citations.document_number,
        citations.cited_title,
        citations.as_written_text,
        {{ evidence_columns('citations') }}
    from citations
    inner join project_years
        on
            citations.record_id = project_years.record_id
            and citations.report_id = project_years.report_id

)

select * from final
order by fact_id asc
