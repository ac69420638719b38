-- Grain: one project-year whose document's text was kept: the text of its report. A document of one report is all its
-- text; of several reports each has what lies from its own first row to the first row of the next, and no less than all
-- its own rows.
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

texts as (

    select * from {{ ref('stg_reports__document_texts') }}

),

reports as (

    select
        record_id,
        report_id,
        count(*) over (partition by record_id) as n_reports
    from {{ ref('stg_reports__reports') }}

),

places as (
    {% for table in ['funding_lines', 'indicators', 'findings', 'mentions', 'statements'] %}
    select
        record_id,
        report_id,
        evidence_start,
        evidence_end
    from {{ ref('stg_reports__' ~ table) }}
    where evidence_end > evidence_start
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

extents as (

    select
        places.record_id,
        places.report_id,
        min(places.evidence_start) as first_place,
        max(places.evidence_end) as last_place
    from places
    inner join reports
        on
            places.record_id = reports.record_id
            and places.report_id = reports.report_id
    where reports.n_reports > 1
    group by places.record_id, places.report_id

),

followed as (

    select
        *,
        lead(first_place) over (partition by record_id order by first_place asc, last_place asc) as next_place
    from extents

),

final as (

    select
        project_years.project_year_id,
        cast(coalesce(followed.first_place, 0) as integer) as text_start,
        case
            when reports.n_reports = 1 then texts.canonical_text
            else
                substring(
                    texts.canonical_text,
                    followed.first_place + 1,
                    greatest(coalesce(followed.next_place, length(texts.canonical_text)), followed.last_place)
                    - followed.first_place
                )
        end as report_text
    from project_years
    inner join texts
        on project_years.record_id = texts.record_id
    inner join reports
        on
            project_years.record_id = reports.record_id
            and project_years.report_id = reports.report_id
    left join followed
        on
            project_years.record_id = followed.record_id
            and project_years.report_id = followed.report_id
    where reports.n_reports = 1 or followed.report_id is not null

)

select * from final
