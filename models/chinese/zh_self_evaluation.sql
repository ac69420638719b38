-- Grain: one project-year.
{{ config(alias='自评结果') }}
{{ in_chinese('fct_self_evaluation') }}
