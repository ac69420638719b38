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
        {{ staged_evidence_columns() }}
    from source

)

select * from renamed
