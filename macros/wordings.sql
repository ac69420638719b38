{#- The words of one role in the CTE `words` as one pattern. A wording may be a pattern of its own, without backslashes;
    without words the pattern is null. -#}
{% macro words_pattern(role) -%}
    {{ reference_text('red_flag_words', 'words', longest_first("case when role = '" ~ role ~ "' then wording end")) }}
{%- endmacro %}

{#- Wordings as one pattern, the longest first: 工程款 is looked for before 工程. -#}
{% macro longest_first(expression) -%}
    {{ joined_in_order(expression, 'length(wording) desc, wording asc', '|') }}
{%- endmacro %}

{#- The rules of one step and effect in the CTE `name_rules` as one pattern; without rules the pattern is null. -#}
{% macro name_pattern(step, effect) -%}
    {{ reference_text(
        'indicator_name_rules',
        'name_rules',
        joined_distinct("case when step = " ~ step ~ " and effect = '" ~ effect ~ "' then pattern end", '|')
    ) }}
{%- endmacro %}

{#- The first match of a pattern; null where there is none. -#}
{% macro first_match(expression, pattern) -%}
    {{ return(adapter.dispatch('first_match')(expression, pattern)) }}
{%- endmacro %}

{% macro default__first_match(expression, pattern) -%}
    nullif(regexp_extract({{ expression }}, {{ pattern }}, 0), '')
{%- endmacro %}

{#- The first match of a pattern in a text without what another pattern takes out of it. Looking costs less than taking
    out, and many texts have no match at all. -#}
{% macro first_match_except(expression, pattern, exceptions) -%}
    case
            when not {{ contains_pattern(expression, pattern) }} then null
            when {{ contains_pattern(expression, exceptions) }}
                then {{ first_match(without_patterns(expression, exceptions), pattern) }}
            else {{ first_match(expression, pattern) }}
        end
{%- endmacro %}

{#- The clause in which a piece of a text first stands: up to 30 characters on either side, no mark or line end among them. -#}
{% macro clause_around(text, piece) -%}
    {%- set place = "instr(" ~ text ~ ", " ~ piece ~ ")" -%}
    {%- set breaks = "[^，。；！？' || chr(10) || ']*" -%}
    coalesce({{ first_match(
        "substring(" ~ text ~ ", greatest(" ~ place ~ " - 30, 1), least(" ~ place ~ " - 1, 30))", "'" ~ breaks ~ "$'"
    ) }}, '')
        || {{ piece }}
        || coalesce({{ first_match(
            "substring(" ~ text ~ ", " ~ place ~ " + length(" ~ piece ~ "), 30)", "'^" ~ breaks ~ "'"
        ) }}, '')
{%- endmacro %}

{#- How alike two wordings are, 0–1: 1 less the share of characters to change. Only the first 200 characters count: the
    effort grows with the product of the lengths. -#}
{% macro text_similarity(one, other) -%}
    {{ return(adapter.dispatch('text_similarity')(one, other)) }}
{%- endmacro %}

{% macro default__text_similarity(one, other) -%}
    {%- set left = "substring(" ~ one ~ ", 1, 200)" -%}
    {%- set right = "substring(" ~ other ~ ", 1, 200)" -%}
    {%- set longest = "greatest(length(" ~ left ~ "), length(" ~ right ~ "))" -%}
    {{ safe_rate(longest ~ " - levenshtein(" ~ left ~ ", " ~ right ~ ")", longest) }}
{%- endmacro %}

{#- The distinct pairs of neighbouring characters of a text, as a list; a single character stands for itself. -#}
{% macro character_pairs(expression) -%}
    {{ return(adapter.dispatch('character_pairs')(expression)) }}
{%- endmacro %}

{% macro duckdb__character_pairs(expression) -%}
    list_distinct(
        list_transform(
            range(1, greatest(length({{ expression }}), 2)), lambda place: substring({{ expression }}, place, 2)
        )
    )
{%- endmacro %}

{#- The texts of a group as a list of distinct ones. -#}
{% macro distinct_list(expression) -%}
    {{ return(adapter.dispatch('distinct_list')(expression)) }}
{%- endmacro %}

{% macro duckdb__distinct_list(expression) -%}
    list(distinct {{ expression }} order by {{ expression }})
{%- endmacro %}

{#- Two lists in one. -#}
{% macro joined_lists(one, other) -%}
    {{ return(adapter.dispatch('joined_lists')(one, other)) }}
{%- endmacro %}

{% macro duckdb__joined_lists(one, other) -%}
    list_concat({{ one }}, {{ other }})
{%- endmacro %}

{#- What two lists share of all that either has (Jaccard), 0–1. -#}
{% macro shared_part(one, other) -%}
    {{ return(adapter.dispatch('shared_part')(one, other)) }}
{%- endmacro %}

{% macro duckdb__shared_part(one, other) -%}
    {{ safe_rate(
        "len(list_intersect(" ~ one ~ ", " ~ other ~ "))", "len(list_distinct(list_concat(" ~ one ~ ", " ~ other ~ ")))"
    ) }}
{%- endmacro %}

{#- What a goal counts beside its money: its text without amounts of money, dates, document numbers and the numbers of a
    list. A figure that is left is a quantity. Chinese numerals count before a measure word only (二个, not 三农). -#}
{% macro without_money_and_dates(expression) -%}
    {%- set patterns = [
        '[0-9][0-9.,，]*[多余]?[十百千万亿]*元',
        '[(【〔[]?[0-9]{4}[)】〕][第]?[0-9]+号',
        '[0-9]{4}[./-][0-9]{1,2}([./-][0-9]{1,2})?',
        '([0-9]{4}[-—~～至到])?[0-9]{4}年[度]?',
        '([0-9]{1,2}[月]?[-—~～至到])?([0-9]{4}年)?[0-9]{1,2}月[份]?([0-9]{1,2}日)?',
        '(^|[。；;:：，,])[(]?[0-9]{1,2}[)、]',
        '(目标|任务|指标)[0-9]{1,2}',
        '^[0-9]{4}',
    ] -%}
    {%- set text = namespace(value=normalise_text(expression)) -%}
    {%- for pattern in patterns -%}
        {%- set text.value = without_pattern(text.value, pattern) -%}
    {%- endfor -%}
    {{ text.value }}
{%- endmacro %}

{#- Where a piece of a text begins or, with `behind`, ends in the document; null where the text does not have it. -#}
{% macro place_in(text_start, text, piece, behind=false) -%}
    cast(
            case
                when instr({{ text }}, {{ piece }}) > 0
                    then {{ text_start }} + instr({{ text }}, {{ piece }}) - 1{{ " + length(" ~ piece ~ ")" if behind }}
            end as integer
        )
{%- endmacro %}
