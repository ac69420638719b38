-- Grain: one programme of a county in a year that has an earlier one, and why the two give no growth.
with

pooled as (

    select * from {{ ref('int_programme_counties__pooled') }}

),

refusal_texts as (

    select * from {{ ref('comparison_refusals') }}

),

placed as (

    select * from pooled
    where region_id is not null and programme_family is not null and fiscal_year is not null

),

candidates as (

    -- The same sub-type in documents of the same kind first; what differs is shown and refused.
    select
        later.programme_county_year_id,
        earlier.programme_county_year_id as compared_id,
        row_number() over (
            partition by later.programme_county_year_id
            order by
                coalesce(later.programme_sub_type, '') = coalesce(earlier.programme_sub_type, '') desc,
                later.kind = earlier.kind desc,
                earlier.fiscal_year desc,
                earlier.programme_sub_type asc nulls last,
                earlier.kind asc
        ) as preference
    from placed as later
    inner join placed as earlier
        on
            later.region_id = earlier.region_id
            and later.programme_family = earlier.programme_family
            and later.fiscal_year > earlier.fiscal_year

),

paired as (

    select
        later.programme_county_year_id,
        earlier.fiscal_year as compared_fiscal_year,
        earlier.programme_sub_type as compared_sub_type,
        earlier.kind as compared_kind,
        earlier.n_projects as compared_n_projects,
        earlier.executed_yuan as compared_executed_yuan,
        earlier.execution_rate as compared_execution_rate,
        earlier.indicator_attainment_rate as compared_attainment_rate,
        earlier.unit_cost_yuan as compared_unit_cost_yuan,
        -- The base year cancels out of a rate between two amounts in prices of one year.
        {{ safe_rate(
            wide_product('earlier.price_level', 'later.executed_yuan')
            ~ ' - ' ~ wide_product('later.price_level', 'earlier.executed_yuan'),
            wide_product('later.price_level', 'earlier.executed_yuan')
        ) }} as real_growth,
        {{ safe_rate(
            wide_product('earlier.price_level', 'later.unit_cost_yuan')
            ~ ' - ' ~ wide_product('later.price_level', 'earlier.unit_cost_yuan'),
            wide_product('later.price_level', 'earlier.unit_cost_yuan')
        ) }} as real_unit_cost_growth,
        {{ rate_difference('later.execution_rate', 'earlier.execution_rate') }} as rate_change,
        false as is_county_unknown,
        false as is_other_county,
        (later.programme_sub_type is null or earlier.programme_sub_type is null)
        and later.project_ids <> earlier.project_ids as is_sub_type_unknown,
        coalesce(later.programme_sub_type <> earlier.programme_sub_type, false) as is_other_sub_type,
        later.kind <> earlier.kind as is_other_kind,
        -- A report that is missing must not look like a saving.
        later.project_ids <> earlier.project_ids as is_other_project,
        coalesce(later.execution_rate_denominator, '') <> coalesce(earlier.execution_rate_denominator, '')
            as is_other_denominator,
        later.fiscal_year - earlier.fiscal_year > 1 as has_year_gap,
        later.price_level is null or earlier.price_level is null as is_price_unknown,
        later.n_with_outlay < later.n_projects
        or earlier.n_with_outlay < earlier.n_projects
        or later.executed_yuan is null
        or coalesce(earlier.executed_yuan, 0) = 0 as is_amount_missing
    from candidates
    inner join placed as later
        on candidates.programme_county_year_id = later.programme_county_year_id
    inner join placed as earlier
        on candidates.compared_id = earlier.programme_county_year_id
    where candidates.preference = 1

),

refused as (

    {{ refusals_of('paired', 'programme_county_year_id') }}

),

final as (

    select
        paired.programme_county_year_id,
        paired.compared_fiscal_year,
        paired.compared_sub_type,
        paired.compared_kind,
        paired.compared_n_projects,
        paired.compared_executed_yuan,
        paired.compared_execution_rate,
        paired.compared_attainment_rate,
        paired.compared_unit_cost_yuan,
        case when refused.refusal_codes is null then paired.real_growth end as growth_rate,
        case when refused.refusal_codes is null then paired.rate_change end as execution_rate_change,
        case when refused.refusal_codes is null then paired.real_unit_cost_growth end as unit_cost_growth_rate,
        refused.refusal_codes is null as is_comparable,
        refused.refusal_codes,
        refused.refusal_reasons
    from paired
    left join refused
        on paired.programme_county_year_id = refused.programme_county_year_id

)

select * from final
