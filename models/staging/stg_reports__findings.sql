-- Grain: one finding of a report, in its own words.
with

source as (

    {{ current_rows('findings') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,
        finding_id,

        ---------- what the report says
        ordinal,
        kind as finding_kind,
        text as finding_text,

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
