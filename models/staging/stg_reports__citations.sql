-- Grain: one rule or document a report cites.
with

source as (

    {{ current_rows('citations') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,
        citation_id,

        ---------- what the report says
        ordinal,
        document_number,
        title as cited_title,
        as_written as as_written_text,

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
