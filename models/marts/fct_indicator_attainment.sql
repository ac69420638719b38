-- Grain: one level-3 indicator of a project-year.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

indicators as (

    select * from {{ ref('stg_reports__indicators') }}

),

scored as (

    {{ affected_rows('int_indicators__scored') }}

),

ambitions as (

    {{ affected_rows('int_indicator_targets__compared') }}

),

final as (

    select
        indicators.indicator_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        indicators.ordinal,
        scored.indicator_key,
        scored.level1,
        scored.level2,
        indicators.level1_text,
        indicators.level2_text,
        indicators.indicator_name,
        indicators.target_text,
        indicators.target_state,
        indicators.target_operator,
        indicators.target_value,
        indicators.target_high,
        indicators.target_unit,
        indicators.target_from,
        indicators.target_to,
        indicators.actual_text,
        indicators.actual_state,
        indicators.actual_operator,
        indicators.actual_value,
        indicators.actual_high,
        indicators.actual_unit,
        indicators.actual_from,
        indicators.actual_to,
        scored.form_family,
        scored.placement_basis,
        scored.normalised_indicator_name,
        scored.scale,
        scored.direction,
        scored.base_unit,
        scored.target_amount,
        scored.actual_amount,
        scored.is_target_met,
        scored.attainment_ratio,
        scored.capped_attainment,
        scored.attainment_reason,
        scored.has_assumed_unit,
        indicators.weight_points,
        indicators.stated_score_points,
        scored.declared_rule,
        scored.recomputed_score_points,
        scored.score_difference_points,
        scored.score_rule,
        scored.score_rules_matching,
        ambitions.previous_actual_amount,
        ambitions.target_ambition,
        ambitions.target_ambition_reason,
        indicators.deviation_reason_text,
        indicators.is_corrected,
        indicators.corrected_by,
        indicators.correction_reason,
        {{ evidence_columns('indicators') }}
    from indicators
    inner join project_years
        on
            indicators.record_id = project_years.record_id
            and indicators.report_id = project_years.report_id
    inner join scored
        on
            project_years.project_year_id = scored.project_year_id
            and indicators.indicator_id = scored.indicator_id
    left join ambitions
        on
            scored.project_year_id = ambitions.project_year_id
            and scored.indicator_id = ambitions.indicator_id

)

select * from final
order by fact_id asc
