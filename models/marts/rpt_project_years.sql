-- Grain: one project-year, beside the earlier year it can be laid against, and why a growth rate is refused.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

programmes as (

    select * from {{ ref('int_programmes__matched') }}

),

execution as (

    select * from {{ ref('fct_execution') }}

),

evaluations as (

    select * from {{ ref('fct_self_evaluation') }}

),

comparisons as (

    select * from {{ ref('int_project_years__compared') }}

),

fiscal_years as (

    select * from {{ ref('dim_fiscal_year') }}

),

refusal_texts as (

    select * from {{ ref('comparison_refusals') }}

),

parties as (

    select * from {{ ref('fct_party') }}

),

citations as (

    select * from {{ ref('fct_citation') }}

),

events as (

    select * from {{ ref('fct_event') }}

),

warnings as (

    select * from {{ ref('fct_warning') }}

),

payees as (

    select
        project_year_id,
        {{ joined_distinct('party_name') }} as payee_names
    from parties
    where party_role = 'payee'
    group by project_year_id

),

document_numbers as (

    select
        project_year_id,
        {{ joined_distinct('document_number') }} as document_numbers
    from citations
    group by project_year_id

),

revisions as (

    select
        project_year_id,
        max(happened_on) as revised_on
    from events
    where event_kind = 'revised'
    group by project_year_id

),

warning_counts as (

    select
        project_year_id,
        cast(count(*) as integer) as n_warnings
    from warnings
    group by project_year_id

),

described as (

    select
        project_years.*,
        programmes.programme_id,
        programmes.programme_family,
        programmes.programme_sub_type,
        programmes.programme_reason,
        programmes.match_method,
        programmes.match_score,
        execution.execution_rate_denominator as budget_stage,
        execution.budget_yuan,
        execution.received_yuan,
        execution.executed_yuan,
        execution.execution_rate,
        execution.execution_rate_on_received,
        execution.stated_execution_rate,
        fiscal_years.price_level,
        fiscal_years.price_base_year
    from project_years
    inner join programmes
        on project_years.project_year_id = programmes.project_year_id
    inner join execution
        on project_years.project_year_id = execution.project_year_id
    left join fiscal_years
        on project_years.fiscal_year = fiscal_years.fiscal_year

),

paired as (

    select
        later.project_year_id,
        comparisons.compared_project_year_id,
        comparisons.comparison_basis,
        earlier.fiscal_year as compared_fiscal_year,
        earlier.executed_yuan as compared_executed_yuan,
        {{ safe_rate('later.executed_yuan', 'earlier.executed_yuan') }} as executed_ratio,
        -- Both amounts in prices of one year; the base year cancels out of the rate.
        {{ safe_rate(
            wide_product('earlier.price_level', 'later.executed_yuan')
            ~ ' - ' ~ wide_product('later.price_level', 'earlier.executed_yuan'),
            wide_product('later.price_level', 'earlier.executed_yuan')
        ) }} as real_growth,
        later.price_base_year,
        -- A region and a wording that is no region's do not say whether they are one place.
        later.county_key is null or earlier.county_key is null
        or (later.region_id is null) <> (earlier.region_id is null) as is_county_unknown,
        (later.region_id is null) = (earlier.region_id is null)
        and later.county_key <> earlier.county_key as is_other_county,
        -- One project is of one type, whatever it is called.
        comparisons.comparison_basis <> 'same_project'
        and (later.programme_sub_type is null or earlier.programme_sub_type is null) as is_sub_type_unknown,
        later.programme_sub_type <> earlier.programme_sub_type as is_other_sub_type,
        later.kind <> earlier.kind as is_other_kind,
        comparisons.comparison_basis <> 'same_project' as is_other_project,
        coalesce(later.budget_stage, '') <> coalesce(earlier.budget_stage, '') as is_other_denominator,
        later.fiscal_year - earlier.fiscal_year > 1 as has_year_gap,
        later.price_level is null or earlier.price_level is null as is_price_unknown,
        later.executed_yuan is null or coalesce(earlier.executed_yuan, 0) = 0 as is_amount_missing
    from comparisons
    inner join described as later
        on comparisons.project_year_id = later.project_year_id
    inner join described as earlier
        on comparisons.compared_project_year_id = earlier.project_year_id

),

refused as (

    {{ refusals_of('paired', 'project_year_id') }}

),

final as (

    select
        described.project_year_id,
        described.project_id,
        described.unit_id,
        described.programme_id,
        described.document_id,
        described.fiscal_year,
        described.kind,
        described.identity_basis,
        described.n_versions,
        described.region_province,
        described.region_city,
        described.region_county,
        described.region_as_written_text,
        described.region_hint_text,
        described.region_id,
        described.region_code,
        described.region_name,
        described.region_level,
        described.region_kind,
        described.region_match_method,
        described.region_reason,
        described.region_candidates,
        described.unit as unit_name,
        described.department as department_name,
        described.project_name,
        described.project_code,
        described.programme_family,
        described.programme_sub_type,
        described.programme_reason,
        described.match_method,
        described.match_score,
        described.budget_yuan,
        described.budget_stage,
        described.received_yuan,
        described.executed_yuan,
        described.execution_rate,
        described.execution_rate_on_received,
        described.stated_execution_rate,
        evaluations.stated_total_points,
        evaluations.recomputed_total_points,
        evaluations.stated_grade_text,
        evaluations.stated_grade,
        evaluations.derived_grade,
        coalesce(evaluations.n_indicators, 0) as n_indicators,
        evaluations.indicator_attainment_rate,
        coalesce(warning_counts.n_warnings, 0) as n_warnings,
        payees.payee_names,
        document_numbers.document_numbers,
        described.evaluated_on,
        revisions.revised_on,
        described.published_on,
        described.file_name,
        described.source_url,
        paired.compared_project_year_id,
        paired.comparison_basis,
        paired.compared_fiscal_year,
        paired.compared_executed_yuan,
        paired.executed_ratio,
        case when refused.refusal_codes is null then paired.real_growth end as growth_rate,
        paired.price_base_year,
        case when paired.compared_project_year_id is not null then refused.refusal_codes is null end as is_comparable,
        refused.refusal_codes,
        refused.refusal_reasons
    from described
    inner join evaluations
        on described.project_year_id = evaluations.project_year_id
    left join payees
        on described.project_year_id = payees.project_year_id
    left join document_numbers
        on described.project_year_id = document_numbers.project_year_id
    left join revisions
        on described.project_year_id = revisions.project_year_id
    left join warning_counts
        on described.project_year_id = warning_counts.project_year_id
    left join paired
        on described.project_year_id = paired.project_year_id
    left join refused
        on described.project_year_id = refused.project_year_id

)

select * from final
order by project_year_id asc
