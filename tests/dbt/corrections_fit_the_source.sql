with

corrections as (

    select * from {{ ref('stg_reports__corrections') }}

),

source_values as (
    {% for table, rules in correctable().items() %}
    {%- for field, data_type in rules.fields.items() %}
    select
        {{ rules.key }} as row_id,
        '{{ field }}' as field,
        cast(printed.{{ field }} as varchar) as printed_value,
        corrections.correction_id,
        cast({{ null_unless_castable('corrections.expect', data_type) }} as varchar) as expected_value,
        corrections.corrected is null
        or {{ null_unless_castable('corrections.corrected', data_type) }} is not null as is_castable
    from ({{ current_rows(table) }}) as printed
    inner join corrections
        on
            printed.{{ rules.key }} = corrections.row_id
            and corrections.field = '{{ field }}'
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
    {% if not loop.last %}
    union all
    {% endif %}
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
            when not source_values.is_castable then 'the corrected value has another type'
            when coalesce(source_values.expected_value, '') <> coalesce(source_values.printed_value, '')
                then 'the source says something else now'
        end as failure
    from corrections
    left join source_values
        on corrections.correction_id = source_values.correction_id

)

select * from judged
where failure is not null
