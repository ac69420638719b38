-- Grain: one corrected field of one row; the last loaded correction counts.
with

corrections as (

    select * from {{ source('raw', 'corrections') }}

),

loads as (

    select * from {{ source('ops', 'loads') }}

),

ranked as (

    select
        corrections.correction_id,
        corrections.row_id,
        corrections.field,
        corrections.expect,
        corrections.corrected,
        corrections.reason,
        corrections.corrected_by,
        row_number() over (
            partition by corrections.row_id, corrections.field
            order by loads.load_sequence desc, corrections.corrected_on desc nulls last, corrections.correction_id asc
        ) as recency
    from corrections
    inner join loads
        on corrections.load_id = loads.load_id
    where loads.completed_at is not null

),

newest as (

    select
        correction_id,
        row_id,
        field,
        expect,
        corrected,
        reason,
        corrected_by
    from ranked
    where recency = 1

)

select * from newest
