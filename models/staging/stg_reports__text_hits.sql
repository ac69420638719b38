-- Grain: one thing that rules look for in the text of a report.
with

source as (

    {{ current_rows('text_hits') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,

        ---------- what the text says
        ordinal,
        kind as hit_kind,
        detail as hit_detail,

        ---------- where it was read
        evidence_start,
        evidence_end,
        evidence_text
    from source

)

select * from renamed
