{#- A model's schema is exactly the one it names: staging, marts, 中文. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

{#-
    The finished build file is copied and attached under another catalog name, so no view may carry the catalog it was
    built in.
-#}
{% macro ref() %}
    {% do return(builtins.ref(*varargs, **kwargs).include(database=false)) %}
{% endmacro %}

{% macro source() %}
    {% do return(builtins.source(*varargs, **kwargs).include(database=false)) %}
{% endmacro %}

{#- Every column of a model, of the relation that it is called here; a model that is only being read has none yet. -#}
{% macro columns_with(relation, name) %}
    {% set columns = [] %}
    {% if execute %}
        {% for column in graph.nodes["model." ~ project_name ~ "." ~ name].columns %}
            {% do columns.append(relation ~ "." ~ column) %}
        {% endfor %}
    {% endif %}
    {% do return(columns) %}
{% endmacro %}
