-- Grain: one document. Of several records of the same bytes (read again by a newer extractor) the last loaded one
-- counts, and only loads that were completed are seen. A withdrawn document keeps its record; no fact is made of it.
with

documents as (

    select * from {{ source('raw', 'documents') }}

),

loads as (

    select * from {{ source('ops', 'loads') }}

),

withdrawn as (

    select * from {{ ref('stg_reports__withdrawn_documents') }}

),

ranked as (

    select
        documents.document_sha256,
        documents.record_id,
        documents.load_id,
        loads.load_sequence,
        row_number() over (
            partition by documents.document_sha256
            order by loads.load_sequence desc, documents.record_id asc
        ) as recency
    from documents
    inner join loads
        on documents.load_id = loads.load_id
    where loads.completed_at is not null

),

newest as (

    select
        document_sha256,
        record_id,
        load_id,
        load_sequence
    from ranked
    where recency = 1

),

final as (

    select
        newest.document_sha256,
        newest.record_id,
        newest.load_id,
        newest.load_sequence,
        withdrawn.document_sha256 is not null as is_withdrawn,
        withdrawn.withdrawn_on,
        withdrawn.withdrawal_reason
    from newest
    left join withdrawn
        on newest.document_sha256 = withdrawn.document_sha256

)

select * from final
