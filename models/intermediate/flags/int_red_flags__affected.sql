-- Grain: one project-year that is current or once was, and whether its red flags have to be gathered again: it is
-- affected itself, or its text resembles others in another way than in the build before.
{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='project_year_id',
    on_schema_change='fail'
) }}
with

project_years as (

    select * from {{ ref('int_project_years__affected') }}

),

text_checks as (

    select * from {{ ref('int_red_flags__texts') }}

),

states as (

    select
        project_year_id,
        {{ joined_in_order(text_key(red_flag_columns()), 'rule_id, detail_key') }} as state_text
    from text_checks
    group by project_year_id

),

present as (

    select
        project_years.project_year_id,
        project_years.is_affected,
        {{ text_key(['states.state_text']) }} as state_key
    from project_years
    left join states
        on project_years.project_year_id = states.project_year_id

),

final as (

    select
        present.project_year_id,
        present.state_key,
        {%- if is_incremental() %}
        present.is_affected or present.state_key is distinct from before.state_key as is_affected
        {%- else %}
        present.is_affected
        {%- endif %}
    from present
    {%- if is_incremental() %}
    left join {{ this }} as before
        on present.project_year_id = before.project_year_id
    {%- endif %}

)

select * from final
