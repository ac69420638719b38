-- Grain: one project-year × one rule: flagged, passed or not evaluable.
{{ config(meta={'rebuilt_by': 'int_red_flags__affected'}) }}
{%- set worst_first = "case severity when 'E' then 1 when 'W' then 2 else 3 end asc, " ~
    "evidence_start asc nulls last, detail_key asc" %}
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

ranked as (

    -- What a rule says of a report is what its worst check says, the first in the text among equals.
    select
        *,
        row_number() over (
            partition by project_year_id, rule_id
            order by
                case result when 'flagged' then 1 when 'passed' then 2 else 3 end asc,
                {{ worst_first }}
        ) as preference
    from checks

),

counted as (

    select
        project_year_id,
        rule_id,
        cast(count(case when result <> 'not_evaluable' then 1 end) as integer) as n_evaluable,
        cast(count(case when result = 'flagged' then 1 end) as integer) as n_flagged
    from checks
    group by project_year_id, rule_id

),

located as (

    select
        project_year_id,
        rule_id,
        {{ joined_in_order(
            as_text('evidence_start') ~ " || '–' || " ~ as_text('evidence_end') ~ " || '「' || evidence_text || '」'",
            worst_first
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
        coalesce(ranked.result, 'not_evaluable') as result,
        case
            when coalesce(ranked.result, 'not_evaluable') = 'not_evaluable' then coalesce(ranked.reason, 'no_operands')
        end as reason,
        ranked.severity,
        coalesce(counted.n_evaluable, 0) as n_evaluable,
        coalesce(counted.n_flagged, 0) as n_flagged,
        ranked.computed_value,
        coalesce(ranked.threshold, cast(rules.threshold as double)) as threshold,
        rules.threshold_unit,
        ranked.operands,
        located.places_text,
        ranked.evidence_start,
        ranked.evidence_end,
        ranked.evidence_text
    from project_years
    cross join rules
    left join ranked
        on
            project_years.project_year_id = ranked.project_year_id
            and rules.rule_id = ranked.rule_id
            and ranked.preference = 1
    left join counted
        on
            project_years.project_year_id = counted.project_year_id
            and rules.rule_id = counted.rule_id
    left join located
        on
            project_years.project_year_id = located.project_year_id
            and rules.rule_id = located.rule_id

)

select * from final
order by red_flag_id asc
