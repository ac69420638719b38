{#- The tables of a report that become facts row by row: staging view → fact. -#}
{% macro facts_by_row() %}
    {% do return({
        "stg_reports__funding_lines": "fct_funding",
        "stg_reports__indicators": "fct_indicator_attainment",
        "stg_reports__findings": "fct_finding",
        "stg_reports__citations": "fct_citation",
        "stg_reports__parties": "fct_party",
        "stg_reports__events": "fct_event",
        "stg_reports__mentions": "fct_mention",
        "stg_reports__statements": "fct_statement",
        "stg_reports__warnings": "fct_warning",
    }) %}
{% endmacro %}
