-- Grain: one project-year.
{{ config(alias='执行率') }}
{{ in_chinese('fct_execution') }}
