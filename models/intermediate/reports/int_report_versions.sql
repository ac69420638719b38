-- Grain: one version of a project-year. The newest by publication, then by evaluation is current.
{{ config(materialized='table') }}
with

reports as (

    select * from {{ ref('int_reports__identified') }}

),

replaced as (

    -- A file that was replaced under its own name gives way to what replaced it.
    select
        *,
        row_number() over (
            partition by project_year_id, file_name
            order by load_sequence desc, document_id asc
        ) as replacement
    from reports

),

ordered as (

    -- Between files of different names the order of loading says nothing: files may arrive in any order.
    select
        *,
        row_number() over (
            partition by project_year_id
            order by
                published_on desc nulls last,
                evaluated_on desc nulls last,
                replacement asc,
                document_id asc
        ) as recency,
        count(*) over (partition by project_year_id) as n_versions
    from replaced

),

final as (

    select
        project_year_id,
        project_id,
        unit_id,
        record_id,
        report_id,
        document_id,
        identity_basis,
        region_key,
        unit_key,
        project_name_key,
        project_code_key,
        project_code_trust,
        project_class,
        kind,
        fiscal_year,
        published_on,
        evaluated_on,
        cast(n_versions - recency + 1 as integer) as version_number,
        cast(n_versions as integer) as n_versions,
        recency = 1 as is_current
    from ordered

)

select * from final
