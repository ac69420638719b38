-- What fails is kept, so that the command can name the corrections and their documents.
{{ config(store_failures=true, schema='ops') }}
with

corrections as (

    select * from {{ ref('stg_reports__corrections') }}

),

superseded as (

    select
        record_id,
        report_id
    from {{ ref('int_report_versions') }}
    where not is_current

),

-- Corrections are few: their rows are looked up once a table, not once a field.
{% for table, rules in correctable().items() %}
corrected_{{ table }} as (

    select
        printed.*,
        corrections.correction_id,
        corrections.field,
        corrections.expect,
        corrections.corrected
    from ({{ current_rows(table, with_withdrawn=true) }}) as printed
    inner join corrections
        on printed.{{ rules.key }} = corrections.row_id

),

{% endfor %}
source_values as (
    {% for table, rules in correctable().items() %}
    {%- set is_last_table = loop.last %}
    {%- for field, data_type in rules.fields.items() %}
    select
        {{ rules.key }} as row_id,
        record_id,
        report_id,
        is_withdrawn,
        field,
        {{ field in rules.get('identity', []) }} as is_identity,
        {{ as_text(field) }} as printed_value,
        correction_id,
        {{ as_text(null_unless_castable('expect', data_type)) }} as expected_value,
        expect is null
        or {{ null_unless_castable('expect', data_type) }} is not null as is_expect_castable,
        {{ loses_digits('expect', data_type) }} as is_expect_rounded,
        corrected is null
        or {{ null_unless_castable('corrected', data_type) }} is not null as is_castable,
        {{ loses_digits('corrected', data_type) }} as is_rounded,
        {{ is_no_code('corrected', table, field) }} as is_no_code
    from corrected_{{ table }}
    where field = '{{ field }}'
    {% if not (is_last_table and loop.last) %}
    union all
    {% endif %}
    {%- endfor %}
    {%- endfor %}
),

judged as (

    select
        corrections.correction_id,
        corrections.row_id,
        corrections.field,
        corrections.expect,
        source_values.printed_value,
        case
            when source_values.correction_id is null then 'no such row or field'
            -- It rests while its document is withdrawn.
            when source_values.is_withdrawn then null
            when not source_values.is_castable then 'the corrected value has another type'
            when source_values.is_rounded then 'the corrected value has more places than the field'
            when source_values.is_no_code then 'the corrected value is none of the accepted codes'
            when not source_values.is_expect_castable then 'the expected value has another type'
            when
                source_values.is_expect_rounded
                or coalesce(source_values.expected_value, '') <> coalesce(source_values.printed_value, '')
                then 'the source says something else now'
            -- What says whose project-year it is has done its work, although another version of it counts.
            when superseded.report_id is not null and not source_values.is_identity
                then 'a newer version of the report counts now'
        end as failure
    from corrections
    left join source_values
        on corrections.correction_id = source_values.correction_id
    left join superseded
        on
            source_values.record_id = superseded.record_id
            and source_values.report_id = superseded.report_id

)

select * from judged
where failure is not null
