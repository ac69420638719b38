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
