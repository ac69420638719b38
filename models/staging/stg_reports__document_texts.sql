-- Grain: one document whose text was kept with its current record.
with

source as (

    {{ current_rows('document_text') }}

),

renamed as (

    select
        record_id,
        canonical_text
    from source

)

select * from renamed
