{#- The kinds of documents in which a unit evaluates a project of its own: what is due from every project each year. -#}
{% macro is_self_evaluation(kind) -%}
    {{ kind }} in ('project_self_evaluation', 'transfer_self_evaluation')
{%- endmacro %}

{#- A threshold of the comparisons, from the relation `settings` of the reference table `comparison_settings`. -#}
{% macro comparison_setting(setting) -%}
    max(case when setting = '{{ setting }}' then value end)
{%- endmacro %}

{#- The value at a share (0–1) of the ordered values of a group: always one of them. -#}
{% macro quantile(expression, share) -%}
    percentile_disc({{ share }}) within group (order by {{ expression }})
{%- endmacro %}

{#- The mean of rates with at most six places, exact; null where none is known. -#}
{% macro mean_rate(expression) -%}
    {{ safe_rate('sum(cast(' ~ expression ~ ' as decimal(18, 6)))', 'count(' ~ expression ~ ')') }}
{%- endmacro %}

{#-
    Why the values of a group of project-years may not become one rate: those that have a value must be of one programme
    and sub-type and, where `denominator` names the column, over one denominator; one alone is always itself. Null where
    nothing speaks against it.
-#}
{% macro pooling_refusal(value, denominator=none) -%}
    case
            when count({{ value }}) = 0 then 'no_operands'
            {%- if denominator is not none %}
            when count(distinct case when {{ value }} is not null then {{ denominator }} end) > 1
                then 'different_denominators'
            {%- endif %}
            when count({{ value }}) = 1 then null
            when count(distinct case when {{ value }} is not null then programme_id end) > 1 then 'different_sub_types'
            else min(case when {{ value }} is not null then programme_reason end)
        end
{%- endmacro %}

{#- The mean of rates, where they may be put together. -#}
{% macro pooled_mean(value, denominator=none) -%}
    case when {{ pooling_refusal(value, denominator) }} is null then {{ mean_rate(value) }} end
{%- endmacro %}

{#-
    What a group of project-years has in common: counts, sums with the number of project-years they rest on, and rates
    that are null where the parts may not be put together. The rows come with the columns of
    `int_project_years__measured`.
-#}
{% macro pooled_columns() -%}
    cast(count(*) as integer) as n_projects,
        cast(count(executed_yuan) as integer) as n_with_outlay,
        {{ null_unless_castable('sum(executed_yuan)', 'decimal(18, 2)') }} as executed_yuan,
        case
            when count(executed_constant_yuan) = count(executed_yuan)
                then {{ null_unless_castable('sum(executed_constant_yuan)', 'decimal(18, 2)') }}
        end as executed_constant_yuan,
        cast(count(budget_yuan) as integer) as n_with_budget,
        -- Budgets of different stages are no sum.
        case when count(distinct budget_stage) = 1 then min(budget_stage) end as budget_stage,
        case
            when count(distinct budget_stage) = 1
                then {{ null_unless_castable('sum(budget_yuan)', 'decimal(18, 2)') }}
        end as budget_yuan,
        cast(count(rated_budget_yuan) as integer) as n_with_execution_rate,
        case
            when {{ pooling_refusal('rated_budget_yuan', 'rated_stage') }} is null
                then {{ safe_rate('sum(rated_executed_yuan)', 'sum(rated_budget_yuan)') }}
        end as execution_rate,
        case when count(distinct rated_stage) = 1 then min(rated_stage) end as execution_rate_denominator,
        coalesce(
            {{ pooling_refusal('rated_budget_yuan', 'rated_stage') }},
            case when sum(rated_budget_yuan) = 0 then 'zero_budget' end
        ) as execution_rate_reason,
        cast(count(indicator_attainment_rate) as integer) as n_with_attainment,
        {{ pooled_mean('indicator_attainment_rate') }} as indicator_attainment_rate,
        {{ pooling_refusal('indicator_attainment_rate') }} as attainment_rate_reason,
        cast(count(attainment_execution_gap) as integer) as n_with_gap,
        {{ pooled_mean('attainment_execution_gap', 'gap_denominator') }} as attainment_execution_gap,
        {{ pooling_refusal('attainment_execution_gap', 'gap_denominator') }} as gap_reason,
        case
            when {{ pooling_refusal('attainment_execution_gap', 'gap_denominator') }} is null then min(gap_denominator)
        end as gap_denominator,
        cast(count(median_target_ambition) as integer) as n_with_ambition,
        {{ pooled_mean('median_target_ambition') }} as median_target_ambition,
        {{ pooling_refusal('median_target_ambition') }} as median_target_ambition_reason,
        cast(sum(n_reasons_due) as integer) as n_reasons_due,
        cast(sum(n_reasons_given) as integer) as n_reasons_given,
        {{ safe_rate('sum(n_reasons_given)', 'sum(n_reasons_due)') }} as reason_rate,
        cast(sum(n_evaluable_checks) as integer) as n_evaluable_checks,
        cast(sum(n_flagged_checks) as integer) as n_flagged_checks,
        {{ safe_rate('10 * sum(n_flagged_checks)', 'sum(n_evaluable_checks)') }} as flag_load
{%- endmacro %}

{#-
    The place of a value among its peers: how many peers have a value, the share of the others that lie below, and why
    there is none. `peers` are the columns that make a peer group; `refusal` is a column with the reason for which a row
    has no peers at all, `reason` the one for which it has no value.
-#}
{% macro ranked_among_peers(name, value, peers, refusal, reason) -%}
    case
            when {{ refusal }} is null and {{ value }} is not null
                then cast(count({{ value }}) over (partition by {{ peers | join(', ') }}, {{ refusal }}) as integer)
        end as n_{{ name }}_peers,
        case
            when
                {{ refusal }} is null and {{ value }} is not null
                and count({{ value }}) over (partition by {{ peers | join(', ') }}, {{ refusal }}) >= minimum_peers
                then {{ safe_rate(
                    'rank() over (partition by ' ~ peers | join(', ') ~ ', ' ~ refusal ~ ' order by '
                    ~ value ~ ' asc nulls last) - 1',
                    'count(' ~ value ~ ') over (partition by ' ~ peers | join(', ') ~ ', ' ~ refusal ~ ') - 1'
                ) }}
        end as {{ name }}_percentile,
        case
            when {{ refusal }} is not null then {{ refusal }}
            when {{ value }} is null then coalesce({{ reason }}, 'no_operands')
            when count({{ value }}) over (partition by {{ peers | join(', ') }}, {{ refusal }}) < minimum_peers
                then 'too_few_peers'
        end as {{ name }}_percentile_reason
{%- endmacro %}

