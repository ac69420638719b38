-- A region that was there at the end of 2014 is in one of the last year, unless a change says that it ended.
{{ config(store_failures=true) }}
with

last_year as (

    select max(harmonised_to_year) as harmonised_to_year
    from {{ ref('dim_region_harmonised') }}

),

told_to_end as (

    select from_region_id
    from {{ ref('dim_region_change') }}
    where to_code is null

)

select
    harmonised.region_id,
    harmonised.harmonised_reason
from {{ ref('dim_region_harmonised') }} as harmonised
inner join last_year
    on harmonised.harmonised_to_year = last_year.harmonised_to_year
inner join {{ ref('dim_region') }} as regions
    on harmonised.region_id = regions.region_id
left join told_to_end
    on harmonised.region_id = told_to_end.from_region_id
where
    regions.valid_from_year <= 2014
    and harmonised.n_candidates = 0
    and told_to_end.from_region_id is null
