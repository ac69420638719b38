{#-
    What people may correct: raw table → key of a row and its fields with their types. Staging applies corrections to
    exactly these, and the test `corrections_fit_the_source` accepts no others. `codes` are the only values of a field;
    `places` say under which name the place of a single value of a report is kept, where it is not the field's own;
    `identity` are the fields that decide which project-year a report belongs to.
-#}
{% macro correctable() %}
    {% set states = ["parsed", "qualitative", "blank", "unreadable"] %}
    {% set operators = [">=", ">", "<=", "<", "=", "range", "by_date", "none"] %}
    {% do return({
        "reports": {
            "key": "report_id",
            "fields": {
                "kind": "varchar", "fiscal_year": "integer",
                "region_province": "varchar", "region_city": "varchar", "region_county": "varchar",
                "unit": "varchar", "department": "varchar", "project_name": "varchar", "project_code": "varchar",
                "evaluated_on": "varchar",
                "execution_stated_rate_pct": "decimal(24, 6)",
                "execution_weight": "decimal(9, 4)", "execution_score": "decimal(9, 4)",
                "total_score": "decimal(9, 4)", "grade": "varchar",
            },
            "places": {
                "region_province": "region.province", "region_city": "region.city", "region_county": "region.county",
                "execution_stated_rate_pct": "execution.stated_rate_pct",
                "execution_weight": "execution.stated_rate_pct", "execution_score": "execution.stated_rate_pct",
                "total_score": "evaluation.total_score", "grade": "evaluation.grade",
            },
            "identity": [
                "kind", "fiscal_year", "region_province", "region_city", "region_county", "unit", "department",
                "project_name", "project_code",
            ],
            "codes": {
                "kind": [
                    "project_self_evaluation", "department_self_evaluation", "transfer_self_evaluation",
                    "external_evaluation", "target_declaration", "unknown",
                ],
            },
        },
        "funding_lines": {
            "key": "line_id",
            "fields": {"stage": "varchar", "source": "varchar", "amount_yuan": "decimal(18, 2)"},
            "codes": {
                "stage": funding_stages(),
                "source": [
                    "total", "fiscal", "carryover", "other", "central", "province", "city", "county", "local",
                ],
            },
        },
        "indicators": {
            "key": "indicator_id",
            "fields": {
                "level1": "varchar", "level2": "varchar", "name": "varchar",
                "target_state": "varchar", "target_operator": "varchar",
                "target_value": "decimal(24, 6)", "target_high": "decimal(24, 6)", "target_unit": "varchar",
                "actual_state": "varchar", "actual_operator": "varchar",
                "actual_value": "decimal(24, 6)", "actual_high": "decimal(24, 6)", "actual_unit": "varchar",
                "weight": "decimal(9, 4)", "score": "decimal(9, 4)", "deviation_reason": "varchar",
            },
            "codes": {
                "target_state": states, "actual_state": states,
                "target_operator": operators, "actual_operator": operators,
            },
        },
    }) %}
{% endmacro %}

{#- The single values that a person is asked for where a report does not state them. -#}
{% macro asked_when_missing() %}
    {% do return([
        "fiscal_year", "region_province", "region_city", "region_county", "unit", "project_name",
        "execution_stated_rate_pct", "total_score",
    ]) %}
{% endmacro %}

{#- A number that its type would round is not the number the person wrote. -#}
{% macro loses_digits(expression, data_type) -%}
    {%- if data_type == 'varchar' -%}
    false
    {%- else -%}
    coalesce(
            {{ null_unless_castable(expression, data_type) }}
            <> {{ null_unless_castable(expression, 'decimal(38, 20)') }},
            false
        )
    {%- endif -%}
{%- endmacro %}

{#- Whether a correction puts something else than one of its codes into a field; only an operator may be absent. -#}
{% macro is_no_code(expression, table, field) -%}
    {%- set codes = correctable()[table].codes.get(field) -%}
    {%- if codes is none -%}
    false
    {%- else -%}
    coalesce({{ expression }} not in ('{{ codes | join("', '") }}'), {{ not field.endswith('_operator') }})
    {%- endif -%}
{%- endmacro %}

{#-
    The rows of a raw table that belong to the current record of their document. Those of withdrawn documents are left out,
    or with `with_withdrawn` told by the column `is_withdrawn`.
-#}
{% macro current_rows(table, with_withdrawn=false) %}
    select
        entries.*{% if with_withdrawn %},
        current_records.is_withdrawn
        {%- endif %}
    from {{ source('raw', table) }} as entries
    inner join {{ ref('stg_reports__current_records') }} as current_records
        on
            entries.record_id = current_records.record_id
            and entries.load_id = current_records.load_id
    {%- if not with_withdrawn %}
    where not current_records.is_withdrawn
    {%- endif %}
{%- endmacro %}

{#- One row per corrected row of a raw table, one pair of columns per field that may be corrected, and who and why. -#}
{% macro fixes_of(table) %}
    select
        row_id
        {%- for field in correctable()[table].fields %},
        max(case when field = '{{ field }}' then corrected end) as {{ field }},
        max(case when field = '{{ field }}' then 1 else 0 end) as has_{{ field }}
        {%- endfor %},
        {{ joined_distinct('corrected_by') }} as corrected_by,
        {{ joined_distinct('reason') }} as correction_reason
    from {{ ref('stg_reports__corrections') }}
    group by row_id
{%- endmacro %}

{#- A field of the CTE `source` as corrected by the CTE `fixes`. -#}
{% macro corrected(table, field) -%}
    case
            when fixes.has_{{ field }} = 1
                then {{ null_unless_castable('fixes.' ~ field, correctable()[table].fields[field]) }}
            else source.{{ field }}
        end
{%- endmacro %}

{#-
    One field of the CTE that is named like its raw table, with the place it was read: that of the row, or for a single
    value of a report the one that the CTE `field_evidence` has.
-#}
{% macro printed_value(table, field) -%}
    {%- set rules = correctable()[table] -%}
    select
        '{{ table }}' as raw_table,
        printed.{{ rules.key }} as row_id,
        printed.record_id,
        printed.report_id,
        '{{ field }}' as field,
        {{ as_text('printed.' ~ field) }} as printed_value,
        {{ evidence_columns('places' if 'places' in rules else 'printed') }}
    from {{ table }} as printed
    {%- if 'places' in rules %}
    left join field_evidence as places
        on
            printed.record_id = places.record_id
            and printed.report_id = places.report_id
            and places.field = '{{ rules.places.get(field, field) }}'
    {%- endif %}
{%- endmacro %}
