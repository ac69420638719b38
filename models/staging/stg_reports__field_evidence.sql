-- Grain: one field of a report and the place it was read.
with

source as (

    {{ current_rows('field_evidence') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,

        ---------- what the report says
        field,

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
