{#- The first levels whose shares make a weight profile, in the order of the form. -#}
{% macro weight_parts() %}
    {% do return([
        {"level1": "DECISION", "column": "decision_weight_points", "share": "decision_share"},
        {"level1": "PROCESS", "column": "process_weight_points", "share": "process_share"},
        {"level1": "COST", "column": "cost_weight_points", "share": "cost_share"},
        {"level1": "OUTPUT", "column": "output_weight_points", "share": "output_share"},
        {"level1": "BENEFIT", "column": "benefit_weight_points", "share": "benefit_share"},
        {"level1": "SATISFACTION", "column": "satisfaction_weight_points", "share": "satisfaction_share"},
        {"level1": "EXEC", "column": "execution_row_weight_points", "share": "execution_share"},
    ]) %}
{% endmacro %}
