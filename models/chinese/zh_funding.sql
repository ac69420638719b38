-- Grain: one printed sum.
{{ config(alias='资金') }}
{{ in_chinese('fct_funding') }}
