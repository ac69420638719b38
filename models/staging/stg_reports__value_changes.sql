-- Grain: one value that a newer record of a document changed, as landing wrote it down.
with

source as (

    select * from {{ source('ops', 'value_changes') }}

),

loads as (

    select * from {{ source('ops', 'loads') }}

),

renamed as (

    select
        ---------- keys
        source.document_sha256 as document_id,
        source.report_id,
        source.row_id,
        loads.load_sequence,

        ---------- what was changed
        source.raw_table,
        source.field,
        source.change_kind,
        source.old_value,
        source.new_value,

        ---------- by whom and when
        source.old_extractor,
        source.new_extractor,
        loads.completed_at as loaded_at
    from source
    inner join loads
        on source.load_id = loads.load_id
    where loads.completed_at is not null

)

select * from renamed
