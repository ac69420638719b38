-- Grain: one pair of reports whose texts are laid side by side: a project and its own report of the year before, or two
-- regions in one programme family and year. Of pairs of regions only those are kept that share anything.
{{ config(materialized='table') }}
with

texts as (

    select * from {{ ref('int_texts__own') }}

),

rules as (

    select * from {{ red_flag_rules() }}

),

least as (

    select
        max(case when rule_id = 'E1' then minimum_count end) as n_previous_year,
        max(case when rule_id = 'E2' then minimum_count end) as n_other_region
    from rules

),

years_apart as (

    select
        later.text_number,
        earlier.text_number as other_text_number
    from texts as later
    inner join texts as earlier
        on
            later.project_id = earlier.project_id
            and later.kind = earlier.kind
            and later.fiscal_year = earlier.fiscal_year + 1
    cross join least
    where later.n_own_shingles >= least.n_previous_year and earlier.n_own_shingles >= least.n_previous_year

),

shingles as (

    select
        text_number,
        {{ exploded('own_shingles') }} as shingle
    from texts

),

shared_over_years as (

    select
        years_apart.text_number,
        years_apart.other_text_number,
        cast(count(earlier.shingle) as integer) as n_shared
    from years_apart
    inner join shingles as later
        on years_apart.text_number = later.text_number
    left join shingles as earlier
        on
            years_apart.other_text_number = earlier.text_number
            and later.shingle = earlier.shingle
    group by years_apart.text_number, years_apart.other_text_number

),

placed_shingles as (

    select
        texts.text_number,
        texts.programme_family,
        texts.fiscal_year,
        texts.place_key,
        {{ exploded('texts.own_shingles') }} as shingle
    from texts
    cross join least
    where
        texts.programme_family is not null
        and texts.fiscal_year is not null
        and texts.place_key is not null
        and texts.n_own_shingles >= least.n_other_region

),

shared_over_regions as (

    -- What many write in one year was taken out before, so a shingle meets few others here.
    select
        one.text_number,
        other.text_number as other_text_number,
        cast(count(*) as integer) as n_shared
    from placed_shingles as one
    inner join placed_shingles as other
        on
            one.shingle = other.shingle
            and one.fiscal_year = other.fiscal_year
            and one.programme_family = other.programme_family
            and one.text_number < other.text_number
    where one.place_key <> other.place_key
    group by one.text_number, other.text_number

),

paired as (

    select
        'previous_year' as scope,
        text_number,
        other_text_number,
        n_shared
    from shared_over_years

    union all

    select
        'other_region' as scope,
        text_number,
        other_text_number,
        n_shared
    from shared_over_regions

),

final as (

    select
        paired.scope,
        one.project_year_id,
        other.project_year_id as other_project_year_id,
        paired.n_shared as n_shared_shingles,
        one.n_own_shingles + other.n_own_shingles - paired.n_shared as n_either_shingles,
        {{ safe_rate('paired.n_shared', '(one.n_own_shingles + other.n_own_shingles - paired.n_shared)') }}
            as text_similarity
    from paired
    inner join texts as one
        on paired.text_number = one.text_number
    inner join texts as other
        on paired.other_text_number = other.text_number

)

select * from final
