-- Grain: one warning about a report.
with

source as (

    {{ current_rows('warnings') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,
        warning_id,

        ---------- what the report says
        ordinal,
        code as warning_code,
        message as message_text,

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
