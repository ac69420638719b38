{#-
    Division with exact half-up rounding, computed on integers: binary floating point rounds 2.675 down, and engines
    disagree about decimal ÷ decimal. Operands have at most `scale` decimal places and so few digits that
    2 · operand · 10^(scale + places) stays below 10^38; a zero or missing denominator gives null. The result is a decimal
    with `places` places.
-#}
{% macro half_up_quotient(numerator, denominator, places, scale) -%}
    {{ return(adapter.dispatch('half_up_quotient')(numerator, denominator, places, scale)) }}
{%- endmacro %}

{% macro duckdb__half_up_quotient(numerator, denominator, places, scale) -%}
    {%- set above = "cast(cast(" ~ numerator ~ " as decimal(38, " ~ scale ~ ")) * " ~ 10 ** scale ~ " as hugeint)" -%}
    {%- set below = "cast(cast(" ~ denominator ~ " as decimal(38, " ~ scale ~ ")) * " ~ 10 ** scale ~ " as hugeint)" -%}
    case
        when {{ denominator }} <> 0
            then
                cast(
                    sign({{ above }}) * sign({{ below }})
                    * ((2 * abs({{ above }}) * {{ 10 ** places }} + abs({{ below }})) // (2 * abs({{ below }})))
                    as decimal(30, 0)
                ) * 0.{{ '0' * (places - 1) }}1
    end
{%- endmacro %}

{#- A rate, 0–1, as double with six places. The only division in the models. -#}
{% macro safe_rate(numerator, denominator) -%}
    cast({{ half_up_quotient(numerator, denominator, 6, 6) }} as double)
{%- endmacro %}

{#- Points as published: two places, half-up. A product of points and a figure has up to ten decimal places. -#}
{% macro points_quotient(numerator, denominator) -%}
    {{ points(half_up_quotient(numerator, denominator, 2, 10)) }}
{%- endmacro %}

{#- A figure times an amount of money. DuckDB multiplies two decimals of at most 18 digits in 64 bits and stops where the
    product needs more. -#}
{% macro wide_product(figure, amount) -%}
    {{ figure }} * cast({{ amount }} as decimal(20, 2))
{%- endmacro %}

{#- An amount of a year at a price level (base year = 100) in yuan of the base year, to the fen, half-up. -#}
{% macro constant_yuan(amount, price_level) -%}
    {{ yuan_quotient(wide_product('100', amount), price_level) }}
{%- endmacro %}

{#- Money over a figure: yuan to the fen, half-up; null where the figure is zero or missing. -#}
{% macro yuan_quotient(amount, figure) -%}
    {{ null_unless_castable(half_up_quotient(amount, figure, 2, 6), 'decimal(18, 2)') }}
{%- endmacro %}

{#- The difference of two rates without the noise of binary subtraction. -#}
{% macro rate_difference(minuend, subtrahend) -%}
    cast(
        {{ null_unless_castable(minuend, 'decimal(18, 6)') }} - {{ null_unless_castable(subtrahend, 'decimal(18, 6)') }}
        as double
    )
{%- endmacro %}

{#- Points in the type of every points column. One odd record must not stop the build: what does not fit becomes
    null, and the test `figures_fit_their_columns` lists it. -#}
{% macro points(expression) -%}
    {{ null_unless_castable(expression, 'decimal(9, 4)') }}
{%- endmacro %}

{#- A cast that gives null where the value does not fit the type. -#}
{% macro null_unless_castable(expression, data_type) -%}
    {{ return(adapter.dispatch('null_unless_castable')(expression, data_type)) }}
{%- endmacro %}

{% macro default__null_unless_castable(expression, data_type) -%}
    try_cast({{ expression }} as {{ data_type }})
{%- endmacro %}

{#- The product of two factors between 0 and 1, as double with six places. -#}
{% macro rate_product(factor, other_factor) -%}
    cast(cast(({{ factor }}) * {{ other_factor }} as decimal(9, 6)) as double)
{%- endmacro %}
