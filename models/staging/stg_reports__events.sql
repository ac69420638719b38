-- Grain: one dated event of a report.
with

source as (

    {{ current_rows('events') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,
        event_id,

        ---------- what the report says
        ordinal,
        kind as event_kind,
        date as happened_on,

        ---------- where it was read
        evidence_page,
        evidence_start,
        evidence_end,
        evidence_text,
        evidence_table,
        evidence_row,
        evidence_column,
        evidence_method,
        evidence_confidence
    from source

)

select * from renamed
