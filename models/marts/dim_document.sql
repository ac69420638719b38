-- Grain: one document that was loaded, whether or not its reports are the current versions; of a withdrawn one
-- no report counts.
with

documents as (

    select * from {{ ref('stg_reports__documents') }}

),

versions as (

    select * from {{ ref('int_report_versions') }}

),

counted as (

    select
        document_id,
        cast(count(*) as integer) as n_reports,
        cast(sum(case when is_current then 1 else 0 end) as integer) as n_current_reports
    from versions
    group by document_id

),

final as (

    select
        documents.document_id,
        documents.file_name,
        documents.media_type,
        documents.title,
        documents.page_count,
        documents.char_count,
        documents.source_url,
        documents.published_on,
        documents.extractor,
        coalesce(counted.n_reports, 0) as n_reports,
        coalesce(counted.n_current_reports, 0) as n_current_reports,
        documents.is_withdrawn,
        documents.withdrawn_on,
        documents.withdrawal_reason
    from documents
    left join counted
        on documents.document_id = counted.document_id

)

select * from final
order by document_id asc
