-- Grain: one pair of reports whose own texts are alike: a project and its report of the year before, or two regions.
with

compared as (

    select * from {{ ref('int_texts__compared') }}

),

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

programmes as (

    select * from {{ ref('int_programmes__matched') }}

),

rules as (

    select * from {{ red_flag_rules() }}

),

settings as (

    {{ reference_with_own('measure_settings') }}

),

listed as (

    select
        compared.*,
        case compared.scope when 'previous_year' then 'E1' else 'E2' end as rule_id
    from compared
    inner join settings
        on
            settings.setting = 'listed_text_similarity'
            and compared.text_similarity >= {{ null_unless_castable('settings.value', 'double') }}

),

final as (

    select
        {{ text_key(['listed.scope', 'listed.project_year_id', 'listed.other_project_year_id']) }}
            as duplicate_text_id,
        listed.scope as duplicate_scope,
        listed.rule_id,
        listed.project_year_id,
        listed.other_project_year_id,
        one.fiscal_year,
        one.project_name,
        one.unit as unit_name,
        one.region_name,
        other.fiscal_year as other_fiscal_year,
        other.project_name as other_project_name,
        other.unit as other_unit_name,
        other.region_name as other_region_name,
        programmes.programme_family,
        listed.n_shared_shingles,
        listed.n_either_shingles,
        listed.text_similarity,
        cast(rules.threshold as double) as threshold,
        listed.text_similarity > rules.threshold as is_over_threshold
    from listed
    inner join project_years as one
        on listed.project_year_id = one.project_year_id
    inner join project_years as other
        on listed.other_project_year_id = other.project_year_id
    inner join rules
        on listed.rule_id = rules.rule_id
    left join programmes
        on listed.project_year_id = programmes.project_year_id

)

select * from final
order by duplicate_text_id asc
