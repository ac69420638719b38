with

withdrawals as (

    {{ reference_with_own('withdrawn_documents') }}

),

names as (

    select file_name as called_name from {{ source('ops', 'load_files') }}
    union
    select document_sha256 as called_name from {{ source('ops', 'load_files') }}

)

select withdrawals.document
from withdrawals
left join names
    on withdrawals.document = names.called_name
where names.called_name is null
