{#- The first day that a date of a record may mean: 2021, 2021-09 and 2021-09-03 begin on a day each. -#}
{% macro first_day_of(expression) -%}
    {{ null_unless_castable(
        "case length(" ~ expression ~ ") when 4 then " ~ expression ~ " || '-01-01' when 7 then " ~ expression
        ~ " || '-01' else " ~ expression ~ " end", 'date'
    ) }}
{%- endmacro %}

{#- The last day that a date of a record may mean. -#}
{% macro last_day_of(expression) -%}
    case length({{ expression }})
        when 4 then {{ null_unless_castable(expression ~ " || '-12-31'", 'date') }}
        when 7 then cast({{ dbt.last_day(null_unless_castable(expression ~ " || '-01'", 'date'), 'month') }} as date)
        else {{ null_unless_castable(expression, 'date') }}
    end
{%- endmacro %}

{#- The last day of a fiscal year. -#}
{% macro end_of_year(expression) -%}
    {{ null_unless_castable(as_text(expression) ~ " || '-12-31'", 'date') }}
{%- endmacro %}
