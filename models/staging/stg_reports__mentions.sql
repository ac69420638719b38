-- Grain: one figure in the prose of a report.
with

source as (

    {{ current_rows('mentions') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,
        mention_id,

        ---------- what the report says
        ordinal,
        kind as mention_kind,
        label as label_text,
        section,
        stage,
        as_written as as_written_text,
        value as mentioned_value,
        unit as mentioned_unit,
        amount_yuan,

        ---------- where it was read
        {{ staged_evidence_columns() }}
    from source

)

select * from renamed
