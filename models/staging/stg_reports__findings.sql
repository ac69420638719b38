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
        {{ staged_evidence_columns() }}
    from source

)

select * from renamed
