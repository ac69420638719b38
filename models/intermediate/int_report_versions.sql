-- Grain: one version of a project-year. The newest by publication, then evaluation, then load is current.
with

reports as (

    select * from {{ ref('int_reports__identified') }}

),

ordered as (

    select
        *,
        row_number() over (
            partition by project_year_id
            order by
                published_on desc nulls last,
                evaluated_on desc nulls last,
                load_sequence desc,
                document_id asc
        ) as recency,
        count(*) over (partition by project_year_id) as n_versions
    from reports

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
        unit_key,
        project_name_key,
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
