-- Grain: programme family × sub-type × kind of document × region × fiscal year; what is not known is a group.
{{ config(materialized='table') }}
with

project_years as (

    select * from {{ ref('int_project_years__measured') }}

),

unit_costs as (

    select * from {{ ref('fct_unit_cost') }}

),

keyed as (

    select
        *,
        {{ text_key(['programme_family', 'programme_sub_type', 'kind', 'region_id', 'fiscal_year']) }}
            as programme_county_year_id
    from project_years

),

pooled as (

    select
        programme_county_year_id,
        programme_id,
        programme_family,
        programme_sub_type,
        kind,
        region_id,
        fiscal_year,
        min(programme_reason) as programme_reason,
        min(region_code) as region_code,
        min(region_name) as region_name,
        min(region_level) as region_level,
        min(region_kind) as region_kind,
        min(province_name) as province_name,
        min(price_level) as price_level,
        min(price_base_year) as price_base_year,
        {{ joined_distinct('project_id', ',') }} as project_ids,
        {{ pooled_columns() }}
    from keyed
    group by
        programme_county_year_id, programme_id, programme_family, programme_sub_type, kind, region_id, fiscal_year

),

known_costs as (

    select
        keyed.programme_county_year_id,
        keyed.programme_family,
        keyed.programme_sub_type,
        keyed.kind,
        keyed.region_id,
        unit_costs.quantity_name,
        unit_costs.quantity_unit,
        unit_costs.quantity,
        unit_costs.executed_yuan
    from unit_costs
    inner join keyed
        on unit_costs.project_year_id = keyed.project_year_id
    where
        unit_costs.unit_cost_yuan is not null
        and keyed.programme_sub_type is not null
        and keyed.region_id is not null

),

quantities as (

    -- What most counties count is what their costs can be laid side by side by; the name only makes ties repeatable.
    select
        programme_family,
        programme_sub_type,
        kind,
        quantity_name,
        quantity_unit,
        row_number() over (
            partition by programme_family, programme_sub_type, kind
            order by count(distinct region_id) desc, count(*) desc, quantity_name asc, quantity_unit asc
        ) as preference
    from known_costs
    group by programme_family, programme_sub_type, kind, quantity_name, quantity_unit

),

costed as (

    select
        known_costs.programme_county_year_id,
        min(known_costs.quantity_name) as unit_cost_quantity,
        min(known_costs.quantity_unit) as unit_cost_unit,
        {{ yuan_quotient('sum(known_costs.executed_yuan)', 'sum(known_costs.quantity)') }} as unit_cost_yuan
    from known_costs
    inner join quantities
        on
            known_costs.programme_family = quantities.programme_family
            and known_costs.programme_sub_type = quantities.programme_sub_type
            and known_costs.kind = quantities.kind
            and known_costs.quantity_name = quantities.quantity_name
            and known_costs.quantity_unit = quantities.quantity_unit
            and quantities.preference = 1
    group by known_costs.programme_county_year_id

),

final as (

    select
        pooled.*,
        costed.unit_cost_quantity,
        costed.unit_cost_unit,
        costed.unit_cost_yuan,
        case
            when costed.unit_cost_yuan is not null then null
            when pooled.programme_family is null then 'programme_unknown'
            when pooled.programme_sub_type is null then 'sub_type_unknown'
            when pooled.region_id is null then 'region_unknown'
            else 'no_common_quantity'
        end as unit_cost_reason,
        case
            when pooled.region_id is null then 'region_unknown'
            when pooled.fiscal_year is null then 'year_unknown'
            else pooled.programme_reason
        end as peer_refusal_code
    from pooled
    left join costed
        on pooled.programme_county_year_id = costed.programme_county_year_id

)

select * from final
