-- Grain: one level-3 indicator of a report, corrections applied.
with

source as (

    {{ current_rows('indicators') }}

),

fixes as (

    {{ fixes_of('indicators') }}

),

renamed as (

    select
        ---------- keys
        source.record_id,
        source.report_id,
        source.indicator_id,

        ---------- what the report says
        source.ordinal,
        {{ corrected('indicators', 'level1') }} as level1_text,
        {{ corrected('indicators', 'level2') }} as level2_text,
        {{ corrected('indicators', 'name') }} as indicator_name,
        source.target as target_text,
        source.actual as actual_text,
        {{ corrected('indicators', 'target_state') }} as target_state,
        {{ corrected('indicators', 'target_operator') }} as target_operator,
        {{ corrected('indicators', 'target_value') }} as target_value,
        {{ corrected('indicators', 'target_high') }} as target_high,
        {{ corrected('indicators', 'target_unit') }} as target_unit,
        source.target_from,
        source.target_to,
        {{ corrected('indicators', 'actual_state') }} as actual_state,
        {{ corrected('indicators', 'actual_operator') }} as actual_operator,
        {{ corrected('indicators', 'actual_value') }} as actual_value,
        {{ corrected('indicators', 'actual_high') }} as actual_high,
        {{ corrected('indicators', 'actual_unit') }} as actual_unit,
        source.actual_from,
        source.actual_to,
        {{ corrected('indicators', 'weight') }} as weight_points,
        {{ corrected('indicators', 'score') }} as stated_score_points,
        {{ corrected('indicators', 'deviation_reason') }} as deviation_reason_text,

        ---------- what a person changed
        fixes.row_id is not null as is_corrected,
        fixes.corrected_by,
        fixes.correction_reason,

        ---------- where it was read
        {{ staged_evidence_columns('source') }}
    from source
    left join fixes
        on source.indicator_id = fixes.row_id

)

select * from renamed
