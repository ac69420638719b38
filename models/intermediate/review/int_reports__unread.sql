-- Grain: one report and one part of it of which nothing was read: its money, or the indicators its document speaks of.
with

versions as (

    select * from {{ ref('int_report_versions') }}
    where is_current

),

texts as (

    {{ current_rows('document_text') }}

),

funded as (

    select distinct
        record_id,
        report_id
    from {{ ref('stg_reports__funding_lines') }}

),

measured as (

    select distinct
        record_id,
        report_id
    from {{ ref('stg_reports__indicators') }}

),

parts as (

    select
        versions.record_id,
        versions.report_id,
        'funding' as part
    from versions
    left join funded
        on
            versions.record_id = funded.record_id
            and versions.report_id = funded.report_id
    where funded.report_id is null

    union all

    select
        versions.record_id,
        versions.report_id,
        'indicators' as part
    from versions
    inner join texts
        on versions.record_id = texts.record_id
    left join measured
        on
            versions.record_id = measured.record_id
            and versions.report_id = measured.report_id
    where
        measured.report_id is null
        and texts.canonical_text like '%指标%'

)

select * from parts
