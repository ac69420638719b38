-- Grain: the second and every further place of a warning.
with

source as (

    {{ current_rows('warning_places') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,
        warning_id,

        ---------- what the report says
        ordinal,

        ---------- where it was read
        {{ staged_evidence_columns() }}
    from source

)

select * from renamed
