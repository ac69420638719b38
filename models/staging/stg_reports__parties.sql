-- Grain: one organisation in a role.
with

source as (

    {{ current_rows('parties') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,
        party_id,

        ---------- what the report says
        ordinal,
        role as party_role,
        name as party_name,

        ---------- where it was read
        {{ staged_evidence_columns() }}
    from source

)

select * from renamed
