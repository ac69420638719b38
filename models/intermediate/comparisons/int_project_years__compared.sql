-- Grain: one project-year of a known year, with the earlier project-year it is laid beside and how that one was chosen.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

programmes as (

    select * from {{ ref('int_programmes__matched') }}

),

execution as (

    select * from {{ ref('int_execution__rated') }}

),

described as (

    select
        project_years.project_year_id,
        project_years.project_id,
        project_years.unit_id,
        project_years.kind,
        project_years.project_code_key,
        project_years.county_key,
        project_years.fiscal_year,
        programmes.programme_family,
        programmes.programme_sub_type,
        -- Within one year the row with an amount speaks for the group; the id only makes the choice repeatable.
        case when execution.executed_yuan is null then '1' else '0' end || project_years.project_year_id as rank_key
    from project_years
    inner join programmes
        on project_years.project_year_id = programmes.project_year_id
    inner join execution
        on project_years.project_year_id = execution.project_year_id
    where project_years.fiscal_year is not null

),

grouped as (

    -- The closest first: the same project in a document of the same kind, with the same code where both print one.
    -- A year belongs to every group of which it knows all parts.
    {%- set groups = [
        ('same_project', ['project_id', 'kind', 'project_code_key']),
        ('same_project', ['project_id', 'kind']),
        ('same_project', ['project_id']),
        ('same_unit_and_sub_type', ['unit_id', 'programme_family', 'programme_sub_type']),
        ('same_county_and_sub_type', ['county_key', 'programme_family', 'programme_sub_type']),
        ('same_family', ['programme_family']),
    ] %}
    {%- for basis, parts in groups %}
    select
        project_year_id,
        fiscal_year,
        rank_key,
        {{ loop.index }} as closeness,
        '{{ basis }}' as comparison_basis,
        {{ text_key(parts) }} as group_key
    from described
    where {{ parts | join(' is not null and ') }} is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

representatives as (

    select
        closeness,
        group_key,
        fiscal_year,
        min(rank_key) as rank_key
    from grouped
    group by closeness, group_key, fiscal_year

),

preceding as (

    select
        closeness,
        group_key,
        fiscal_year,
        lag(substring(rank_key, 2)) over (
            partition by closeness, group_key order by fiscal_year
        ) as compared_project_year_id
    from representatives

),

ranked as (

    select
        grouped.project_year_id,
        grouped.comparison_basis,
        preceding.compared_project_year_id,
        row_number() over (partition by grouped.project_year_id order by grouped.closeness asc) as preference
    from grouped
    inner join preceding
        on
            grouped.closeness = preceding.closeness
            and grouped.group_key = preceding.group_key
            and grouped.fiscal_year = preceding.fiscal_year
    where preceding.compared_project_year_id is not null

),

final as (

    select
        project_year_id,
        compared_project_year_id,
        comparison_basis
    from ranked
    where preference = 1

)

select * from final
