{#- One row for each entry of a list, as an expression of a select list. -#}
{% macro exploded(expression) -%}
    {{ return(adapter.dispatch('exploded')(expression)) }}
{%- endmacro %}

{% macro default__exploded(expression) -%}
    explode({{ expression }})
{%- endmacro %}

{% macro duckdb__exploded(expression) -%}
    unnest({{ expression }})
{%- endmacro %}

{#- The values of a group as a list. -#}
{% macro collected(expression) -%}
    {{ return(adapter.dispatch('collected')(expression)) }}
{%- endmacro %}

{% macro default__collected(expression) -%}
    collect_list({{ expression }})
{%- endmacro %}

{% macro duckdb__collected(expression) -%}
    list({{ expression }})
{%- endmacro %}
