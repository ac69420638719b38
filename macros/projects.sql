{#-
    Whether a project code of the integrated system is that of personnel spending: six digits of the division, two of the
    year, R. Such projects have one template everywhere, so their texts are alike and mean nothing.
-#}
{% macro is_personnel_code(expression) -%}
    coalesce({{ contains_pattern('upper(' ~ expression ~ ')', "'^[0-9]{8}R[0-9]'") }}, false)
{%- endmacro %}

{#- Whether a code, in lower case, is built like those of the integrated budget system: 6 digits of division, 2 of the year
    it was created in, a class letter (t, r, y) and 12 digits. -#}
{% macro is_project_code(expression) -%}
    coalesce(
            length({{ expression }}) = 21
            and substring({{ expression }}, 9, 1) in ('t', 'r', 'y')
            and translate(substring({{ expression }}, 1, 8) || substring({{ expression }}, 10), '0123456789', '') = '',
            false
        )
{%- endmacro %}

{#- The code that stands in front of a normalised name, with a dash between; null without one. -#}
{% macro project_code_before_name(name) -%}
    case
                when
                    {{ is_project_code("substring(" ~ name ~ ", 1, 21)") }}
                    and substring({{ name }}, 22, 1) in ('-', '—', '_')
                    then substring({{ name }}, 1, 21)
            end
{%- endmacro %}
