-- Grain: one project-year with a text of its own, and the shingles that are its writer's: what many write in
-- one year is a template and left out.
{{ config(materialized='table') }}
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

programmes as (

    select * from {{ ref('int_programmes__matched') }}

),

measures as (

    select * from {{ ref('stg_reports__text_measures') }}

),

measured as (

    -- The lists themselves are large and read once, below: what is read twice is kept in memory meanwhile.
    select
        record_id,
        report_id
    from {{ ref('stg_reports__text_measures') }}
    where shingles is not null

),

template_limit as (

    select min(further_threshold) as n_texts
    from {{ red_flag_rules() }}
    where rule_id in ('E1', 'E2')

),

texts as (

    select
        project_years.project_year_id,
        project_years.record_id,
        project_years.report_id,
        project_years.project_id,
        project_years.kind,
        project_years.fiscal_year,
        -- The same county under another code is the same place.
        coalesce(project_years.county_key, project_years.region_id, project_years.region_key) as place_key,
        programmes.programme_family,
        -- Millions of rows are joined below: numbers are cheaper than keys.
        cast(row_number() over (order by project_years.project_year_id) as integer) as text_number
    from project_years
    inner join measured
        on
            project_years.record_id = measured.record_id
            and project_years.report_id = measured.report_id
    left join programmes
        on project_years.project_year_id = programmes.project_year_id
    where not {{ is_personnel_code('project_years.project_code') }}

),

listed as (

    select
        texts.text_number,
        texts.fiscal_year,
        measures.shingles
    from texts
    inner join measures
        on
            texts.record_id = measures.record_id
            and texts.report_id = measures.report_id

),

shingles as (

    select
        text_number,
        fiscal_year,
        {{ exploded('shingles') }} as shingle
    from listed

),

templates as (

    -- Counted in each year: a project that copies its own text from year to year makes no template of it.
    select distinct counted.shingle
    from (
        select
            fiscal_year,
            shingle,
            count(*) as n_texts
        from shingles
        group by fiscal_year, shingle
    ) as counted
    inner join template_limit
        on counted.n_texts >= template_limit.n_texts

),

own as (

    select
        shingles.text_number,
        {{ collected('shingles.shingle') }} as own_shingles,
        cast(count(*) as integer) as n_own_shingles
    from shingles
    left join templates
        on shingles.shingle = templates.shingle
    where templates.shingle is null
    group by shingles.text_number

),

final as (

    select
        texts.text_number,
        texts.project_year_id,
        texts.project_id,
        texts.kind,
        texts.fiscal_year,
        texts.place_key,
        texts.programme_family,
        coalesce(own.n_own_shingles, 0) as n_own_shingles,
        own.own_shingles
    from texts
    left join own
        on texts.text_number = own.text_number

)

select * from final
