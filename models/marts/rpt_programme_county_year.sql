-- Grain: programme family × sub-type × kind of document × region × fiscal year, beside its peers and its year before.
with

pooled as (

    select * from {{ ref('int_programme_counties__pooled') }}

),

compared as (

    select * from {{ ref('int_programme_counties__compared') }}

),

comparison_settings as (

    {{ reference_with_own('comparison_settings') }}

),

settings as (

    select {{ comparison_setting('minimum_peers') }} as minimum_peers
    from comparison_settings

),

grouped as (

    -- Peers do the same in the same year and province, in a county of the same rank, told in the same kind of document.
    select
        pooled.*,
        settings.minimum_peers,
        case
            when pooled.peer_refusal_code is null
                then {{ text_key([
                    'pooled.programme_family', 'pooled.programme_sub_type', 'pooled.kind', 'pooled.region_kind',
                    'pooled.province_name', 'pooled.fiscal_year',
                ]) }}
        end as peer_group_id
    from pooled
    cross join settings

),

ranked as (

    select
        programme_county_year_id,
        peer_group_id,
        case
            when peer_refusal_code is null then cast(count(*) over (partition by peer_group_id) as integer)
        end as n_peers,
        {{ ranked_among_peers(
            'execution_rate', 'execution_rate', ['peer_group_id', 'execution_rate_denominator'],
            'peer_refusal_code', 'execution_rate_reason'
        ) }},
        {{ ranked_among_peers(
            'unit_cost', 'unit_cost_yuan', ['peer_group_id'], 'peer_refusal_code', 'unit_cost_reason'
        ) }},
        {{ ranked_among_peers(
            'attainment', 'indicator_attainment_rate', ['peer_group_id'], 'peer_refusal_code',
            'attainment_rate_reason'
        ) }},
        {{ ranked_among_peers(
            'gap', 'attainment_execution_gap', ['peer_group_id', 'gap_denominator'], 'peer_refusal_code', 'gap_reason'
        ) }},
        {{ ranked_among_peers(
            'ambition', 'median_target_ambition', ['peer_group_id'], 'peer_refusal_code',
            'median_target_ambition_reason'
        ) }},
        {{ ranked_among_peers('flag_load', 'flag_load', ['peer_group_id'], 'peer_refusal_code', 'null') }}
    from grouped

),

final as (

    select
        grouped.programme_county_year_id,
        grouped.programme_id,
        grouped.programme_family,
        grouped.programme_sub_type,
        grouped.kind,
        grouped.region_id,
        grouped.region_code,
        grouped.region_name,
        grouped.region_level,
        grouped.region_kind,
        grouped.province_name,
        grouped.fiscal_year,
        grouped.n_projects,
        grouped.n_with_outlay,
        grouped.executed_yuan,
        grouped.executed_constant_yuan,
        grouped.price_base_year,
        grouped.n_with_budget,
        grouped.budget_yuan,
        grouped.budget_stage,
        grouped.n_with_execution_rate,
        grouped.execution_rate,
        grouped.execution_rate_denominator,
        grouped.execution_rate_reason,
        grouped.n_with_attainment,
        grouped.indicator_attainment_rate,
        grouped.attainment_rate_reason,
        grouped.n_with_gap,
        grouped.attainment_execution_gap,
        grouped.gap_reason,
        grouped.gap_denominator,
        grouped.n_with_ambition,
        grouped.median_target_ambition,
        grouped.median_target_ambition_reason,
        grouped.n_reasons_due,
        grouped.n_reasons_given,
        grouped.reason_rate,
        grouped.unit_cost_quantity,
        grouped.unit_cost_unit,
        grouped.unit_cost_yuan,
        grouped.unit_cost_reason,
        grouped.n_evaluable_checks,
        grouped.n_flagged_checks,
        grouped.flag_load,
        ranked.peer_group_id,
        ranked.n_peers,
        ranked.n_execution_rate_peers,
        ranked.execution_rate_percentile,
        ranked.execution_rate_percentile_reason,
        ranked.n_unit_cost_peers,
        ranked.unit_cost_percentile,
        ranked.unit_cost_percentile_reason,
        ranked.n_attainment_peers,
        ranked.attainment_percentile,
        ranked.attainment_percentile_reason,
        ranked.n_gap_peers,
        ranked.gap_percentile,
        ranked.gap_percentile_reason,
        ranked.n_ambition_peers,
        ranked.ambition_percentile,
        ranked.ambition_percentile_reason,
        ranked.n_flag_load_peers,
        ranked.flag_load_percentile,
        ranked.flag_load_percentile_reason,
        compared.compared_fiscal_year,
        compared.compared_sub_type,
        compared.compared_kind,
        compared.compared_n_projects,
        compared.compared_executed_yuan,
        compared.compared_execution_rate,
        compared.compared_attainment_rate,
        compared.compared_unit_cost_yuan,
        compared.growth_rate,
        compared.execution_rate_change,
        compared.unit_cost_growth_rate,
        compared.is_comparable,
        compared.refusal_codes,
        compared.refusal_reasons
    from grouped
    inner join ranked
        on grouped.programme_county_year_id = ranked.programme_county_year_id
    left join compared
        on grouped.programme_county_year_id = compared.programme_county_year_id

)

select * from final
order by programme_county_year_id asc
