-- Grain: region × kind of document × fiscal year × year of boundaries: a county under one code, or why there is none.
with

county_years as (

    select * from {{ ref('rpt_county_year') }}

),

harmonised as (

    select * from {{ ref('dim_region_harmonised') }}

),

final as (

    -- Only one-to-one changes are followed, so no two regions meet under one code and nothing has to be added up.
    select
        {{ text_key(['county_years.county_year_id', 'harmonised.harmonised_to_year']) }} as harmonised_county_year_id,
        harmonised.harmonised_to_year,
        harmonised.harmonised_code,
        harmonised.harmonised_name,
        harmonised.harmonised_kind,
        harmonised.is_harmonisable,
        harmonised.harmonised_reason,
        harmonised.harmonised_candidates,
        county_years.region_id,
        county_years.region_code,
        county_years.region_name,
        county_years.region_kind,
        county_years.kind,
        county_years.fiscal_year,
        county_years.n_projects,
        county_years.n_programme_families,
        county_years.n_with_outlay,
        county_years.executed_yuan,
        county_years.executed_constant_yuan,
        county_years.price_base_year,
        county_years.n_with_budget,
        county_years.budget_yuan,
        county_years.budget_stage,
        county_years.n_with_execution_rate,
        county_years.execution_rate,
        county_years.execution_rate_denominator,
        county_years.execution_rate_reason,
        county_years.n_with_attainment,
        county_years.indicator_attainment_rate,
        county_years.attainment_rate_reason,
        county_years.n_with_gap,
        county_years.attainment_execution_gap,
        county_years.gap_reason,
        county_years.gap_denominator,
        county_years.n_with_ambition,
        county_years.median_target_ambition,
        county_years.median_target_ambition_reason,
        county_years.n_reasons_due,
        county_years.n_reasons_given,
        county_years.reason_rate,
        county_years.n_evaluable_checks,
        county_years.n_flagged_checks,
        county_years.flag_load,
        county_years.n_comparable_projects,
        county_years.n_refused_projects,
        county_years.comparable_constant_yuan,
        county_years.compared_constant_yuan,
        county_years.growth_rate,
        county_years.growth_reason
    from county_years
    inner join harmonised
        on county_years.region_id = harmonised.region_id

)

select * from final
order by harmonised_county_year_id asc
