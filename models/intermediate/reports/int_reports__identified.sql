-- Grain: one report of a document's current record, with the keys that recognise the same project and year elsewhere.
with

reports as (

    select * from {{ ref('stg_reports__reports') }}

),

documents as (

    select * from {{ ref('stg_reports__documents') }}

),

regions as (

    select * from {{ ref('int_regions__resolved') }}

),

region_names as (

    -- A stem (盐边) is no safe beginning of a unit's name.
    select
        region_id,
        printed_name
    from {{ ref('int_regions__named') }}
    where form <> 'stem'

),

unit_renames as (

    {{ reference_with_own('unit_renames') }}

),

unit_wordings as (

    -- A wording with two meanings is left as it is.
    select
        wording,
        min(canonical_name) as canonical_name
    from unit_renames
    where is_chained
    group by wording
    having min(canonical_name) = max(canonical_name)

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
        coalesce(
            {{ normalise_text('reports.project_code') }},
            {{ project_code_before_name(normalise_text('reports.project_name')) }}
        ) as project_code_key,
        -- Only the report's own year leaves the name: tranches of other years are other projects.
        replace(
            replace(
                {{ without_pattern(normalise_text('reports.project_name'), '^[0-9a-z]{10,}-') }},
                coalesce({{ as_text('reports.fiscal_year') }}, '?') || '年度',
                ''
            ),
            coalesce({{ as_text('reports.fiscal_year') }}, '?') || '年',
            ''
        ) as dateless_name,
        regions.region_id,
        regions.region_reason
    from reports
    inner join documents
        on reports.record_id = documents.record_id
    left join regions
        on
            reports.record_id = regions.record_id
            and reports.report_id = regions.report_id

),

regioned as (

    -- A region that is known keeps its key when it is renamed or coded anew. Of the others the names of counties,
    -- banners and county-level cities are unique in the country, those of districts are not; 我市 and 本县 name no place.
    select
        *,
        case
            when region_reason = 'ambiguous' and coalesce(city_key, province_key) is null then null
            when
                county_key like '%县' or county_key like '%旗' or county_key like '%市' or county_key like '%自治%'
                then county_key
            when county_key is not null and instr(county_key, coalesce(city_key, province_key)) = 1 then county_key
            when county_key is not null then coalesce(city_key, province_key, '') || county_key
            when city_key is not null then city_key
            when province_key is not null then province_key
            when written_region_key not like '我%' and written_region_key not like '本%' then written_region_key
        end as place_key
    from normalised

),

prefixed as (

    -- A unit may be written with the earlier or the later name of its county.
    select
        regioned.record_id,
        regioned.report_id,
        max(length(region_names.printed_name)) as prefix_length
    from regioned
    inner join region_names
        on
            regioned.region_id = region_names.region_id
            and instr(regioned.unit_key, region_names.printed_name) = 1
    group by regioned.record_id, regioned.report_id

),

bared as (

    -- Bureaus of two counties share names such as 人力资源和社会保障局; one bureau is written with and without its place.
    {%- set places = [
        'province_key || city_key || county_key',
        'province_key || county_key',
        'city_key || county_key',
        'county_key',
        'province_key || place_key',
        'place_key',
    ] %}
    select
        regioned.*,
        coalesce(regioned.region_id, regioned.place_key) as region_key,
        nullif({{ without_pattern('regioned.dateless_name', '项目$') }}, '') as project_name_key,
        {{ without_pattern(
            "case
                when prefixed.prefix_length < length(regioned.unit_key)
                    then substring(regioned.unit_key, prefixed.prefix_length + 1)
                else " ~ without_place('regioned.unit_key', places) ~ "
            end",
            '([(]本级[)]|[(]机关[)]|机关|本级)$'
        ) }} as bare_unit_key,
        {{ without_place('regioned.department_key', places) }} as bare_department_key
    from regioned
    left join prefixed
        on
            regioned.record_id = prefixed.record_id
            and regioned.report_id = prefixed.report_id

),

renamed as (

    -- 县人社局 is 人社局, but 市场监督管理局 is no 场监督管理局: a 县 in front goes where a known name is left.
    select
        bared.*,
        coalesce(whole.canonical_name, local.canonical_name, nullif(bared.bare_unit_key, '')) as canonical_unit_key,
        coalesce(departments.canonical_name, bared.bare_department_key) as canonical_department_key
    from bared
    left join unit_wordings as whole
        on bared.bare_unit_key = whole.wording
    left join unit_wordings as local
        on
            substring(bared.bare_unit_key, 1, 1) in ('县', '市', '区', '旗', '州')
            and substring(bared.bare_unit_key, 2) = local.wording
    left join unit_wordings as departments
        on bared.bare_department_key = departments.wording

),

keyed as (

    select
        *,
        coalesce(region_key, '') || canonical_unit_key as place_unit_key,
        coalesce(region_key, '') || canonical_department_key as place_department_key
    from renamed

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

coded as (

    -- A code of the integrated system is 6 digits of division, 2 of the year, a letter and 12 digits. Codes that a
    -- whole province shares (510000…) and codes that two owners print are templates: they tell nothing apart.
    select
        *,
        case
            when project_code_key is null then null
            when not {{ is_project_code('project_code_key') }} then 'malformed'
            when substring(project_code_key, 3, 4) = '0000' then 'template'
            when
                min(owner_key) over (partition by project_code_key)
                <> max(owner_key) over (partition by project_code_key)
                then 'shared'
            else 'trusted'
        end as project_code_trust,
        case when {{ is_project_code('project_code_key') }} then upper(substring(project_code_key, 9, 1)) end
            as project_class
    from based

),

trusted as (

    select
        *,
        case when project_code_trust = 'trusted' then project_code_key end as trusted_code
    from coded

),

contested as (

    -- Two codes under one name in one year are two projects; the name alone then tells nothing.
    select
        owner_key,
        project_key
    from (
        select
            owner_key,
            project_key,
            year_key
        from trusted
        group by owner_key, project_key, year_key
        having min(trusted_code) <> max(trusted_code)
    ) as years
    group by owner_key, project_key

),

first_named as (

    select
        owner_key,
        trusted_code,
        project_key,
        fiscal_year,
        first_value(project_key) over (
            partition by owner_key, trusted_code
            order by fiscal_year asc nulls last, project_key asc
        ) as first_name
    from trusted
    where trusted_code is not null

),

anchored as (

    -- The first name of the project that a name belongs to, over the code that both years print.
    select
        owner_key,
        project_key,
        first_name,
        row_number() over (
            partition by owner_key, project_key
            order by fiscal_year asc nulls last, first_name asc
        ) as preference
    from first_named

),

code_names as (

    select distinct
        owner_key,
        trusted_code,
        first_name
    from first_named

),

chained as (

    select
        trusted.*,
        case
            when trusted.trusted_code is not null and contested.project_key is not null then trusted.trusted_code
            when contested.project_key is not null then trusted.project_key
            else coalesce(anchored.first_name, code_names.first_name, trusted.project_key)
        end as chain_key
    from trusted
    left join code_names
        on
            trusted.owner_key = code_names.owner_key
            and trusted.trusted_code = code_names.trusted_code
    left join contested
        on
            trusted.owner_key = contested.owner_key
            and coalesce(code_names.first_name, trusted.project_key) = contested.project_key
    left join anchored
        on
            trusted.owner_key = anchored.owner_key
            and coalesce(code_names.first_name, trusted.project_key) = anchored.project_key
            and anchored.preference = 1

),

numbered as (

    -- A document does not revise itself: a second report with the same names in it is a second project.
    select
        *,
        row_number() over (
            partition by document_id, owner_key, project_key, project_code_key, year_key, kind
            order by ordinal asc, report_id asc
        ) as occurrence
    from chained

),

final as (

    select
        -- Two codes are two projects of a year; over the years the name stays and the code may change, or a code that
        -- can be trusted stays and the name changes.
        {{ text_key([
            'identity_basis', 'owner_key', 'project_key', 'project_code_key', 'year_key', 'kind', 'occurrence'
        ]) }} as project_year_id,
        {{ text_key(['identity_basis', 'owner_key', 'chain_key', 'occurrence']) }} as project_id,
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
        project_code_trust,
        project_class,
        kind,
        fiscal_year,
        published_on,
        evaluated_on,
        file_name,
        load_sequence
    from numbered

)

select * from final
