-- Grain: one value of a known document that a later reading gave otherwise.
with

changes as (

    select * from {{ ref('stg_reports__value_changes') }}

),

documents as (

    select * from {{ ref('stg_reports__documents') }}

),

final as (

    select
        {{ text_key([
            'changes.load_sequence', 'changes.document_id', 'changes.raw_table', 'changes.row_id', 'changes.field'
        ]) }} as reextraction_change_id,
        changes.document_id,
        documents.file_name,
        changes.report_id,
        changes.raw_table,
        changes.row_id,
        changes.field,
        changes.change_kind,
        changes.old_value,
        changes.new_value,
        changes.old_extractor,
        changes.new_extractor,
        changes.load_sequence,
        changes.loaded_at
    from changes
    inner join documents
        on changes.document_id = documents.document_id

)

select * from final
order by reextraction_change_id asc
