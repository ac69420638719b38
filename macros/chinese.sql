{#-
    A mart under the wording of the official form. The columns of the view's own contract say which column of the mart each
    one shows (`config.meta.shows`), so the names stand in one place.
-#}
{% macro in_chinese(mart) -%}
select
    {%- for column in model.columns.values() %}
    {{ column.config.meta.shows }} as {{ adapter.quote(column.name) }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ ref(mart) }}
{%- endmacro %}
