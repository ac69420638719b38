-- Grain: one problem, cause, suggestion or follow-up of a project-year, in the report's own words.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

findings as (

    select * from {{ ref('stg_reports__findings') }}

),

final as (

    select
        findings.finding_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        findings.ordinal,
        findings.finding_kind,
        findings.finding_text,
        {{ evidence_columns('findings') }}
    from findings
    inner join project_years
        on
            findings.record_id = project_years.record_id
            and findings.report_id = project_years.report_id

)

select * from final
order by fact_id asc
