-- Grain: one organisation in a role in a project-year.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

parties as (

    select * from {{ ref('stg_reports__parties') }}

),

final as (

    select
        parties.party_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        parties.ordinal,
        parties.party_role,
        parties.party_name,
        {{ evidence_columns('parties') }}
    from parties
    inner join project_years
        on
            parties.record_id = project_years.record_id
            and parties.report_id = project_years.report_id

)

select * from final
order by fact_id asc
