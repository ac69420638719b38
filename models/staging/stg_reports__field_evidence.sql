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
        {{ staged_evidence_columns() }}
    from source

)

select * from renamed
