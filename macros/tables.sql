{#-
    Whether a table model keeps the relation that stands and only gets new rows. With the selector `changed_data` the project
    is the one of the last complete build: columns, types, comments and the Chinese view are what they would be made anew.
-#}
{% macro keeps_relation() %}
    {% set standing = load_cached_relation(this) %}
    {% do return(
        not flags.FULL_REFRESH
        and invocation_args_dict.get("selector") == "changed_data"
        and config.get("contract").enforced
        and standing is not none
        and standing.is_table
    ) %}
{% endmacro %}

{#-
    A table as dbt makes it, or where the relation is kept its new rows in one transaction: who reads sees the old rows or the
    new ones, and a query that fails leaves the old. The rows stand in the order that the model asks for, and the Chinese view
    that the hook of a mart makes stands already.
-#}
{% materialization table, adapter="duckdb", supported_languages=["sql", "python"] %}
    {% if model.language != "sql" or not keeps_relation() %}
        {% do return(dbt.materialization_table_duckdb()) %}
    {% endif %}
    {% set target_relation = this.incorporate(type="table") %}
    {% call statement("main") %}
        delete from {{ target_relation }};
        insert into {{ target_relation }} {{ get_column_names() }} (
            {{ get_select_subquery(compiled_code) }}
        );
    {% endcall %}
    {% do adapter.commit() %}
    {% do return({"relations": [target_relation]}) %}
{% endmaterialization %}
