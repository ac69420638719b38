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
        cast(sum(n_flagged) as integer) as n_flagged_checks,
        {{ joined_in_order("case when result = 'flagged' then rule_id end", 'rule_id', ',') }} as flagged_rules
    from flags
    group by project_year_id, document_id, fiscal_year

),

final as (

    select
        project_year_id,
        document_id,
        fiscal_year,
        n_rules,
        n_evaluable_rules,
        n_flagged_rules,
        n_error_rules,
        n_warning_rules,
        n_information_rules,
        n_evaluable_checks,
        n_flagged_checks,
        {{ safe_rate('10 * n_flagged_checks', 'n_evaluable_checks') }} as flag_load,
        {{ safe_rate('n_flagged_rules', 'n_evaluable_rules') }} as flagged_rule_rate,
        flagged_rules
    from counted

)

select * from final
order by project_year_id asc
