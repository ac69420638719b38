-- Grain: one value that a person may correct, as the current version of a report prints it; null where it prints none.
with

{% for table in correctable() %}
{{ table }} as (

    {{ current_rows(table) }}

),

{% endfor %}
field_evidence as (

    select * from {{ ref('stg_reports__field_evidence') }}

),

corrections as (

    select * from {{ ref('stg_reports__corrections') }}

),

versions as (

    select * from {{ ref('int_report_versions') }}
    where is_current

),

printed_values as (
    {% for table, rules in correctable().items() %}
    {%- set is_last_table = loop.last %}
    {%- for field in rules.fields %}
    {{ printed_value(table, field) }}
    {% if not (is_last_table and loop.last) %}
    union all
    {% endif %}
    {%- endfor %}
    {%- endfor %}
),

final as (

    select
        printed_values.raw_table,
        printed_values.row_id,
        printed_values.field,
        versions.project_year_id,
        versions.document_id,
        printed_values.record_id,
        printed_values.report_id,
        printed_values.printed_value,
        corrections.row_id is not null as is_corrected,
        {{ evidence_columns('printed_values') }}
    from printed_values
    inner join versions
        on
            printed_values.record_id = versions.record_id
            and printed_values.report_id = versions.report_id
    left join corrections
        on
            printed_values.row_id = corrections.row_id
            and printed_values.field = corrections.field

)

select * from final
