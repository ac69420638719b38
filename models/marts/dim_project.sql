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
        programmes.is_doubtful_match,
        programmes.match_reviewer,
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

names as (

    -- The letter of one year's code holds for the project, also where its latest year prints no code.
    select
        project_id,
        {{ joined_distinct('project_name') }} as project_names,
        max(project_class) as project_class
    from project_years
    group by project_id

),

final as (

    select
        ranked.project_id,
        ranked.unit_id,
        ranked.project_name,
        ranked.project_name_key as normalised_project_name,
        ranked.project_code,
        ranked.project_code_trust,
        names.project_class,
        ranked.identity_basis,
        ranked.programme_id,
        ranked.programme_family,
        ranked.programme_sub_type,
        ranked.matched_alias,
        ranked.match_method,
        ranked.match_score,
        ranked.is_doubtful_match,
        ranked.match_reviewer,
        names.project_names,
        ranked.first_fiscal_year,
        ranked.last_fiscal_year,
        cast(ranked.n_project_years as integer) as n_project_years
    from ranked
    inner join names
        on ranked.project_id = names.project_id
    where ranked.recency = 1

)

select * from final
order by project_id asc
