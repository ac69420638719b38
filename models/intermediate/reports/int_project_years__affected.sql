-- Grain: one project-year that is current or once was, and whether its rows have to be made again: something of it has
-- changed since the build before, or of its project, whose years are compared with each other. One that is gone stays
-- here without a state, so that its rows are taken out.
{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='project_year_id',
    on_schema_change='fail'
) }}
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

records as (

    select * from {{ ref('stg_reports__current_records') }}

),

present as (

    -- A record that was read again has another load.
    select
        project_years.project_year_id,
        project_years.project_id,
        {{ text_key(columns_with('project_years', 'int_project_years__current') + ['records.load_id']) }} as state_key
    from project_years
    inner join records
        on project_years.record_id = records.record_id

),

{% if is_incremental() %}
before as (

    select
        project_year_id,
        project_id,
        state_key
    from {{ this }}

),

compared as (

    select
        coalesce(present.project_year_id, before.project_year_id) as project_year_id,
        coalesce(present.project_id, before.project_id) as project_id,
        before.project_id as project_id_before,
        present.state_key,
        present.state_key is distinct from before.state_key as is_changed
    from present
    full outer join before
        on present.project_year_id = before.project_year_id

),

changed_projects as (

    select project_id
    from compared
    where is_changed

    union distinct

    select project_id_before as project_id
    from compared
    where is_changed and project_id_before is not null

),

final as (

    select
        compared.project_year_id,
        compared.project_id,
        compared.state_key,
        changed_projects.project_id is not null as is_affected
    from compared
    left join changed_projects
        on compared.project_id = changed_projects.project_id

)
{% else %}
final as (

    select
        project_year_id,
        project_id,
        state_key,
        true as is_affected
    from present

)
{% endif %}

select * from final
