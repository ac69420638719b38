{#- When two years may not be put into one growth rate: code → condition on the pair. The sentences are in the seed
    `comparison_refusals`. -#}
{% macro comparison_refusals() %}
    {% do return({
        "county_unknown": "is_county_unknown",
        "different_county": "is_other_county",
        "sub_type_unknown": "is_sub_type_unknown",
        "different_sub_type": "is_other_sub_type",
        "different_kind": "is_other_kind",
        "different_project": "is_other_project",
        "different_denominator": "is_other_denominator",
        "year_gap": "has_year_gap",
        "no_constant_prices": "is_price_unknown",
        "no_amount": "is_amount_missing",
    }) %}
{% endmacro %}

{#- Why pairs of the CTE `pairs` are refused: one row per refused pair, its codes and its sentences in the order of the CTE
    `refusal_texts`. `pairs` has a column for every condition of `comparison_refusals`. -#}
{% macro refusals_of(pairs, key) %}
    select
        refusals.{{ key }},
        {{ joined_in_order('refusals.code', 'refusal_texts.ordinal', ',') }} as refusal_codes,
        {{ joined_in_order('refusal_texts.reason_zh', 'refusal_texts.ordinal') }} as refusal_reasons
    from (
        {%- for code, condition in comparison_refusals().items() %}
        select
            {{ key }},
            '{{ code }}' as code
        from {{ pairs }}
        where {{ condition }}
        {% if not loop.last %}
        union all
        {% endif %}
        {%- endfor %}
    ) as refusals
    inner join refusal_texts
        on refusals.code = refusal_texts.code
    group by refusals.{{ key }}
{%- endmacro %}
