-- Grain: one loaded document that people declare withdrawn, by its bytes or by any name it came under.
with

withdrawals as (

    {{ reference_with_own('withdrawn_documents') }}

),

documents as (

    select * from {{ source('raw', 'documents') }}

),

load_files as (

    select * from {{ source('ops', 'load_files') }}

),

called as (

    select
        document_sha256,
        file_name as called_name
    from documents

    union all

    select
        document_sha256,
        file_name as called_name
    from load_files
    where document_sha256 is not null

    union all

    select
        document_sha256,
        document_sha256 as called_name
    from documents

),

final as (

    select
        called.document_sha256,
        min(withdrawals.withdrawn_on) as withdrawn_on,
        {{ joined_distinct('withdrawals.reason') }} as withdrawal_reason
    from called
    inner join withdrawals
        on called.called_name = withdrawals.document
    group by called.document_sha256

)

select * from final
