-- Grain: one project-year, beside an earlier one.
{{ config(alias='项目年度') }}
{{ in_chinese('rpt_project_years') }}
