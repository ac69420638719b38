-- Grain: one version of a region, of the packaged table or of the home folder's own.
{{ config(materialized='table') }}
with

versions as (

    {{ reference_with_own('region_versions') }}

),

final as (

    -- An own line needs a code, a name and the places above it; what it leaves out is that of a zone without history.
    select
        region_version_id,
        coalesce(region_id, region_version_id) as region_id,
        coalesce(region_code, region_version_id) as region_code,
        region_name,
        coalesce(region_level, 'county') as region_level,
        coalesce(region_kind, '开发区') as region_kind,
        parent_code,
        city_name,
        province_name,
        region_short_name,
        region_stem,
        coalesce(valid_from_year, {{ first_region_year() }}) as valid_from_year,
        valid_to_year
    from versions

)

select * from final
