-- Grain: one report whose document has a text.
with

source as (

    {{ current_rows('text_measures') }}

),

renamed as (

    select
        ---------- keys
        record_id,
        report_id,

        ---------- which part of the document's text is the report's
        text_start,
        text_end,

        ---------- what was measured of it
        n_characters,
        n_repeated_characters,
        longest_repeat as n_longest_repeat_characters,
        n_numbered_lines,
        n_goal_result_shared,
        n_goal_result_either,
        n_shingles,
        shingles
    from source

)

select * from renamed
