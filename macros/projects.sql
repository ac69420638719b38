{#-
    Whether a project code of the integrated system is that of personnel spending: six digits of the division, two of the
    year, R. Such projects have one template everywhere, so their texts are alike and mean nothing.
-#}
{% macro is_personnel_code(expression) -%}
    coalesce({{ contains_pattern('upper(' ~ expression ~ ')', "'^[0-9]{8}R[0-9]'") }}, false)
{%- endmacro %}
