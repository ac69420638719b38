-- Grain: one statement of a report on its goal, its result or its problems, in its own words.
with

source as (

    {{ current_rows('statements') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,
        statement_id,

        ---------- what the report says
        ordinal,
        kind as statement_kind,
        text as statement_text,

        ---------- where it was read
        {{ staged_evidence_columns() }}
    from source

)

select * from renamed
