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
