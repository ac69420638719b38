-- Grain: one project-year: how many of the checks that could be made were flagged.
{{ config(meta={'rebuilt_by': 'int_red_flags__affected'}) }}
with

flags as (

    {{ affected_rows('fct_red_flag', 'int_red_flags__affected') }}

),

counted as (

    select
        project_year_id,
        document_id,
        fiscal_year,
        cast(count(*) as integer) as n_rules,
        cast(count(case when result <> 'not_evaluable' then 1 end) as integer) as n_evaluable_rules,
        cast(count(case when result = 'flagged' then 1 end) as integer) as n_flagged_rules,
        cast(count(case when severity = 'E' then 1 end) as integer) as n_error_rules,
        cast(count(case when severity = 'W' then 1 end) as integer) as n_warning_rules,
        cast(count(case when severity = 'I' then 1 end) as integer) as n_information_rules,
        cast(sum(n_evaluable) as integer) as n_evaluable_checks,
        cast(sum(n_flagged) as integer) as n_flagged_checks
    from flags
    group by project_year_id, document_id, fiscal_year

),

listed as (

    -- Most rules are not flagged: what is put in order is what is told.
    select
        project_year_id,
        {{ joined_in_order('rule_id', 'rule_id', ',') }} as flagged_rules
    from flags
    where result = 'flagged'
    group by project_year_id

),

final as (

    select
        counted.project_year_id,
        counted.document_id,
        counted.fiscal_year,
        counted.n_rules,
        counted.n_evaluable_rules,
        counted.n_flagged_rules,
        counted.n_error_rules,
        counted.n_warning_rules,
        counted.n_information_rules,
        counted.n_evaluable_checks,
        counted.n_flagged_checks,
        {{ safe_rate('10 * counted.n_flagged_checks', 'counted.n_evaluable_checks') }} as flag_load,
        {{ safe_rate('counted.n_flagged_rules', 'counted.n_evaluable_rules') }} as flagged_rule_rate,
        listed.flagged_rules
    from counted
    left join listed
        on counted.project_year_id = listed.project_year_id

)

select * from final
order by project_year_id asc
