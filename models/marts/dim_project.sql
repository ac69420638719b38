-- Grain: one project of one unit over all its years.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

programmes as (

    select * from {{ ref('int_programmes__matched') }}

),

ranked as (

    -- The latest year describes the project.
    select
        project_years.*,
        programmes.programme_id,
        programmes.programme_family,
        programmes.programme_sub_type,
        programmes.matched_alias,
        programmes.match_method,
        programmes.match_score,
        row_number() over (
            partition by project_years.project_id
            order by project_years.fiscal_year desc nulls last, project_years.project_year_id asc
        ) as recency,
        min(project_years.fiscal_year) over (partition by project_years.project_id) as first_fiscal_year,
        max(project_years.fiscal_year) over (partition by project_years.project_id) as last_fiscal_year,
        count(*) over (partition by project_years.project_id) as n_project_years
    from project_years
    inner join programmes
        on project_years.project_year_id = programmes.project_year_id

),

final as (

    select
        project_id,
        unit_id,
        project_name,
        project_name_key as normalised_project_name,
        project_code,
        identity_basis,
        programme_id,
        programme_family,
        programme_sub_type,
        matched_alias,
        match_method,
        match_score,
        first_fiscal_year,
        last_fiscal_year,
        cast(n_project_years as integer) as n_project_years
    from ranked
    where recency = 1

)

select * from final
order by project_id asc
