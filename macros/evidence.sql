{#- The place of a value, as every fact publishes it. -#}
{% macro evidence_columns() -%}
    evidence_page,
        evidence_start,
        evidence_end,
        evidence_text,
        evidence_method,
        evidence_confidence
{%- endmacro %}
