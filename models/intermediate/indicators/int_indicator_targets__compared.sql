-- Grain: one indicator of a project-year, beside the actual of the same indicator of the same project a year earlier.
with

scored as (

    select * from {{ ref('int_indicators__scored') }}

),

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

described as (

    select
        scored.project_year_id,
        scored.indicator_id,
        scored.normalised_indicator_name,
        scored.base_unit,
        -- A range has no one target.
        case when coalesce(scored.attainment_reason, '') <> 'range_target' then scored.target_amount end
            as target_amount,
        scored.actual_amount,
        project_years.project_id,
        project_years.kind,
        project_years.fiscal_year
    from scored
    inner join project_years
        on scored.project_year_id = project_years.project_year_id

),

reported as (

    -- Which years and kinds of a project have a report at all.
    select distinct
        project_id,
        kind,
        fiscal_year
    from project_years
    where fiscal_year is not null

),

reported_years as (

    select distinct
        project_id,
        fiscal_year
    from reported

),

named as (

    -- A name that stands twice in one year says nothing about which of the two is meant.
    select
        project_id,
        kind,
        fiscal_year,
        normalised_indicator_name,
        count(*) as n_indicators,
        max(base_unit) as base_unit,
        max(actual_amount) as actual_amount
    from described
    where fiscal_year is not null and normalised_indicator_name is not null
    group by project_id, kind, fiscal_year, normalised_indicator_name

),

reasoned as (

    select
        described.project_year_id,
        described.indicator_id,
        described.target_amount,
        earlier.actual_amount,
        case
            when described.fiscal_year is null then 'no_year'
            when described.target_amount is null then 'no_target_number'
            when reported_years.project_id is null then 'no_previous_report'
            when reported.project_id is null then 'different_kind'
            when earlier.project_id is null then 'no_same_indicator'
            when earlier.n_indicators > 1 or present.n_indicators > 1 then 'ambiguous'
            when earlier.actual_amount is null then 'previous_not_numeric'
            when coalesce(earlier.base_unit, '') <> coalesce(described.base_unit, '') then 'different_unit'
            when earlier.actual_amount = 0 then 'zero_previous'
        end as target_ambition_reason
    from described
    left join reported_years
        on
            described.project_id = reported_years.project_id
            and described.fiscal_year = reported_years.fiscal_year + 1
    left join reported
        on
            described.project_id = reported.project_id
            and described.kind = reported.kind
            and described.fiscal_year = reported.fiscal_year + 1
    left join named as earlier
        on
            described.project_id = earlier.project_id
            and described.kind = earlier.kind
            and described.fiscal_year = earlier.fiscal_year + 1
            and described.normalised_indicator_name = earlier.normalised_indicator_name
    left join named as present
        on
            described.project_id = present.project_id
            and described.kind = present.kind
            and described.fiscal_year = present.fiscal_year
            and described.normalised_indicator_name = present.normalised_indicator_name

),

final as (

    select
        project_year_id,
        indicator_id,
        case
            when coalesce(target_ambition_reason, 'zero_previous') = 'zero_previous' then actual_amount
        end as previous_actual_amount,
        case
            when target_ambition_reason is null then {{ safe_rate('target_amount', 'actual_amount') }}
        end as target_ambition,
        target_ambition_reason
    from reasoned

)

select * from final
