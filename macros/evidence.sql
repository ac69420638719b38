{#- The place of a value, as every fact publishes it; `relation` is named where several are joined. -#}
{% macro evidence_columns(relation=none) -%}
    {{ columns_of(relation, [
        "evidence_page", "evidence_start", "evidence_end", "evidence_text", "evidence_method", "evidence_confidence",
    ]) }}
{%- endmacro %}

{#- The place of a row as landing keeps it: with the cell of the table it stood in. -#}
{% macro staged_evidence_columns(relation=none) -%}
    {{ columns_of(relation, [
        "evidence_page", "evidence_start", "evidence_end", "evidence_text",
        "evidence_table", "evidence_row", "evidence_column", "evidence_method", "evidence_confidence",
    ]) }}
{%- endmacro %}

{% macro columns_of(relation, names) -%}
    {%- for name in names -%}
    {{ relation ~ "." if relation }}{{ name }}{{ ",\n        " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
