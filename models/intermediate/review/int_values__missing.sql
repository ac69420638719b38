-- Grain: one value that a report of its kind should state, and neither the report nor a correction gives.
with

report_values as (

    select * from {{ ref('int_values__correctable') }}
    where
        raw_table = 'reports'
        and field in (
            {%- for name in asked_when_missing() %}
            '{{ name }}'{% if not loop.last %},{% endif %}
            {%- endfor %}
        )

),

versions as (

    select * from {{ ref('int_report_versions') }}
    where is_current

),

placed as (

    select
        *,
        max(case when field like 'region%' and (printed_value is not null or is_corrected) then 1 else 0 end)
            over (partition by record_id, report_id) as has_region
    from report_values

),

final as (

    select
        placed.raw_table,
        placed.row_id,
        placed.field
    from placed
    inner join versions
        on
            placed.record_id = versions.record_id
            and placed.report_id = versions.report_id
    where
        placed.printed_value is null
        and not placed.is_corrected
        -- Whoever names the county need not name what it lies in.
        and not (placed.has_region = 1 and placed.field in ('region_province', 'region_city'))
        -- Before the year nothing is spent and nothing scored; a department reports on no single project.
        and not (
            versions.kind = 'target_declaration' and placed.field in ('execution_stated_rate_pct', 'total_score')
        )
        and not (versions.kind = 'department_self_evaluation' and placed.field = 'project_name')

)

select * from final
