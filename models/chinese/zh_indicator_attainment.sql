-- Grain: one level-3 indicator of a project-year.
{{ config(alias='指标完成') }}
{{ in_chinese('fct_indicator_attainment') }}
