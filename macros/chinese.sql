{#-
    The Chinese door: every mart is also a view of the schema 中文, under the wording of the official form. The names stand
    once, beside the descriptions (`config.meta.zh` of the mart and of each column); every mart makes its view anew when it
    is built, so the two cannot drift; a mart that only gets new rows keeps the view it has.
-#}
{% macro chinese_schema() %}
    {% do return("中文") %}
{% endmacro %}

{#- Post-hook of every mart: its view, with the mart's descriptions and the English name of each column as comments. -#}
{% macro open_chinese_door() %}
    {% if execute and model.resource_type == "model" and not keeps_relation() %}
        {% do return(adapter.dispatch("chinese_view")(
            adapter.quote(chinese_schema()) ~ "." ~ adapter.quote(model.config.meta.zh),
            this.include(database=false),
            model
        )) %}
    {% endif %}
{% endmacro %}

{% macro default__chinese_view(view, mart, model) %}
create or replace view {{ view }} as
select
    {%- for column in model.columns.values() %}
    {{ column.name }} as {{ adapter.quote(column.config.meta.zh) }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ mart }};
comment on view {{ view }} is {{ text_literal(model.description ~ " [" ~ model.schema ~ "." ~ model.name ~ "]") }};
    {%- for column in model.columns.values() %}
comment on column {{ view }}.{{ adapter.quote(column.config.meta.zh) }} is {# -#}
        {{ text_literal(column.description ~ " [" ~ column.name ~ "]") }};
    {%- endfor %}
{% endmacro %}

{% macro text_literal(text) %}
    {%- do return("'" ~ text | replace("'", "''") ~ "'") -%}
{% endmacro %}

{#-
    Before anything is built: every mart and every column of one has a Chinese name, no two things of one place share one,
    and one English column name has the same Chinese name wherever it stands.
-#}
{% macro require_chinese_names() %}
    {% if not execute %}
        {% do return("") %}
    {% endif %}
    {% set problems, views, columns = [], {}, {} %}
    {% for mart in published_marts() %}
        {% set name = mart.config.meta.get("zh") %}
        {% if not name %}
            {% do problems.append(mart.name ~ ": 没有中文表名 no Chinese name (config.meta.zh)") %}
        {% elif name in views %}
            {% do problems.append(mart.name ~ ", " ~ views[name] ~ ": 中文表名重复 the same Chinese name " ~ name) %}
        {% endif %}
        {% do views.update({name: mart.name}) %}
        {% set shown = {} %}
        {% for column in mart.columns.values() %}
            {% set place, zh = mart.name ~ "." ~ column.name, column.config.meta.get("zh") %}
            {% if not zh %}
                {% do problems.append(place ~ ": 没有中文列名 no Chinese name (config.meta.zh)") %}
            {% else %}
                {% if zh in shown %}
                    {% do problems.append(place ~ ", " ~ shown[zh] ~ ": 中文列名重复 the same Chinese name " ~ zh) %}
                {% endif %}
                {% set first = columns.setdefault(column.name, [zh, place]) %}
                {% if first[0] != zh %}
                    {% do problems.append(
                        place ~ ": " ~ zh ~ ", " ~ first[1] ~ ": " ~ first[0] ~ " 同一列有两个中文名 one column, two names"
                    ) %}
                {% endif %}
                {% do shown.update({zh: column.name}) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% if problems %}
        {% do exceptions.raise_compiler_error("中文名 Chinese names: " ~ problems | join("; ")) %}
    {% endif %}
{% endmacro %}

{% macro published_marts() %}
    {% set marts = [] %}
    {% for node in graph.nodes.values() | sort(attribute="name") %}
        {% if node.resource_type == "model" and node.schema == "marts" %}
            {% do marts.append(node) %}
        {% endif %}
    {% endfor %}
    {% do return(marts) %}
{% endmacro %}

{#-
    What an earlier version of the project made and this one does not know must not travel on with the next release.
-#}
{% macro drop_forgotten_relations() %}
    {% if not execute %}
        {% do return("") %}
    {% endif %}
    {% set known = [] %}
    {% for node in graph.nodes.values() if node.resource_type in ("model", "seed") %}
        {% do known.append(node.schema ~ "." ~ (node.alias or node.name)) %}
    {% endfor %}
    {% for node in graph.nodes.values() if node.resource_type == "test" and node.config.store_failures %}
        {% do known.append(node.schema ~ "." ~ (node.alias or node.name)) %}
    {% endfor %}
    {% for mart in published_marts() %}
        {% do known.append(chinese_schema() ~ "." ~ mart.config.meta.zh) %}
    {% endfor %}
    {% set statements = ["create schema if not exists " ~ adapter.quote(chinese_schema())] %}
    {#- Outside a transaction: nobody would end one that a hook has begun. -#}
    {% call statement("relations", fetch_result=True, auto_begin=False) %}
        select table_schema, table_name, case when table_type = 'VIEW' then 'view' else 'table' end
        from information_schema.tables
        where
            table_catalog = '{{ target.database }}'
            and table_schema in ('staging', 'intermediate', 'marts', 'reference', 'checks', '{{ chinese_schema() }}')
        order by table_schema, table_name
    {% endcall %}
    {% for row in load_result("relations").data if row[0] ~ "." ~ row[1] not in known %}
        {% do statements.append("drop " ~ row[2] ~ " " ~ adapter.quote(row[0]) ~ "." ~ adapter.quote(row[1])) %}
    {% endfor %}
    {% do return(statements | join(";\n")) %}
{% endmacro %}
