-- Grain: one project-year, as its current version says.
{{ config(materialized='table') }}
with

versions as (

    select * from {{ ref('int_report_versions') }}

),

reports as (

    select * from {{ ref('stg_reports__reports') }}

),

documents as (

    select * from {{ ref('stg_reports__documents') }}

),

regions as (

    select * from {{ ref('int_regions__resolved') }}

),

corrected_parts as (
    {% for table in correctable() %}
    select
        record_id,
        report_id,
        corrected_by,
        correction_reason
    from {{ ref('stg_reports__' ~ table) }}
    where is_corrected
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

corrected_reports as (

    select
        record_id,
        report_id,
        {{ joined_distinct('corrected_by') }} as corrected_by,
        {{ joined_distinct('correction_reason') }} as correction_reason
    from corrected_parts
    group by record_id, report_id

),

final as (

    select
        versions.project_year_id,
        versions.project_id,
        versions.unit_id,
        versions.record_id,
        versions.report_id,
        versions.document_id,
        versions.identity_basis,
        versions.n_versions,
        versions.region_key,
        versions.project_name_key,
        versions.project_code_key,
        versions.project_code_trust,
        versions.project_class,
        versions.unit_key,
        reports.kind,
        reports.fiscal_year,
        reports.region_province,
        reports.region_city,
        reports.region_county,
        reports.region_as_written_text,
        reports.region_hint_text,
        regions.region_id,
        regions.region_version_id,
        regions.region_code,
        regions.region_name,
        regions.region_level,
        regions.region_kind,
        regions.region_match_method,
        regions.region_reason,
        regions.region_candidates,
        -- A county that is not in the list of regions is known by its wording, one of several of its name is not known.
        case
            when regions.region_level = 'county' then regions.region_id
            when
                reports.region_county is not null
                and coalesce(regions.region_reason, '') not in ('ambiguous', 'not_valid_in_year')
                then versions.region_key
        end as county_key,
        reports.unit,
        reports.department,
        reports.project_name,
        reports.project_code,
        reports.evaluated_on,
        reports.execution_stated_rate_pct,
        reports.stated_execution_weight_points,
        reports.stated_execution_score_points,
        reports.stated_total_points,
        reports.stated_grade_text,
        reports.conclusion_text,
        corrected_reports.report_id is not null as is_corrected,
        corrected_reports.corrected_by,
        corrected_reports.correction_reason,
        documents.file_name,
        documents.source_url,
        documents.published_on
    from versions
    inner join reports
        on
            versions.record_id = reports.record_id
            and versions.report_id = reports.report_id
    inner join documents
        on versions.document_id = documents.document_id
    left join regions
        on
            versions.record_id = regions.record_id
            and versions.report_id = regions.report_id
    left join corrected_reports
        on
            versions.record_id = corrected_reports.record_id
            and versions.report_id = corrected_reports.report_id
    where versions.is_current

)

select * from final
