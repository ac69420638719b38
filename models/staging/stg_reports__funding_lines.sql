-- Grain: one printed sum of a report, corrections applied.
with

source as (

    {{ current_rows('funding_lines') }}

),

fixes as (

    {{ fixes_of('funding_lines') }}

),

renamed as (

    select
        ---------- keys
        source.record_id,
        source.report_id,
        source.line_id,

        ---------- what the report says
        source.ordinal,
        {{ corrected('funding_lines', 'stage') }} as stage,
        {{ corrected('funding_lines', 'source') }} as source,
        {{ corrected('funding_lines', 'amount_yuan') }} as amount_yuan,
        source.as_written as as_written_text,

        ---------- what a person changed
        fixes.row_id is not null as is_corrected,
        fixes.corrected_by,
        fixes.correction_reason,

        ---------- where it was read
        {{ staged_evidence_columns('source') }}
    from source
    left join fixes
        on source.line_id = fixes.row_id

)

select * from renamed
