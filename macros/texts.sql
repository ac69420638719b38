{#-
    The form in which two wordings are compared: no white space, half-width letters, digits and brackets, lower case.
-#}
{% macro normalise_text(expression) -%}
    {%- set wide = 'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ０１２３４５６７８９（）〔〕【】［］％' -%}
    {%- set narrow = 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789()()()()%' -%}
    {#- What has no counterpart in the second list is dropped. -#}
    {%- set dropped = '“”‘’"　 ' ~ '\u00a0\t\r\n' -%}
    {#- Most texts have nothing to translate, and engines translate at ten times the cost of looking. -#}
    nullif(
            lower(
                case
                    when {{ contains_pattern(expression, "'[" ~ wide ~ dropped ~ "]'") }}
                        then translate({{ expression }}, '{{ wide ~ dropped }}', '{{ narrow }}')
                    else {{ expression }}
                end
            ),
            ''
        )
{%- endmacro %}

{#- Removes every match of a regular expression without backslashes (engines escape those differently). -#}
{% macro without_pattern(expression, pattern) -%}
    {{ return(adapter.dispatch('without_pattern')(expression, pattern)) }}
{%- endmacro %}

{% macro default__without_pattern(expression, pattern) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '')
{%- endmacro %}

{% macro duckdb__without_pattern(expression, pattern) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '', 'g')
{%- endmacro %}

{#- The distinct texts of a group in one, in the order of the texts themselves. -#}
{% macro joined_distinct(expression, separator='；') -%}
    {{ return(adapter.dispatch('joined_distinct')(expression, separator)) }}
{%- endmacro %}

{% macro duckdb__joined_distinct(expression, separator) -%}
    string_agg(distinct {{ expression }}, '{{ separator }}' order by {{ expression }})
{%- endmacro %}

{#- The texts of a group in one, in the order of another column. -#}
{% macro joined_in_order(expression, order_by, separator='；') -%}
    {{ return(adapter.dispatch('joined_in_order')(expression, order_by, separator)) }}
{%- endmacro %}

{% macro duckdb__joined_in_order(expression, order_by, separator) -%}
    string_agg({{ expression }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{#- The value that stands first in a group, in the ascending order of several keys. -#}
{% macro first_in_order(expression, keys) -%}
    {{ return(adapter.dispatch('first_in_order')(expression, keys)) }}
{%- endmacro %}

{% macro default__first_in_order(expression, keys) -%}
    min_by({{ expression }}, struct({{ keys | join(', ') }}))
{%- endmacro %}

{% macro duckdb__first_in_order(expression, keys) -%}
    first({{ expression }} order by {{ keys | join(', ') }})
{%- endmacro %}

{#- The name of a body without the place in front of it; `places` are expressions, the longest first. A place that is
    not known takes nothing away. -#}
{% macro without_place(name, places) -%}
    case
            {%- for place in places %}
            when instr({{ name }}, {{ place }}) = 1 then substring({{ name }}, length({{ place }}) + 1)
            {%- endfor %}
            else {{ name }}
        end
{%- endmacro %}

{#- A value as text, in the engine's own text type. -#}
{% macro as_text(expression) -%}
    cast({{ expression }} as {{ dbt.type_string() }})
{%- endmacro %}

{#- A key from texts: the same on every machine and engine. Missing parts count as empty. -#}
{% macro text_key(parts) -%}
    md5({% for part in parts %}coalesce({{ as_text(part) }}, ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}

{#- The heading of a level as it is looked up: headings carry a number, points and the word 指标 or not: 产出指标(50分), 产出. -#}
{% macro level_key(expression) -%}
    nullif({{ without_pattern(
        without_pattern(normalise_text(expression), '^[(]?[0-9一二三四五六七八九十]{1,2}[).、．]+'), '[(].*$|指标|[:：]'
    ) }}, '')
{%- endmacro %}

{#- An empty heading as it is looked up among the second levels: without its number, points and the word 指标. -#}
{% macro empty_heading_key(expression) -%}
    {{ without_pattern(normalise_text(expression), '^[(]?[0-9一二三四五六七八九十]+[).、．]*|[(].*$|指标') }}
{%- endmacro %}

{#- Removes every match of a regular expression that people may change; no expression removes nothing. -#}
{% macro without_patterns(expression, pattern) -%}
    {{ return(adapter.dispatch('without_patterns')(expression, pattern)) }}
{%- endmacro %}

{% macro default__without_patterns(expression, pattern) -%}
    coalesce(regexp_replace({{ expression }}, {{ pattern }}, ''), {{ expression }})
{%- endmacro %}

{% macro duckdb__without_patterns(expression, pattern) -%}
    coalesce(regexp_replace({{ expression }}, {{ pattern }}, '', 'g'), {{ expression }})
{%- endmacro %}

{#- Whether a text has a match of a regular expression. -#}
{% macro contains_pattern(expression, pattern) -%}
    {{ return(adapter.dispatch('contains_pattern')(expression, pattern)) }}
{%- endmacro %}

{% macro default__contains_pattern(expression, pattern) -%}
    {{ expression }} rlike {{ pattern }}
{%- endmacro %}

{% macro duckdb__contains_pattern(expression, pattern) -%}
    regexp_matches({{ expression }}, {{ pattern }})
{%- endmacro %}

{#-
    A character that a slip doubles counts once (网网络 is 网络). No expression that all engines share finds a repetition of
    whatever character, so the few that slips were seen with are said here.
-#}
{% macro without_doubled_characters(expression) -%}
    {%- set ns = namespace(text=expression) -%}
    {%- for character in '网费程金' -%}
    {%- set ns.text = "replace(" ~ ns.text ~ ", '" ~ character * 2 ~ "', '" ~ character ~ "')" -%}
    {%- endfor -%}
    {{ ns.text }}
{%- endmacro %}
