-- Grain: one link from an old to a new region in the year of a change.
with

changes as (

    select * from {{ ref('region_changes') }}

),

final as (

    select
        region_change_id,
        change_year,
        change_type,
        from_region_id,
        from_code,
        from_name,
        to_region_id,
        to_code,
        to_name,
        coalesce(from_region_id = to_region_id, false) as is_one_to_one,
        land_share,
        document_number,
        change_source,
        is_reviewed,
        change_note
    from changes

)

select * from final
order by region_change_id asc
