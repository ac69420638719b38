-- Grain: one project × last year before a gap: it reported in that year and not in the next, although its unit or at
-- least its county did. What has an innocent reason is marked, not left out.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}
    where {{ is_self_evaluation('kind') }} and fiscal_year is not null

),

programmes as (

    select * from {{ ref('int_programmes__matched') }}

),

executions as (

    select * from {{ ref('fct_execution') }}

),

one_off_projects as (

    {{ reference_with_own('one_off_projects') }}

),

projects_by_year as (

    -- A project that nobody but its own document names cannot be followed.
    select
        project_years.project_id,
        project_years.fiscal_year,
        project_years.unit_id,
        project_years.county_key,
        project_years.region_id,
        project_years.region_name,
        project_years.unit as unit_name,
        project_years.project_name,
        project_years.project_year_id,
        programmes.programme_family,
        executions.executed_yuan,
        {{ is_personnel_code('project_years.project_code') }} as is_personnel,
        row_number() over (
            partition by project_years.project_id, project_years.fiscal_year
            order by project_years.project_year_id asc
        ) as report_number
    from project_years
    left join programmes
        on project_years.project_year_id = programmes.project_year_id
    left join executions
        on project_years.project_year_id = executions.project_year_id
    where project_years.identity_basis in ('unit', 'region')

),

projects as (

    select * from projects_by_year
    where report_number = 1

),

units_by_year as (

    select
        unit_id,
        fiscal_year,
        cast(count(*) as integer) as n_projects
    from projects
    where unit_id is not null
    group by unit_id, fiscal_year

),

counties_by_year as (

    select
        county_key,
        fiscal_year,
        cast(count(*) as integer) as n_projects,
        cast(count(distinct unit_id) as integer) as n_units
    from projects
    where county_key is not null
    group by county_key, fiscal_year

),

gone as (

    select
        projects.*,
        coalesce(units_by_year.n_projects, 0) as n_unit_projects_next_year,
        coalesce(counties_by_year.n_projects, 0) as n_county_projects_next_year,
        coalesce(counties_by_year.n_units, 0) as n_county_units_next_year
    from projects
    left join projects as following
        on
            projects.project_id = following.project_id
            and projects.fiscal_year + 1 = following.fiscal_year
    left join units_by_year
        on
            projects.unit_id = units_by_year.unit_id
            and projects.fiscal_year + 1 = units_by_year.fiscal_year
    left join counties_by_year
        on
            projects.county_key = counties_by_year.county_key
            and projects.fiscal_year + 1 = counties_by_year.fiscal_year
    where
        following.project_id is null
        and (units_by_year.n_projects is not null or counties_by_year.n_projects is not null)

),

returned as (

    select
        gone.project_year_id,
        min(later.fiscal_year) as returned_fiscal_year
    from gone
    inner join projects as later
        on
            gone.project_id = later.project_id
            and gone.fiscal_year + 1 < later.fiscal_year
    group by gone.project_year_id

),

candidates as (

    -- A project of the same family that the unit has for the first time the year after: perhaps the old one renamed.
    select
        gone.project_year_id,
        newer.project_id as successor_project_id,
        newer.project_name as successor_project_name,
        row_number() over (partition by gone.project_year_id order by newer.project_id asc) as successor_number
    from gone
    inner join projects as newer
        on
            gone.unit_id = newer.unit_id
            and gone.programme_family = newer.programme_family
            and gone.fiscal_year + 1 = newer.fiscal_year
    left join projects as older
        on
            newer.project_id = older.project_id
            and gone.fiscal_year >= older.fiscal_year
    where older.project_id is null

),

successors as (

    select * from candidates
    where successor_number = 1

),

one_offs as (

    select distinct gone.project_year_id
    from gone
    inner join one_off_projects
        on instr(gone.project_name, one_off_projects.wording) > 0

),

final as (

    select
        {{ text_key(['gone.project_id', 'gone.fiscal_year']) }} as vanished_project_id,
        gone.project_id,
        gone.project_year_id,
        gone.unit_id,
        gone.region_id,
        gone.region_name,
        gone.unit_name,
        gone.project_name,
        gone.programme_family,
        gone.fiscal_year,
        gone.fiscal_year + 1 as missing_fiscal_year,
        case when gone.n_unit_projects_next_year > 0 then 'unit' else 'county' end as expectation_basis,
        gone.n_unit_projects_next_year,
        gone.n_county_projects_next_year,
        gone.n_county_units_next_year,
        gone.executed_yuan,
        returned.returned_fiscal_year,
        successors.successor_project_id,
        successors.successor_project_name,
        case
            when gone.is_personnel then 'personnel'
            when one_offs.project_year_id is not null then 'one_off'
            when returned.project_year_id is not null then 'returned_later'
            when successors.project_year_id is not null then 'possibly_renamed'
            when gone.n_unit_projects_next_year = 0 then 'unit_silent'
            else 'vanished'
        end as vanished_status
    from gone
    left join returned
        on gone.project_year_id = returned.project_year_id
    left join successors
        on gone.project_year_id = successors.project_year_id
    left join one_offs
        on gone.project_year_id = one_offs.project_year_id

)

select * from final
order by vanished_project_id asc
