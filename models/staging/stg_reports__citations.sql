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
        {{ staged_evidence_columns() }}
    from source

)

select * from renamed
