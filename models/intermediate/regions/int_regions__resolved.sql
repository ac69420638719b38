-- Grain: one report of a current record, with the region that its names say, as of the evaluated year.
{{ config(materialized='table') }}
with

reports as (

    select * from {{ ref('stg_reports__reports') }}

),

named as (

    select * from {{ ref('int_regions__named') }}

),

versions as (

    select * from {{ ref('int_regions__listed') }}

),

normalised as (

    select
        record_id,
        report_id,
        fiscal_year,
        {{ normalise_text('region_province') }} as province_key,
        {{ normalise_text('region_city') }} as city_key,
        {{ normalise_text('region_county') }} as county_key
    from reports

),

asked as (

    -- The lowest name is asked for, the others say where it lies.
    select
        record_id,
        report_id,
        fiscal_year,
        case
            when county_key is not null then 'county'
            when city_key is not null then 'city'
            else 'province'
        end as asked_level,
        coalesce(county_key, city_key, province_key) as asked_key,
        case when county_key is not null then city_key end as city_key,
        case when coalesce(county_key, city_key) is not null then province_key end as province_key
    from normalised

),

keyed as (

    select
        *,
        {{ text_key(['asked_level', 'asked_key', 'city_key', 'province_key', 'fiscal_year']) }} as place_id
    from asked

),

places as (

    select distinct
        place_id,
        asked_level,
        asked_key,
        city_key,
        province_key,
        fiscal_year
    from keyed
    where asked_key is not null

),

matched as (

    select
        places.place_id,
        places.fiscal_year,
        named.*,
        named.region_level = places.asked_level as is_of_level,
        (
            places.city_key is null
            or coalesce(places.city_key in (named.city_name, named.city_short_name, named.city_stem), false)
            -- A county-level city, or a county that lies in no city, beside its own name or its province's.
            or places.city_key = named.region_name
            or (
                named.city_name is null
                and coalesce(places.city_key in (named.province_name, named.province_stem), false)
            )
        )
        and (
            places.province_key is null
            or coalesce(places.province_key in (named.province_name, named.province_stem), false)
        ) as lies_where_said,
        -- Names of districts repeat, as do those of zones without their city.
        (named.region_kind = '区' or (named.region_kind = '开发区' and named.form = 'short'))
        and not named.has_superior
        and places.city_key is null
        and not (named.city_name is null and places.province_key is not null) as is_without_city
    from places
    inner join named
        on places.asked_key = named.printed_name

),

dated as (

    -- What ended within the year had been there in it; a name of before or after is the region's own, if nothing was
    -- merged or parted in between.
    select
        matched.*,
        versions.region_version_id as version_of_year,
        versions.region_code as code_of_year,
        versions.region_name as name_of_year,
        versions.region_level as level_of_year,
        versions.region_kind as kind_of_year,
        case
            when matched.fiscal_year is null and matched.is_only_version then 'only_version'
            when
                versions.region_code is not null
                and matched.valid_from_year <= matched.fiscal_year
                and (matched.valid_to_year is null or matched.valid_to_year >= matched.fiscal_year)
                then 'as_of_year'
            when versions.region_code is not null and matched.valid_to_year < matched.fiscal_year then 'earlier_name'
            when versions.region_code is not null then 'later_name'
            when matched.valid_to_year = matched.fiscal_year - 1 then 'ended_in_year'
        end as validity
    from matched
    left join versions
        on
            matched.region_id = versions.region_id
            and matched.fiscal_year >= versions.valid_from_year
            and (versions.valid_to_year is null or matched.fiscal_year <= versions.valid_to_year)

),

preferred as (

    select
        *,
        case
            when not lies_where_said then 9
            when validity is null then 8
            when not is_of_level and form = 'stem' then 5
            when not is_of_level then 4
            when form = 'stem' then 3
            when form = 'official' and validity in ('as_of_year', 'only_version') then 1
            else 2
        end as preference
    from dated

),

best_of_region as (

    select
        *,
        row_number() over (
            partition by place_id, region_id
            order by preference asc, form asc, validity asc, region_version_id asc
        ) as choice,
        min(preference) over (partition by place_id) as best_preference
    from preferred

),

candidates as (

    select
        *,
        count(*) over (partition by place_id) as n_candidates
    from best_of_region
    where choice = 1 and preference = best_preference

),

listed as (

    select
        place_id,
        {{ joined_distinct("region_code || ' ' || full_name") }} as region_candidates
    from candidates
    group by place_id

),

judged as (

    select
        *,
        case
            when preference = 9 then 'unknown'
            when preference = 8 and fiscal_year is null then 'no_year'
            when preference = 8 then 'not_valid_in_year'
            when n_candidates > 1 then 'ambiguous'
            when is_without_city then 'district_without_city'
        end as reason
    from candidates

),

answers as (

    select
        place_id,
        max(reason) as reason,
        max(case when reason is null then region_id end) as region_id,
        max(case when reason is null then coalesce(version_of_year, region_version_id) end) as region_version_id,
        max(case when reason is null then coalesce(code_of_year, region_code) end) as region_code,
        max(case when reason is null then coalesce(name_of_year, region_name) end) as region_name,
        max(case when reason is null then coalesce(level_of_year, region_level) end) as region_level,
        max(case when reason is null then coalesce(kind_of_year, region_kind) end) as region_kind,
        max(case
            when reason is not null then null
            when form = 'stem' then 'stem'
            when form = 'short' and validity = 'as_of_year' then 'short_name'
            else validity
        end) as region_match_method
    from judged
    group by place_id

),

final as (

    select
        keyed.record_id,
        keyed.report_id,
        answers.region_id,
        answers.region_version_id,
        answers.region_code,
        answers.region_name,
        answers.region_level,
        answers.region_kind,
        answers.region_match_method,
        case
            when keyed.asked_key is null then 'not_stated'
            when answers.place_id is null then 'unknown'
            else answers.reason
        end as region_reason,
        case when answers.reason is not null then listed.region_candidates end as region_candidates
    from keyed
    left join answers
        on keyed.place_id = answers.place_id
    left join listed
        on keyed.place_id = listed.place_id

)

select * from final
