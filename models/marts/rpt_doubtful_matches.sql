-- Grain: one project-year whose programme family a person should look at.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

programmes as (

    select * from {{ ref('int_programmes__matched') }}

),

candidates as (

    select * from {{ ref('int_programmes__scored') }}

),

listed as (

    select
        project_year_id,
        cast(count(*) as integer) as n_candidate_families,
        {{ joined_in_order(
            "programme_family || ' ' || matched_alias || ' ' || " ~ as_text('cast(match_score as decimal(4, 2))'),
            'preference'
        ) }} as candidates_text
    from candidates
    group by project_year_id

),

final as (

    select
        programmes.project_year_id,
        project_years.project_id,
        project_years.document_id,
        project_years.fiscal_year,
        project_years.region_county,
        project_years.unit as unit_name,
        project_years.department as department_name,
        project_years.project_name,
        programmes.programme_family,
        candidates.programme_family as candidate_family,
        candidates.matched_alias,
        candidates.match_score,
        case
            when candidates.excluding_wording is not null then 'excluded_wording'
            when candidates.is_other_line then 'other_line'
            when candidates.is_weak_wording then 'weak_wording'
            else 'rival_family'
        end as doubt_reason,
        candidates.excluding_wording,
        listed.n_candidate_families,
        listed.candidates_text
    from programmes
    inner join project_years
        on programmes.project_year_id = project_years.project_year_id
    inner join candidates
        on
            programmes.project_year_id = candidates.project_year_id
            and candidates.preference = 1
    inner join listed
        on programmes.project_year_id = listed.project_year_id
    where programmes.is_doubtful_match

)

select * from final
order by project_year_id asc
