{#-
    The models of the red flags, one per topic. A model is named here as soon as it exists: everything else reads this list.
-#}
{% macro red_flag_models() %}
    {% do return([
        "int_red_flags__totals",
        "int_red_flags__parts",
        "int_red_flags__indicator_results",
        "int_red_flags__execution",
        "int_red_flags__costs",
        "int_red_flags__told_money",
        "int_red_flags__targets",
        "int_red_flags__goals",
        "int_red_flags__scores",
        "int_red_flags__texts",
        "int_red_flags__dates",
        "int_red_flags__identity",
    ]) %}
{% endmacro %}

{#- The columns that every model of the list has, with its types. -#}
{% macro red_flag_columns() %}
    {% do return([
        "project_year_id", "rule_id", "detail_key", "result", "reason", "severity", "computed_value", "threshold",
        "operands", "evidence_start", "evidence_end", "evidence_text",
    ]) %}
{% endmacro %}

{#- The rules as data: a person's own rows win. -#}
{% macro red_flag_rules() -%}
    ({{ reference_with_own('red_flag_rules') }}) as rules_in_force
{%- endmacro %}

{#- The rows of these CTEs, one after the other. -#}
{% macro rows_of_all(names) -%}
    {%- for name in names -%}
    select * from {{ name }}{{ "\n    union all\n    " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#-
    The verdict on every row of the CTE `checks`, in exactly the columns of `red_flag_columns`. `checks` has project_year_id,
    rule_id, detail_key, reason (a code where the check cannot be made, else null), computed_value, is_hit, severity (null:
    that of the rule or its band), operands, evidence_start, evidence_end, evidence_text; `rules` is the CTE of the rules.
    A rule whose comparison is `match` is decided by `is_hit`, every other by its limits, unless `is_hit` is given: then
    that wins. A check without a value, a hit or a reason is not evaluable (`no_value`). `further_when` tells the checks, all
    with an `is_hit` of their own, whose limit is the further one of their rule.
-#}
{% macro judged_checks(checks='checks', rules='rules', further_when=none) %}
    select
        project_year_id,
        rule_id,
        detail_key,
        case
            when reason is not null or is_flagged is null then 'not_evaluable'
            when is_flagged then 'flagged'
            else 'passed'
        end as result,
        coalesce(reason, case when is_flagged is null then 'no_value' end) as reason,
        case
            when reason is not null or not coalesce(is_flagged, false) then null
            when given_severity is not null then given_severity
            when is_in_third then third_severity
            when is_in_second then second_severity
            when is_low then severity_low
        end as severity,
        case when reason is null then computed_value end as computed_value,
        cast(
            case
                when reason is not null then null
                {%- if further_when %}
                when {{ further_when }} then further_threshold
                {%- endif %}
                when is_in_third then third_threshold
                when is_in_second then second_threshold
                when is_low then threshold_low
                else threshold
            end as double
        ) as threshold,
        operands,
        evidence_start,
        evidence_end,
        evidence_text
    from (
        select
            checks.*,
            rules.threshold,
            rules.further_threshold,
            rules.threshold_low,
            rules.severity_low,
            rules.second_threshold,
            rules.second_severity,
            rules.third_threshold,
            rules.third_severity,
            coalesce(
                checks.is_hit,
                case rules.comparison
                    when 'above' then checks.compared > rules.threshold
                    when 'at_least' then checks.compared >= rules.threshold
                    when 'below' then checks.compared < rules.threshold
                    when 'outside'
                        then checks.compared > rules.threshold or coalesce(checks.compared < rules.threshold_low, false)
                    when 'differs' then checks.compared <> rules.threshold
                end
            ) as is_flagged,
            rules.comparison = 'outside' and coalesce(checks.compared < rules.threshold_low, false) as is_low,
            {%- for band in ['second', 'third'] %}
            coalesce(
                case
                    when rules.comparison = 'below' and rules.has_inclusive_bands
                        then checks.compared <= rules.{{ band }}_threshold
                    when rules.comparison = 'below' then checks.compared < rules.{{ band }}_threshold
                    when rules.has_inclusive_bands then checks.compared >= rules.{{ band }}_threshold
                    else checks.compared > rules.{{ band }}_threshold
                end,
                false
            ) as is_in_{{ band }}{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select
                *,
                severity as given_severity,
                {{ null_unless_castable('computed_value', 'decimal(24, 6)') }} as compared
            from {{ checks }}
        ) as checks
        inner join {{ rules }} as rules
            on checks.rule_id = rules.rule_id
    ) as judged
{%- endmacro %}

{#- The words of one role in the CTE `words`. -#}
{% macro flag_words(role) -%}
    (select wording from words where role = '{{ role }}')
{%- endmacro %}

{#- A decimal as people write it: without closing zeros. -#}
{% macro plain_number(expression) -%}
    {{ without_closing_zeros(null_unless_castable(expression, 'decimal(24, 6)')) }}
{%- endmacro %}

{#- A rate, 0–1, in per cent with two places. -#}
{% macro plain_rate(expression) -%}
    {{ without_closing_zeros(null_unless_castable('100 * (' ~ expression ~ ')', 'decimal(18, 2)')) }} || '%'
{%- endmacro %}

{#- A number of a type with decimal places as text, without the zeros that close it. -#}
{% macro without_closing_zeros(expression) -%}
    trim(trailing '.' from trim(trailing '0' from {{ as_text(expression) }}))
{%- endmacro %}

{#- The points that a heading prints behind its name: 产出指标（50分） → 50; null where it prints none. -#}
{% macro printed_points(expression) -%}
    {{ return(adapter.dispatch('printed_points')(expression)) }}
{%- endmacro %}

{% macro default__printed_points(expression) -%}
    {{ null_unless_castable(
        "nullif(regexp_extract(" ~ normalise_text(expression) ~ ", '([0-9]+[.]?[0-9]*)分', 1), '')", 'decimal(9, 4)'
    ) }}
{%- endmacro %}

{#- 元/支 in its two parts; a unit without a stroke has no second. -#}
{% macro before_slash(expression) -%}
    case
            when instr({{ expression }}, '/') > 1
                then substring({{ expression }}, 1, instr({{ expression }}, '/') - 1)
            else {{ expression }}
        end
{%- endmacro %}

{% macro after_slash(expression) -%}
    case
            when instr({{ expression }}, '/') > 1
                then nullif(substring({{ expression }}, instr({{ expression }}, '/') + 1), '')
        end
{%- endmacro %}

{#- What a check has nothing of, in the columns that `judged_checks` asks for. -#}
{% macro no_detail() -%}
    '' as detail_key
{%- endmacro %}

{% macro no_reason() -%}
    cast(null as {{ dbt.type_string() }}) as reason
{%- endmacro %}

{% macro no_value() -%}
    cast(null as double) as computed_value
{%- endmacro %}

{% macro no_hit() -%}
    cast(null as boolean) as is_hit
{%- endmacro %}

{% macro no_severity() -%}
    cast(null as {{ dbt.type_string() }}) as severity
{%- endmacro %}

{% macro no_place() -%}
    cast(null as integer) as evidence_start,
        cast(null as integer) as evidence_end,
        cast(null as {{ dbt.type_string() }}) as evidence_text
{%- endmacro %}

{#- Why nothing can be said of the text of a report; null where there is one. `measures` is its row of text measures. -#}
{% macro text_reason(measures) -%}
    case
            when {{ measures }}.report_id is null or coalesce({{ measures }}.n_characters, 1) = 0 then 'no_text'
            when {{ measures }}.n_characters is null then 'shared_text'
        end
{%- endmacro %}
