-- Grain: one figure in the prose of a project-year that is no line of a form.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

mentions as (

    select * from {{ ref('stg_reports__mentions') }}

),

final as (

    select
        mentions.mention_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        mentions.ordinal,
        mentions.mention_kind,
        mentions.label_text,
        mentions.section,
        mentions.stage,
        mentions.as_written_text,
        mentions.mentioned_value,
        mentions.mentioned_unit,
        mentions.amount_yuan,
        {{ evidence_columns('mentions') }}
    from mentions
    inner join project_years
        on
            mentions.record_id = project_years.record_id
            and mentions.report_id = project_years.report_id

)

select * from final
order by fact_id asc
