{#-
    The rows of a reference table as people want them: the packaged rows, and the lines that the home folder has for it
    (`raw.own_reference`). A line with the key of a packaged row replaces the columns it gives, any other line is a row of
    its own. Which tables people may change, their keys and the types of their columns stand in the yml of the seeds
    (`config.meta.own`, `config.meta.key`, `config.column_types`). The answer is a statement, for the body of a CTE.

    Unit tests give the reference table itself and nothing of the home folder.
-#}
{% macro reference_with_own(seed_name) -%}
    {%- set packaged = ref(seed_name) -%}
    {%- if model.resource_type == 'unit_test' -%}
    select * from {{ packaged }}
    {%- else -%}
    {%- set own_reference = source('raw', 'own_reference') -%}
    {%- set described = own_reference_table(seed_name) -%}
    {%- set keys = described.key -%}
    select
        {%- for column, data_type in described.columns.items() %}
        {%- set own_value = null_unless_castable('own.' ~ column, data_type) %}
        {% if column in keys -%}
        coalesce(packaged.{{ column }}, {{ own_value }}) as {{ column }}
        {%- else -%}
        case when own.has_{{ column }} = 1 then {{ own_value }} else packaged.{{ column }} end as {{ column }}
        {%- endif -%}
        {{ "," if not loop.last }}
        {%- endfor %}
    from {{ packaged }} as packaged
    full outer join
        (
            select
                row_key
                {%- for column in described.columns %},
                max(case when column_name = '{{ column }}' then value end) as {{ column }},
                max(case when column_name = '{{ column }}' then 1 else 0 end) as has_{{ column }}
                {%- endfor %}
            from {{ own_reference }}
            where table_name = '{{ seed_name }}'
            group by row_key
        ) as own
        on
            {%- for column in keys %}
            {% if not loop.first %}and {% endif -%}
            coalesce({{ as_text('packaged.' ~ column) }}, '')
            = coalesce({{ as_text(null_unless_castable('own.' ~ column, described.columns[column])) }}, '')
            {%- endfor %}
    {%- endif -%}
{%- endmacro %}

{#- Key and columns of a reference table that people may change. -#}
{% macro own_reference_table(seed_name) %}
    {%- set none_known = {"key": [], "columns": {}} -%}
    {% if not execute %}
        {% do return(none_known) %}
    {% endif %}
    {% set node = graph.nodes.get('seed.' ~ project_name ~ '.' ~ seed_name) %}
    {% if node is none or not node.config.meta.get('own') %}
        {% do exceptions.raise_compiler_error("people may not change the reference table " ~ seed_name) %}
    {% endif %}
    {% do return({"key": node.config.meta.key, "columns": node.config.column_types}) %}
{% endmacro %}

{#-
    A text made of all rows of a reference table that people may change, as a literal of the statement. Engines read a
    pattern that stands in the statement once, and one that a column holds anew for every row, at three to eight times the
    cost. Unit tests, and a project that was never built, take the text from the CTE `rows` of the same rows.
-#}
{% macro reference_text(seed_name, rows, expression) -%}
    {%- set statement = reference_with_own(seed_name) -%}
    {%- if model.resource_type == 'unit_test' or not is_reference_built(seed_name) -%}
    (select {{ expression }} from {{ rows }})
    {%- else -%}
    {#- A text that begins with a mark is a text, whatever the words: else 12 would come back as a number. -#}
    {%- set answer = run_query("select '=' || " ~ expression ~ " from (" ~ statement ~ ") as " ~ rows) -%}
    {%- set found = answer.columns[0].values()[0] -%}
    {{ "cast(null as " ~ dbt.type_string() ~ ")" if found is none else text_literal(found[1:]) }}
    {%- endif -%}
{%- endmacro %}

{#- Whether a reference table and people's own lines of it are there to be read while a statement is written. -#}
{% macro is_reference_built(seed_name) %}
    {% set wanted = [ref(seed_name), source('raw', 'own_reference')] %}
    {% do return(execute and load_cached_relation(wanted[0]) is not none and load_cached_relation(wanted[1]) is not none) %}
{% endmacro %}
