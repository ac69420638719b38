{#- Whether a column is a key: something in every row, and never the same twice. One test of both costs half of two. -#}
{% test is_key(model, column_name) %}
    select
        {{ column_name }},
        count(*) as n_rows
    from {{ model }}
    group by {{ column_name }}
    having count(*) > 1 or {{ column_name }} is null
{% endtest %}
