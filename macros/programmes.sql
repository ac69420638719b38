{#-
    A project's name, or a wording that is looked for in names, as the two are compared: without the code in front, years,
    brackets and punctuation, and with doubled characters once.
-#}
{% macro programme_name_key(expression) -%}
    nullif(
            {{ without_doubled_characters(
                without_pattern(
                    without_pattern(normalise_text(expression), '^[0-9a-z]{10,}[-—_]*'),
                    '20[0-9][0-9](年度|年)?|[-—_·.,，。:：;；、/|+＋&《》<>()\"]'
                )
            ) }},
            ''
        )
{%- endmacro %}

{#- Whether a name holds a wording, in which `…` stands for any words between. -#}
{% macro holds_wording(name, wording) -%}
    {{ name }} like '%' || replace({{ wording }}, '…', '%') || '%'
{%- endmacro %}

{#- Whether a year lies in a span of years whose open ends are null; an unknown year lies only in an unbounded one. -#}
{% macro is_valid_in(year, from_year, to_year) -%}
    ({{ from_year }} is null or coalesce({{ year }} >= {{ from_year }}, false))
            and ({{ to_year }} is null or coalesce({{ year }} <= {{ to_year }}, false))
{%- endmacro %}
