-- Grain: one project-year × one rule: flagged, passed or not evaluable.
{{ config(meta={'rebuilt_by': 'int_red_flags__affected'}) }}
{%- set worst_first = [
    "case severity when 'E' then 1 when 'W' then 2 else 3 end",
    "case when evidence_start is null then 1 else 0 end",
    "evidence_start",
    "detail_key",
] %}
with

project_years as (

    {{ affected_rows('int_project_years__current', 'int_red_flags__affected') }}

),

rules as (

    select * from {{ red_flag_rules() }}

),

checks as (

    {{ affected_rows('int_red_flags__judged', 'int_red_flags__affected') }}

),

counted as (

    -- What a rule says of a report is what its worst check says, the first in the text among equals.
    select
        project_year_id,
        rule_id,
        cast(count(case when result <> 'not_evaluable' then 1 end) as integer) as n_evaluable,
        cast(count(case when result = 'flagged' then 1 end) as integer) as n_flagged,
        {{ first_in_order(
            'detail_key',
            ["case result when 'flagged' then 1 when 'passed' then 2 else 3 end"] + worst_first
        ) }} as worst_detail_key
    from checks
    group by project_year_id, rule_id

),

located as (

    select
        project_year_id,
        rule_id,
        {{ joined_in_order(
            as_text('evidence_start') ~ " || '–' || " ~ as_text('evidence_end') ~ " || '「' || evidence_text || '」'",
            worst_first | join(', ')
        ) }} as places_text
    from checks
    where result = 'flagged'
    group by project_year_id, rule_id

),

final as (

    select
        {{ text_key(['project_years.project_year_id', 'rules.rule_id']) }} as red_flag_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        project_years.kind,
        rules.rule_id,
        cast(rules.version as integer) as rule_version,
        rules.rule_group,
        coalesce(checks.result, 'not_evaluable') as result,
        case
            when coalesce(checks.result, 'not_evaluable') = 'not_evaluable' then coalesce(checks.reason, 'no_operands')
        end as reason,
        checks.severity,
        coalesce(counted.n_evaluable, 0) as n_evaluable,
        coalesce(counted.n_flagged, 0) as n_flagged,
        checks.computed_value,
        coalesce(checks.threshold, cast(rules.threshold as double)) as threshold,
        rules.threshold_unit,
        checks.operands,
        located.places_text,
        checks.evidence_start,
        checks.evidence_end,
        checks.evidence_text
    from project_years
    cross join rules
    left join counted
        on
            project_years.project_year_id = counted.project_year_id
            and rules.rule_id = counted.rule_id
    left join checks
        on
            counted.project_year_id = checks.project_year_id
            and counted.rule_id = checks.rule_id
            and counted.worst_detail_key = checks.detail_key
    left join located
        on
            project_years.project_year_id = located.project_year_id
            and rules.rule_id = located.rule_id

)

select * from final
order by red_flag_id asc
