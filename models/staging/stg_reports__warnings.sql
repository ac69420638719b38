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
        {{ staged_evidence_columns() }}
    from source

)

select * from renamed
