{#- The stages of money in the order of the form. -#}
{% macro funding_stages() %}
    {% do return([
        "planned", "approved", "initial_budget", "adjusted_budget", "received", "executed", "carried_forward",
    ]) %}
{% endmacro %}

{#- The stages that can be the budget of a rate: the first that has an amount is. -#}
{% macro budget_stages() %}
    {% do return(["adjusted_budget", "initial_budget", "approved", "planned"]) %}
{% endmacro %}

{#-
    Why a rate of two amounts of money is null, null where it is not: an amount that is not there is missing, or
    conflicting where a stage that it can come from is printed with several totals. The columns are those of the relation.
-#}
{% macro rate_reason(relation, numerator, denominator) -%}
    {%- set stages = {'budget': budget_stages()} -%}
    case
            {%- for amount in [numerator, denominator] %}
            when
                {{ relation }}.{{ amount }}_yuan is null
                and (
                    {%- for stage in stages.get(amount, [amount]) %}
                    {{ 'or ' if not loop.first }}instr({{ relation }}.conflicting_stages, '{{ stage }}') > 0
                    {%- endfor %}
                )
                then '{{ amount }}_conflicting'
            when {{ relation }}.{{ amount }}_yuan is null then '{{ amount }}_missing'
            {%- endfor %}
            when {{ relation }}.{{ denominator }}_yuan = 0 then '{{ denominator }}_zero'
        end
{%- endmacro %}
