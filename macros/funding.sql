{#- The stages of money in the order of the form. -#}
{% macro funding_stages() %}
    {% do return([
        "planned", "approved", "initial_budget", "adjusted_budget", "received", "executed", "carried_forward",
    ]) %}
{% endmacro %}
