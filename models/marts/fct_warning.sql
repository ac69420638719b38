-- Grain: one warning about a project-year, with every place that belongs to it.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

warnings as (

    select * from {{ ref('stg_reports__warnings') }}

),

places as (

    select * from {{ ref('int_warnings__placed') }}

),

placed as (

    select
        record_id,
        warning_id,
        cast(count(*) as integer) as n_places,
        {{ joined_in_order(
            as_text('evidence_start') ~ " || '–' || " ~ as_text('evidence_end') ~ " || '「' || evidence_text || '」'",
            'place_ordinal'
        ) }} as places_text
    from places
    group by record_id, warning_id

),

final as (

    select
        warnings.warning_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        warnings.ordinal,
        warnings.warning_code,
        warnings.message_text,
        placed.n_places,
        placed.places_text,
        {{ evidence_columns('warnings') }}
    from warnings
    inner join project_years
        on
            warnings.record_id = project_years.record_id
            and warnings.report_id = project_years.report_id
    inner join placed
        on
            warnings.record_id = placed.record_id
            and warnings.warning_id = placed.warning_id

)

select * from final
order by fact_id asc
