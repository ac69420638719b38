{#- The year whose prices constant amounts are expressed in. -#}
{% macro price_base_year() %}
    {% do return(2020) %}
{% endmacro %}
