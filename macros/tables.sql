{#-
    Whether a table model keeps the relation that stands and only gets new rows. With these selectors the project is the one
    of the last complete build: columns, types, comments and the Chinese view are what they would be made anew.
-#}
{% macro keeps_relation() %}
    {% set standing = load_cached_relation(this) %}
    {% do return(
        not flags.FULL_REFRESH
        and invocation_args_dict.get("selector") in ("changed_data", "new_reports")
        and config.get("contract").enforced
        and standing is not none
        and standing.is_table
    ) %}
{% endmacro %}

{#-
    Whether a model makes only the rows of affected project-years again: only reports have come or gone since the last build,
    and each of its rows is made of what lies in one project, or in one project-year. The model names the table that tells
    them: `meta: {rebuilt_by: int_project_years__affected}`.
-#}
{% macro rebuilds_affected() %}
    {% do return(
        invocation_args_dict.get("selector") == "new_reports"
        and (config.get("meta") or {}).get("rebuilt_by") is not none
        and keeps_relation()
    ) %}
{% endmacro %}

{% macro is_affected(told_by) -%}
    project_year_id in (select project_year_id from {{ ref(told_by) }} where is_affected)
{%- endmacro %}

{#-
    The rows of a model that a model with `rebuilt_by` is made of: all, or those of the affected project-years. Whatever a
    model reads beside them, only rows of affected project-years are written. While dbt reads the project, it has to see what
    the model may depend on; a unit test gives only what the model is tested with.
-#}
{% macro affected_rows(name, told_by="int_project_years__affected") -%}
    select * from {{ ref(name) }}{% if not execute or rebuilds_affected() %} where {{ is_affected(told_by) }}{% endif %}
{%- endmacro %}

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
    {% set condition = "where " ~ is_affected(config.get("meta").rebuilt_by) if rebuilds_affected() %}
    {% call statement("main") %}
        delete from {{ target_relation }} {{ condition }};
        insert into {{ target_relation }} {{ get_column_names() }} (
            select * from ({{ get_select_subquery(compiled_code) }}) as made {{ condition }}
        );
    {% endcall %}
    {% do adapter.commit() %}
    {% do return({"relations": [target_relation]}) %}
{% endmaterialization %}
