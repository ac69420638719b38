-- Grain: one region and one year whose state of regions it is asked for, before or after its own time.
with

versions as (

    select * from {{ ref('int_regions__listed') }}

),

changes as (

    select * from {{ ref('region_changes') }}

),

-- Every year has a change; the test of years without a gap would tell otherwise.
years as (

    select distinct valid_from_year as harmonised_to_year
    from versions

),

lives as (

    select
        region_id,
        min(valid_from_year) as first_year,
        max(coalesce(valid_to_year, 9999)) as last_year
    from versions
    group by region_id

),

links as (

    -- A link within one region is no step: the region goes on.
    select
        from_region_id,
        to_region_id
    from changes
    where from_region_id <> to_region_id

),

step_1 as (

    select
        'after' as direction,
        from_region_id as region_id,
        to_region_id as reached_region_id
    from links

    union distinct

    select
        'before' as direction,
        to_region_id as region_id,
        from_region_id as reached_region_id
    from links

),
{%- set n_steps = 4 %}
{%- for step in range(2, n_steps + 1) %}

step_{{ step }} as (

    select distinct
        reached.direction,
        reached.region_id,
        onward.reached_region_id
    from step_{{ step - 1 }} as reached
    inner join step_1 as onward
        on
            reached.reached_region_id = onward.region_id
            and reached.direction = onward.direction

),
{%- endfor %}

reached as (

    {%- for step in range(1, n_steps + 1) %}
    select * from step_{{ step }}
    {% if not loop.last %}
    union distinct
    {% endif %}
    {%- endfor %}
),

asked as (

    select
        lives.region_id,
        years.harmonised_to_year,
        case
            when years.harmonised_to_year > lives.last_year then 'after'
            when years.harmonised_to_year < lives.first_year then 'before'
        end as direction
    from lives
    cross join years

),

alive as (

    select
        asked.region_id,
        asked.harmonised_to_year,
        versions.region_code,
        versions.region_name,
        versions.region_kind
    from asked
    inner join versions
        on
            asked.region_id = versions.region_id
            and asked.harmonised_to_year >= versions.valid_from_year
            and asked.harmonised_to_year <= coalesce(versions.valid_to_year, 9999)

),

others as (

    select
        asked.region_id,
        asked.harmonised_to_year,
        asked.direction,
        cast(count(distinct versions.region_id) as integer) as n_candidates,
        {{ joined_distinct("versions.region_code || ' ' || versions.region_name") }} as harmonised_candidates
    from asked
    left join reached
        on
            asked.region_id = reached.region_id
            and asked.direction = reached.direction
    left join versions
        on
            reached.reached_region_id = versions.region_id
            and asked.harmonised_to_year >= versions.valid_from_year
            and asked.harmonised_to_year <= coalesce(versions.valid_to_year, 9999)
    where asked.direction is not null
    group by asked.region_id, asked.harmonised_to_year, asked.direction

),

answered as (

    select
        region_id,
        harmonised_to_year,
        true as is_harmonisable,
        region_code as harmonised_code,
        region_name as harmonised_name,
        region_kind as harmonised_kind,
        {{ as_text('null') }} as harmonised_reason,
        1 as n_candidates,
        region_code || ' ' || region_name as harmonised_candidates
    from alive
    union all
    select
        region_id,
        harmonised_to_year,
        false as is_harmonisable,
        {{ as_text('null') }} as harmonised_code,
        {{ as_text('null') }} as harmonised_name,
        {{ as_text('null') }} as harmonised_kind,
        case
            when direction = 'after' and n_candidates = 0 then 'ended'
            when n_candidates = 0 then 'founded'
            when direction = 'after' and n_candidates > 1 then 'split'
            when direction = 'before' and n_candidates = 1 then 'split'
            else 'merged'
        end as harmonised_reason,
        n_candidates,
        harmonised_candidates
    from others

),

final as (

    select
        region_id || '-' || {{ as_text('harmonised_to_year') }} as region_harmonised_id,
        region_id,
        harmonised_to_year,
        is_harmonisable,
        harmonised_code,
        harmonised_name,
        harmonised_kind,
        harmonised_reason,
        n_candidates,
        harmonised_candidates
    from answered

)

select * from final
order by region_harmonised_id asc
