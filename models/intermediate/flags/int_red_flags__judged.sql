-- Grain: one check of a rule on a project-year: a rule with one finding per report has one, others one per indicator,
-- stage or figure.
with

rules as (

    select * from {{ red_flag_rules() }}

),

judged as (
    {% for name in red_flag_models() %}
    select
        {{ columns_of(none, red_flag_columns()) }}
    from {{ ref(name) }}
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

final as (

    select
        judged.project_year_id,
        judged.rule_id,
        judged.detail_key,
        judged.result,
        judged.reason,
        case when judged.result = 'flagged' then coalesce(judged.severity, rules.severity) end as severity,
        judged.computed_value,
        judged.threshold,
        judged.operands,
        judged.evidence_start,
        judged.evidence_end,
        judged.evidence_text
    from judged
    inner join rules
        on judged.rule_id = rules.rule_id

)

select * from final
