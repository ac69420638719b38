-- Grain: one place that a warning points to: its own and every further one.
with

warnings as (

    select * from {{ ref('stg_reports__warnings') }}

),

further_places as (

    select * from {{ ref('stg_reports__warning_places') }}

),

final as (

    select
        record_id,
        report_id,
        warning_id,
        1 as place_ordinal,
        evidence_start,
        evidence_end,
        evidence_text
    from warnings

    union all

    select
        record_id,
        report_id,
        warning_id,
        ordinal as place_ordinal,
        evidence_start,
        evidence_end,
        evidence_text
    from further_places

)

select * from final
