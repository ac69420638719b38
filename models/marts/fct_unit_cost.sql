-- Grain: one quantity of a project-year: a row of its quantity indicators, or a count in its prose where it has none.
with

indicators as (

    select * from {{ ref('fct_indicator_attainment') }}

),

mentions as (

    select * from {{ ref('fct_mention') }}

),

execution as (

    select * from {{ ref('fct_execution') }}

),

evaluations as (

    select * from {{ ref('fct_self_evaluation') }}

),

programmes as (

    select * from {{ ref('int_programmes__matched') }}

),

fiscal_years as (

    select * from {{ ref('dim_fiscal_year') }}

),

unit_factors as (

    {{ reference_with_own('unit_factors') }}

),

measured as (

    select
        fact_id,
        project_year_id,
        'indicator' as quantity_basis,
        normalised_indicator_name as quantity_name,
        case when actual_state = 'parsed' then actual_value end as printed_quantity,
        actual_high is not null as is_span,
        -- A unit that only the target prints holds for the actual too.
        {{ normalise_text('coalesce(actual_unit, target_unit)') }} as unit_key,
        {{ evidence_columns() }}
    from indicators
    where level2 = 'quantity'

),

with_indicators as (

    select distinct project_year_id
    from measured

),

told as (

    -- A count that is told twice is one quantity; one that is told with two numbers is none.
    select
        *,
        row_number() over (partition by project_year_id, label_text, mentioned_unit order by ordinal asc) as telling,
        min(mentioned_value) over (partition by project_year_id, label_text, mentioned_unit) as lowest_value,
        max(mentioned_value) over (partition by project_year_id, label_text, mentioned_unit) as highest_value
    from mentions
    where mention_kind = 'count'

),

quantities as (

    select
        *,
        false as is_contradicted
    from measured

    union all

    select
        told.fact_id,
        told.project_year_id,
        'mention' as quantity_basis,
        {{ normalise_text('told.label_text') }} as quantity_name,
        told.mentioned_value as printed_quantity,
        false as is_span,
        {{ normalise_text('told.mentioned_unit') }} as unit_key,
        {{ evidence_columns('told') }},
        told.lowest_value <> told.highest_value as is_contradicted
    from told
    left join with_indicators
        on told.project_year_id = with_indicators.project_year_id
    where told.telling = 1 and with_indicators.project_year_id is null

),

converted as (

    select
        quantities.*,
        coalesce(unit_factors.base_unit, quantities.unit_key) as quantity_unit,
        unit_factors.counts as counted_thing,
        {{ null_unless_castable('quantities.printed_quantity * coalesce(unit_factors.factor, 1)', 'decimal(24, 6)') }}
            as quantity
    from quantities
    left join unit_factors
        on quantities.unit_key = unit_factors.unit

),

reasoned as (

    select
        converted.*,
        execution.document_id,
        execution.fiscal_year,
        execution.executed_yuan,
        execution.price_base_year,
        evaluations.kind,
        fiscal_years.price_level,
        programmes.programme_family,
        programmes.programme_sub_type,
        case
            when converted.is_contradicted then 'several_values'
            when converted.is_span then 'quantity_range'
            when converted.quantity is null then 'quantity_missing'
            when converted.unit_key is null then 'no_unit'
            when converted.counted_thing is null then 'unit_not_counted'
            when converted.quantity <= 0 then 'quantity_not_positive'
            when converted.quantity >= 1000000000000000 then 'out_of_range'
            -- Two rows of one name count parts of a whole, or the same twice: the outlay is for neither alone.
            when
                count(*) over (
                    partition by converted.project_year_id, converted.quantity_name, converted.quantity_unit
                ) > 1
                then 'ambiguous'
        end as quantity_reason
    from converted
    inner join execution
        on converted.project_year_id = execution.project_year_id
    inner join evaluations
        on converted.project_year_id = evaluations.project_year_id
    inner join programmes
        on converted.project_year_id = programmes.project_year_id
    left join fiscal_years
        on execution.fiscal_year = fiscal_years.fiscal_year

),

shared as (

    select
        *,
        sum(case when quantity_reason is null then 1 else 0 end) over (partition by project_year_id) as n_quantities,
        case
            when quantity_reason is not null then quantity_reason
            when programme_sub_type is null then 'sub_type_unknown'
            when executed_yuan is null then 'no_outlay'
        end as unit_cost_reason
    from reasoned

),

final as (

    select
        fact_id,
        project_year_id,
        document_id,
        fiscal_year,
        kind,
        programme_family,
        programme_sub_type,
        quantity_basis,
        quantity_name,
        quantity,
        quantity_unit,
        counted_thing,
        cast(n_quantities as integer) as n_quantities,
        n_quantities > 1 as is_outlay_shared,
        executed_yuan,
        case when unit_cost_reason is null then {{ yuan_quotient('executed_yuan', 'quantity') }} end as unit_cost_yuan,
        case
            when unit_cost_reason is null
                then {{ null_unless_castable(
                    half_up_quotient(wide_product('100', 'executed_yuan'), 'price_level * quantity', 2, 10),
                    'decimal(18, 2)'
                ) }}
        end as unit_cost_constant_yuan,
        price_base_year,
        unit_cost_reason,
        case
            when unit_cost_reason is null
                then {{ text_key([
                    'programme_family', 'programme_sub_type', 'kind', 'quantity_name', 'quantity_unit'
                ]) }}
        end as unit_cost_group_id,
        {{ evidence_columns() }}
    from shared

)

select * from final
order by fact_id asc
