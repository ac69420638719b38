-- Grain: one printed value and one warning that points to the place it was read.
with

printed_values as (

    select * from {{ ref('int_values__correctable') }}
    where printed_value is not null and evidence_end > evidence_start

),

warnings as (

    select * from {{ ref('stg_reports__warnings') }}

),

places as (

    select * from {{ ref('int_warnings__placed') }}

),

touched as (

    -- Several places of a warning may touch the same value.
    select distinct
        printed_values.raw_table,
        printed_values.row_id,
        printed_values.field,
        printed_values.record_id,
        places.warning_id
    from printed_values
    inner join places
        on
            printed_values.record_id = places.record_id
            and printed_values.report_id = places.report_id
            and printed_values.evidence_start < places.evidence_end
            and printed_values.evidence_end > places.evidence_start

),

final as (

    select
        touched.raw_table,
        touched.row_id,
        touched.field,
        touched.record_id,
        touched.warning_id,
        warnings.warning_code,
        warnings.message_text
    from touched
    inner join warnings
        on
            touched.record_id = warnings.record_id
            and touched.warning_id = warnings.warning_id

)

select * from final
