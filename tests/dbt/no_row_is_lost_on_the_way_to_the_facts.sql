{{ config(store_failures=true) }}
with

current_reports as (

    select
        record_id,
        report_id
    from {{ ref('int_report_versions') }}
    where is_current

),

counts as (
    {% for staged, fact in facts_by_row().items() %}
    select
        '{{ fact }}' as subject,
        (
            select count(*)
            from {{ ref(staged) }} as staged
            inner join current_reports
                on
                    staged.record_id = current_reports.record_id
                    and staged.report_id = current_reports.report_id
        ) as n_rows_expected,
        (select count(*) from {{ ref(fact) }}) as n_rows_found

    union all
    {% endfor %}
    {%- for fact in ['fct_execution', 'fct_self_evaluation', 'rpt_project_years'] %}
    select
        '{{ fact }}' as subject,
        (select count(distinct project_year_id) from {{ ref('int_report_versions') }}) as n_rows_expected,
        (select count(*) from {{ ref(fact) }}) as n_rows_found

    union all
    {% endfor %}
    select
        'int_report_versions' as subject,
        (select count(*) from {{ ref('stg_reports__reports') }}) as n_rows_expected,
        (select count(*) from {{ ref('int_report_versions') }}) as n_rows_found

)

select * from counts
where n_rows_expected <> n_rows_found
