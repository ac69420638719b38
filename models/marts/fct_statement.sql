-- Grain: one statement of a project-year on its goal, its result or its problems, in the report's own words.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

statements as (

    select * from {{ ref('stg_reports__statements') }}

),

final as (

    select
        statements.statement_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        statements.ordinal,
        statements.statement_kind,
        statements.statement_text,
        {{ evidence_columns('statements') }}
    from statements
    inner join project_years
        on
            statements.record_id = project_years.record_id
            and statements.report_id = project_years.report_id

)

select * from final
order by fact_id asc
