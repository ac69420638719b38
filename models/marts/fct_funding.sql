-- Grain: one printed sum of a project-year: stage × source, and the line where a form prints a source twice.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

funding_lines as (

    select * from {{ ref('stg_reports__funding_lines') }}

),

final as (

    select
        funding_lines.line_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        funding_lines.ordinal,
        funding_lines.stage,
        funding_lines.source,
        funding_lines.amount_yuan,
        funding_lines.as_written_text,
        funding_lines.is_corrected,
        funding_lines.corrected_by,
        funding_lines.correction_reason,
        {{ evidence_columns('funding_lines') }}
    from funding_lines
    inner join project_years
        on
            funding_lines.record_id = project_years.record_id
            and funding_lines.report_id = project_years.report_id

)

select * from final
order by fact_id asc
