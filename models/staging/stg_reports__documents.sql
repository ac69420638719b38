-- Grain: one document (the bytes of one file).
with

source as (

    {{ current_rows('documents', with_withdrawn=true) }}

),

load_files as (

    select * from {{ source('ops', 'load_files') }}

),

loads as (

    select * from {{ source('ops', 'loads') }}

),

current_records as (

    select * from {{ ref('stg_reports__current_records') }}

),

named as (

    -- The same bytes may arrive under several names; the order of arrival must not decide which one is shown.
    select
        load_files.document_sha256,
        min(load_files.file_name) as file_name
    from load_files
    inner join loads
        on load_files.load_id = loads.load_id
    where loads.completed_at is not null
    group by load_files.document_sha256

),

renamed as (

    select
        ---------- keys
        source.document_sha256 as document_id,
        source.record_id,
        current_records.load_sequence,

        ---------- the file
        coalesce(named.file_name, source.file_name) as file_name,
        source.media_type,
        source.title,
        source.page_count,
        source.char_count,
        source.source_url,
        source.published_on,
        source.extractor,

        ---------- what people say of it
        source.is_withdrawn,
        current_records.withdrawn_on,
        current_records.withdrawal_reason
    from source
    inner join current_records
        on source.document_sha256 = current_records.document_sha256
    left join named
        on source.document_sha256 = named.document_sha256

)

select * from renamed
