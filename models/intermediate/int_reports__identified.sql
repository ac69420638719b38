-- Grain: one report of a document's current record, with the keys that recognise the same project and year elsewhere.
with

reports as (

    select * from {{ ref('stg_reports__reports') }}

),

documents as (

    select * from {{ ref('stg_reports__documents') }}

),

normalised as (

    select
        reports.record_id,
        reports.report_id,
        documents.document_id,
        reports.ordinal,
        reports.kind,
        reports.fiscal_year,
        reports.evaluated_on,
        documents.published_on,
        documents.source_url,
        documents.load_sequence,
        {{ normalise_text('reports.region_county') }} as county_key,
        -- An agency code in front of the name comes and goes between years.
        {{ without_pattern(normalise_text('reports.unit'), '^[(]?[0-9]{3,}[)]?[-—_]*') }} as unit_key,
        coalesce(
            {{ normalise_text('reports.region_as_written_text') }},
            {{ normalise_text(
                "coalesce(reports.region_province, '') || coalesce(reports.region_city, '')"
                " || coalesce(reports.region_county, '')"
            ) }}
        ) as region_key,
        {{ normalise_text('reports.project_code') }} as project_code_key,
        -- Only the report's own year leaves the name: tranches of other years are other projects.
        replace(
            replace(
                {{ without_pattern(normalise_text('reports.project_name'), '^[0-9a-z]{10,}-') }},
                coalesce(cast(reports.fiscal_year as varchar), '?') || '年度',
                ''
            ),
            coalesce(cast(reports.fiscal_year as varchar), '?') || '年',
            ''
        ) as dateless_name
    from reports
    inner join documents
        on reports.record_id = documents.record_id

),

keyed as (

    select
        *,
        nullif({{ without_pattern('dateless_name', '项目$') }}, '') as project_name_key,
        -- Bureaus of two counties share names such as 人力资源和社会保障局.
        case
            when county_key is null or instr(unit_key, county_key) > 0 then nullif(unit_key, '')
            else county_key || nullif(unit_key, '')
        end as place_unit_key
    from normalised

),

based as (

    -- A unit's name without any place (林业局) is borne by many units; it must not merge the reports of two counties.
    select
        *,
        case
            when place_unit_key is not null and region_key is not null then 'unit'
            when region_key is not null then 'region'
            when source_url is not null then 'source_url'
            else 'document'
        end as identity_basis,
        coalesce(case when region_key is not null then place_unit_key end, region_key, source_url, document_id)
            as owner_key,
        coalesce(project_name_key, project_code_key, document_id) as project_key,
        coalesce(cast(fiscal_year as varchar), document_id) as year_key
    from keyed

),

numbered as (

    -- A document does not revise itself: a second report with the same names in it is a second project.
    select
        *,
        row_number() over (
            partition by document_id, owner_key, project_key, year_key, kind
            order by ordinal asc, report_id asc
        ) as occurrence
    from based

),

final as (

    select
        {{ text_key(['identity_basis', 'owner_key', 'project_key', 'year_key', 'kind', 'occurrence']) }}
            as project_year_id,
        {{ text_key(['identity_basis', 'owner_key', 'project_key', 'occurrence']) }} as project_id,
        case when place_unit_key is not null then {{ text_key(['place_unit_key']) }} end as unit_id,
        record_id,
        report_id,
        document_id,
        identity_basis,
        place_unit_key as unit_key,
        project_name_key,
        kind,
        fiscal_year,
        published_on,
        evaluated_on,
        load_sequence
    from numbered

)

select * from final
