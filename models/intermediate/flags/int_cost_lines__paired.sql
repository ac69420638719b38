-- Grain: one economic cost indicator of a project-year: its money in yuan, and for a unit price the quantity that it
-- belongs to.
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

indicators as (

    {{ affected_rows('fct_indicator_attainment') }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

unit_factors as (

    {{ reference_with_own('unit_factors') }}

),

measured as (

    -- 元/支 is money for one 支; a unit that only one side prints holds for both.
    select
        indicators.*,
        {{ before_slash(normalise_text('coalesce(indicators.target_unit, indicators.actual_unit)')) }}
            as target_money_unit,
        {{ before_slash(normalise_text('coalesce(indicators.actual_unit, indicators.target_unit)')) }}
            as actual_money_unit,
        {{ after_slash(normalise_text('coalesce(indicators.actual_unit, indicators.target_unit)')) }} as priced_unit,
        {{ normalise_text('coalesce(indicators.actual_unit, indicators.target_unit)') }} as unit_key,
        {{ normalise_text('indicators.indicator_name') }} as name_key
    from indicators
    where
        indicators.level2 in ('cost_economic', 'quantity')
        or (indicators.level1 = 'COST' and indicators.level2 = 'unspecified')

),

costs as (

    select
        measured.project_year_id,
        measured.fact_id as indicator_id,
        measured.ordinal,
        measured.indicator_name,
        measured.weight_points,
        measured.priced_unit,
        case
            when {{ contains_pattern('measured.name_key', words_pattern('cost_total')) }} then 'total'
            when
                measured.priced_unit is not null
                or {{ contains_pattern('measured.name_key', words_pattern('unit_price')) }}
                then 'unit_price'
            else 'line'
        end as cost_role,
        coalesce({{ contains_pattern('measured.name_key', words_pattern('residual')) }}, false) as is_residual,
        nullif({{ without_patterns(
            without_patterns('measured.name_key', words_pattern('unit_price')), words_pattern('object_filler')
        ) }}, '') as object_key,
        target_units.base_unit = '元' or actual_units.base_unit = '元' as is_money,
        {{ null_unless_castable(
            'measured.target_value * case when target_units.base_unit = \'元\' then target_units.factor end',
            'decimal(18, 2)'
        ) }} as target_price_yuan,
        {{ null_unless_castable(
            'measured.actual_value * case when actual_units.base_unit = \'元\' then actual_units.factor end',
            'decimal(18, 2)'
        ) }} as actual_price_yuan,
        measured.evidence_start,
        measured.evidence_end,
        measured.evidence_text
    from measured
    left join unit_factors as target_units
        on measured.target_money_unit = target_units.unit
    left join unit_factors as actual_units
        on measured.actual_money_unit = actual_units.unit
    where measured.level2 <> 'quantity'

),

quantities as (

    select
        project_year_id,
        fact_id as quantity_id,
        indicator_name as quantity_name,
        weight_points,
        target_value,
        actual_value,
        unit_key,
        nullif({{ without_patterns('name_key', words_pattern('object_filler')) }}, '') as object_key
    from measured
    where level2 = 'quantity'

),

matched as (

    -- 模块单价 belongs to 光模块数量: what is left of the two names without 单价 and 数量 is the same thing. Where the names
    -- say nothing, 元/人 belongs to what is counted in 人.
    select
        costs.indicator_id,
        quantities.quantity_id,
        quantities.quantity_name,
        quantities.weight_points,
        quantities.target_value,
        quantities.actual_value,
        case
            when costs.object_key = quantities.object_key then 1
            when
                instr(quantities.object_key, costs.object_key) > 0 or instr(costs.object_key, quantities.object_key) > 0
                then 2
            else 3
        end as match_rank
    from costs
    inner join quantities
        on
            costs.project_year_id = quantities.project_year_id
            and (
                instr(quantities.object_key, costs.object_key) > 0
                or instr(costs.object_key, quantities.object_key) > 0
                or costs.priced_unit = quantities.unit_key
            )
    where costs.cost_role = 'unit_price'

),

ranked as (

    select
        *,
        min(match_rank) over (partition by indicator_id) as best_rank
    from matched

),

paired as (

    select
        indicator_id,
        count(*) as n_quantities,
        max(quantity_id) as quantity_id,
        max(quantity_name) as quantity_name,
        max(weight_points) as quantity_weight_points,
        max(target_value) as target_quantity,
        max(actual_value) as actual_quantity
    from ranked
    where match_rank = best_rank
    group by indicator_id

),

joined as (

    select
        costs.*,
        coalesce(paired.n_quantities, 0) as n_quantities,
        case when paired.n_quantities = 1 then paired.quantity_id end as quantity_id,
        case when paired.n_quantities = 1 then paired.quantity_name end as quantity_name,
        case when paired.n_quantities = 1 then paired.quantity_weight_points end as quantity_weight_points,
        case when paired.n_quantities = 1 then paired.target_quantity end as target_quantity,
        case when paired.n_quantities = 1 then paired.actual_quantity end as actual_quantity
    from costs
    left join paired
        on costs.indicator_id = paired.indicator_id

),

final as (

    -- What is not money, or a price without its quantity, cannot be added up.
    select
        project_year_id,
        indicator_id,
        indicator_name,
        ordinal,
        cost_role,
        is_residual,
        weight_points,
        quantity_id,
        quantity_name,
        quantity_weight_points,
        {{ null_unless_castable('target_quantity', 'decimal(24, 6)') }} as target_quantity,
        {{ null_unless_castable('actual_quantity', 'decimal(24, 6)') }} as actual_quantity,
        target_price_yuan,
        actual_price_yuan,
        case
            when cost_role <> 'unit_price' then target_price_yuan
            else {{ null_unless_castable(
                wide_product(null_unless_castable('target_quantity', 'decimal(16, 4)'), 'target_price_yuan'),
                'decimal(18, 2)'
            ) }}
        end as target_yuan,
        case
            when cost_role <> 'unit_price' then actual_price_yuan
            else {{ null_unless_castable(
                wide_product(null_unless_castable('actual_quantity', 'decimal(16, 4)'), 'actual_price_yuan'),
                'decimal(18, 2)'
            ) }}
        end as actual_yuan,
        case
            when not coalesce(is_money, false) then 'not_money'
            when cost_role = 'unit_price' and n_quantities = 0 then 'quantity_not_found'
            when cost_role = 'unit_price' and n_quantities > 1 then 'several_quantities'
        end as cost_reason,
        evidence_start,
        evidence_end,
        evidence_text
    from joined

)

select * from final
