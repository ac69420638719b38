{#- The list of regions begins with the state of the end of this year; what began earlier is said to begin in it. -#}
{% macro first_region_year() %}
    {% do return(2013) %}
{% endmacro %}
