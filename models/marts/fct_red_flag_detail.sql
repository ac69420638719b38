-- Grain: one finding of a rule in a project-year.
{{ config(meta={'rebuilt_by': 'int_red_flags__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current', 'int_red_flags__affected') }}

),

checks as (

    {{ affected_rows('int_red_flags__judged', 'int_red_flags__affected') }}

),

final as (

    select
        {{ text_key(['checks.project_year_id', 'checks.rule_id', 'checks.detail_key']) }} as red_flag_detail_id,
        {{ text_key(['checks.project_year_id', 'checks.rule_id']) }} as red_flag_id,
        checks.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        checks.rule_id,
        checks.detail_key,
        checks.severity,
        checks.computed_value,
        checks.threshold,
        checks.operands,
        checks.evidence_start,
        checks.evidence_end,
        checks.evidence_text
    from checks
    inner join project_years
        on checks.project_year_id = project_years.project_year_id
    where checks.result = 'flagged'

)

select * from final
order by red_flag_detail_id asc
