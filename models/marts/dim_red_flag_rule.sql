-- Grain: one rule of the red flags, with its limits as they are in force.
with

rules as (

    select * from {{ red_flag_rules() }}

),

final as (

    select
        rule_id,
        cast(version as integer) as rule_version,
        rule_group,
        cast(ordinal as integer) as ordinal,
        sentence_zh,
        sentence_en,
        formula,
        comparison,
        severity,
        cast(threshold as double) as threshold,
        cast(threshold_low as double) as threshold_low,
        severity_low,
        cast(second_threshold as double) as second_threshold,
        second_severity,
        cast(third_threshold as double) as third_threshold,
        third_severity,
        cast(further_threshold as double) as further_threshold,
        cast(minimum_count as integer) as minimum_count,
        threshold_unit,
        threshold_basis,
        basis
    from rules

)

select * from final
order by rule_id asc
