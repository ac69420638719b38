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
        documents.file_name,
        documents.load_sequence,
        {{ normalise_text('reports.region_province') }} as province_key,
        {{ normalise_text('reports.region_city') }} as city_key,
        {{ normalise_text('reports.region_county') }} as county_key,
        {{ normalise_text('reports.region_as_written_text') }} as written_region_key,
        {{ normalise_text('reports.department') }} as department_key,
        -- An agency code in front of the name comes and goes between years.
        nullif({{ without_pattern(normalise_text('reports.unit'), '^[(]?[0-9]{3,}[)]?[-—_]*') }}, '') as unit_key,
        {{ normalise_text('reports.project_code') }} as project_code_key,
        -- Only the report's own year leaves the name: tranches of other years are other projects.
        replace(
            replace(
                {{ without_pattern(normalise_text('reports.project_name'), '^[0-9a-z]{10,}-') }},
                coalesce({{ as_text('reports.fiscal_year') }}, '?') || '年度',
                ''
            ),
            coalesce({{ as_text('reports.fiscal_year') }}, '?') || '年',
            ''
        ) as dateless_name
    from reports
    inner join documents
        on reports.record_id = documents.record_id

),

regioned as (

    -- The names of counties, banners and county-level cities are unique in the country, those of districts are not.
    -- 我市 and 本县 name no place.
    select
        *,
        case
            when
                county_key like '%县' or county_key like '%旗' or county_key like '%市' or county_key like '%自治%'
                then county_key
            when county_key is not null and instr(county_key, coalesce(city_key, province_key)) = 1 then county_key
            when county_key is not null then coalesce(city_key, province_key, '') || county_key
            when city_key is not null then city_key
            when province_key is not null then province_key
            when written_region_key not like '我%' and written_region_key not like '本%' then written_region_key
        end as region_key
    from normalised

),

keyed as (

    -- Bureaus of two counties share names such as 人力资源和社会保障局; one bureau is written with and without its place.
    {%- set places = [
        'province_key || city_key || county_key',
        'province_key || county_key',
        'city_key || county_key',
        'county_key',
        'province_key || region_key',
        'region_key',
    ] %}
    select
        *,
        nullif({{ without_pattern('dateless_name', '项目$') }}, '') as project_name_key,
        coalesce(region_key, '') || {{ without_place('unit_key', places) }} as place_unit_key,
        coalesce(region_key, '') || {{ without_place('department_key', places) }} as place_department_key
    from regioned

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
        case
            when region_key is not null then coalesce(place_unit_key, place_department_key, region_key)
            else coalesce(source_url, document_id)
        end as owner_key,
        coalesce(project_name_key, project_code_key, document_id) as project_key,
        coalesce({{ as_text('fiscal_year') }}, document_id) as year_key
    from keyed

),

numbered as (

    -- A document does not revise itself: a second report with the same names in it is a second project.
    select
        *,
        row_number() over (
            partition by document_id, owner_key, project_key, project_code_key, year_key, kind
            order by ordinal asc, report_id asc
        ) as occurrence
    from based

),

final as (

    select
        -- Two codes are two projects of a year; over the years the name stays and the code may change.
        {{ text_key([
            'identity_basis', 'owner_key', 'project_key', 'project_code_key', 'year_key', 'kind', 'occurrence'
        ]) }} as project_year_id,
        {{ text_key(['identity_basis', 'owner_key', 'project_key', 'occurrence']) }} as project_id,
        case
            when place_unit_key is null then null
            when region_key is not null then {{ text_key(['place_unit_key']) }}
            else {{ text_key(['owner_key', 'place_unit_key']) }}
        end as unit_id,
        record_id,
        report_id,
        document_id,
        identity_basis,
        region_key,
        place_unit_key as unit_key,
        project_name_key,
        project_code_key,
        kind,
        fiscal_year,
        published_on,
        evaluated_on,
        file_name,
        load_sequence
    from numbered

)

select * from final
