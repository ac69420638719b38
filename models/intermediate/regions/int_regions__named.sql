-- Grain: one wording under which a version of a region may be printed, with the wordings of what it lies in.
{{ config(materialized='table') }}
with

versions as (

    select * from {{ ref('int_regions__listed') }}

),

superiors as (

    select distinct
        region_code,
        region_name,
        region_short_name,
        region_stem
    from versions
    where region_level in ('city', 'province')

),

lives as (

    select
        region_id,
        count(*) as n_versions
    from versions
    group by region_id

),

described as (

    select
        versions.region_version_id,
        versions.region_id,
        versions.region_code,
        versions.region_name,
        versions.region_short_name,
        versions.region_stem,
        versions.region_level,
        versions.region_kind,
        versions.province_name,
        provinces.region_stem as province_stem,
        case when versions.region_level = 'county' then versions.city_name end as city_name,
        case when versions.region_level = 'county' then cities.region_short_name end as city_short_name,
        case when versions.region_level = 'county' then cities.region_stem end as city_stem,
        versions.valid_from_year,
        versions.valid_to_year,
        lives.n_versions = 1 and versions.valid_to_year is null as is_only_version
    from versions
    inner join lives
        on versions.region_id = lives.region_id
    left join superiors as cities
        on
            versions.parent_code = cities.region_code
            and versions.city_name = cities.region_name
    left join superiors as provinces
        on
            substring(versions.region_code, 1, 2) || '0000' = provinces.region_code
            and versions.province_name = provinces.region_name

),

forms as (
    {%- for form, column in [('official', 'region_name'), ('short', 'region_short_name'), ('stem', 'region_stem')] %}
    select
        *,
        '{{ form }}' as form,
        {{ column }} as form_name
    from described
    where {{ column }} is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

prefixed as (

    select
        *,
        '' as prefix,
        false as has_superior
    from forms
    union all
    -- 南京市鼓楼区 names its city; below a province without cities the province does (重庆市南川区).
    select
        *,
        case when form = 'stem' then city_stem else city_name end as prefix,
        true as has_superior
    from forms
    where city_name is not null
    union all
    select
        *,
        province_name || case when form = 'stem' then city_stem else city_name end as prefix,
        true as has_superior
    from forms
    where city_name is not null
    union all
    select
        *,
        case when form = 'stem' then province_stem else province_name end as prefix,
        city_name is null as has_superior
    from forms
    where region_level <> 'province'

),

final as (

    select
        region_version_id,
        region_id,
        region_code,
        region_name,
        region_level,
        region_kind,
        province_name,
        province_stem,
        city_name,
        city_short_name,
        city_stem,
        valid_from_year,
        valid_to_year,
        is_only_version,
        form,
        has_superior,
        prefix || form_name as printed_name,
        case when region_level <> 'province' then province_name else '' end
        || coalesce(city_name, '') || region_name as full_name
    from prefixed
    where prefix is not null

)

select * from final
