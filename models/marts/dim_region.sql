-- Grain: one version of a region: a code and name from one year's end to another's.
with

versions as (

    select * from {{ ref('int_regions__listed') }}

),

final as (

    select
        region_version_id,
        region_id,
        region_code,
        region_name,
        region_level,
        region_kind,
        parent_code,
        city_name,
        province_name,
        valid_from_year,
        valid_to_year
    from versions

)

select * from final
order by region_version_id asc
