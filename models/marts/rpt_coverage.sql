-- Grain: region × fiscal year in which self-evaluations were received or are due: how many of them are here.
with

project_years as (

    select * from {{ ref('int_project_years__measured') }}
    where
        region_id is not null
        and fiscal_year is not null
        and {{ is_self_evaluation('kind') }}

),

regions as (

    select * from {{ ref('dim_region') }}

),

expected_reports as (

    {{ reference_with_own('expected_reports') }}

),

received as (

    select distinct
        region_id,
        project_id,
        fiscal_year
    from project_years

),

extent as (

    select
        min(fiscal_year) as first_year,
        max(fiscal_year) as last_year
    from received

),

neighbours as (

    select
        region_id,
        project_id,
        fiscal_year + 1 as fiscal_year,
        1 as is_known_before,
        0 as is_known_after
    from received

    union all

    select
        region_id,
        project_id,
        fiscal_year - 1 as fiscal_year,
        0 as is_known_before,
        1 as is_known_after
    from received

),

known as (

    -- Before the first and after the last year that anything is known of, nothing is missing.
    select
        neighbours.region_id,
        neighbours.project_id,
        neighbours.fiscal_year,
        max(neighbours.is_known_before) as is_known_before,
        max(neighbours.is_known_after) as is_known_after
    from neighbours
    cross join extent
    where neighbours.fiscal_year between extent.first_year and extent.last_year
    group by neighbours.region_id, neighbours.project_id, neighbours.fiscal_year

),

laid_together as (

    select
        coalesce(received.region_id, known.region_id) as region_id,
        coalesce(received.fiscal_year, known.fiscal_year) as fiscal_year,
        received.project_id is not null as is_received,
        known.project_id is not null as is_known,
        coalesce(known.is_known_before + known.is_known_after = 2, false) as is_known_on_both_sides
    from received
    full outer join known
        on
            received.region_id = known.region_id
            and received.project_id = known.project_id
            and received.fiscal_year = known.fiscal_year

),

counted as (

    select
        region_id,
        fiscal_year,
        cast(sum(case when is_received then 1 else 0 end) as integer) as n_received,
        cast(sum(case when is_known then 1 else 0 end) as integer) as n_known,
        cast(sum(case when is_known and is_received then 1 else 0 end) as integer) as n_known_received,
        cast(sum(case when is_known_on_both_sides and not is_received then 1 else 0 end) as integer) as n_gaps
    from laid_together
    group by region_id, fiscal_year

),

coded as (

    -- A list may still name a region that ended within the year, unless another one bears its code by then.
    select
        expected_reports.fiscal_year,
        expected_reports.n_expected,
        expected_reports.source_name,
        regions.region_id,
        regions.region_version_id,
        row_number() over (
            partition by expected_reports.region_code, expected_reports.fiscal_year, expected_reports.source_name
            order by regions.valid_from_year desc, regions.region_version_id asc
        ) as preference
    from expected_reports
    inner join regions
        on
            expected_reports.region_code = regions.region_code
            and expected_reports.fiscal_year >= regions.valid_from_year
            and (regions.valid_to_year is null or expected_reports.fiscal_year <= regions.valid_to_year + 1)

),

listed as (

    select
        region_id,
        fiscal_year,
        min(region_version_id) as region_version_id,
        sum(n_expected) as n_listed,
        {{ joined_distinct('source_name') }} as source_name
    from coded
    where preference = 1
    group by region_id, fiscal_year

),

versions_of_year as (

    -- A report that was written for the year in which its county ended keeps the name the county had until then.
    select
        region_id,
        fiscal_year,
        min(region_version_id) as region_version_id
    from project_years
    group by region_id, fiscal_year

),

county_years as (

    select
        region_id,
        fiscal_year
    from counted

    union distinct

    select
        region_id,
        fiscal_year
    from listed

),

dated as (

    -- A county that was no more in a year owes no report of it, but those that came are counted.
    select
        county_years.region_id,
        county_years.fiscal_year,
        coalesce(valid.region_version_id, versions_of_year.region_version_id, listed.region_version_id)
            as region_version_id,
        valid.region_version_id is null as has_ended
    from county_years
    left join regions as valid
        on
            county_years.region_id = valid.region_id
            and county_years.fiscal_year >= valid.valid_from_year
            and (valid.valid_to_year is null or county_years.fiscal_year <= valid.valid_to_year)
    left join versions_of_year
        on
            county_years.region_id = versions_of_year.region_id
            and county_years.fiscal_year = versions_of_year.fiscal_year
    left join listed
        on
            county_years.region_id = listed.region_id
            and county_years.fiscal_year = listed.fiscal_year

),

named as (

    select
        dated.region_id,
        dated.fiscal_year,
        dated.has_ended,
        regions.region_code,
        regions.region_name,
        regions.region_level,
        regions.region_kind
    from dated
    inner join regions
        on dated.region_version_id = regions.region_version_id

),

based as (

    select
        named.region_id,
        named.region_code,
        named.region_name,
        named.region_level,
        named.region_kind,
        named.fiscal_year,
        named.has_ended,
        coalesce(counted.n_received, 0) as n_received,
        case
            when listed.n_listed is not null then 'list'
            when counted.n_known > 0 and not named.has_ended then 'neighbouring_years'
        end as expected_basis,
        cast(
            coalesce(listed.n_listed, case when not named.has_ended then nullif(counted.n_known, 0) end) as integer
        ) as n_expected,
        case
            when listed.n_listed is not null then coalesce(counted.n_received, 0)
            when counted.n_known > 0 and not named.has_ended then counted.n_known_received
        end as n_expected_received,
        case when named.has_ended then 0 else coalesce(counted.n_gaps, 0) end as n_gaps,
        listed.source_name as expected_source
    from named
    left join counted
        on
            named.region_id = counted.region_id
            and named.fiscal_year = counted.fiscal_year
    left join listed
        on
            named.region_id = listed.region_id
            and named.fiscal_year = listed.fiscal_year

),

final as (

    select
        {{ text_key(['region_id', 'fiscal_year']) }} as coverage_id,
        region_id,
        region_code,
        region_name,
        region_level,
        region_kind,
        fiscal_year,
        n_received,
        n_expected,
        n_expected_received,
        case when n_expected_received > n_expected then 0 else n_expected - n_expected_received end as n_missing,
        n_gaps,
        {{ safe_rate('n_expected_received', 'n_expected') }} as coverage_rate,
        expected_basis,
        expected_source,
        case
            when expected_basis is not null then null
            when has_ended then 'region_ended'
            else 'no_neighbouring_years'
        end as coverage_reason
    from based

)

select * from final
order by coverage_id asc
