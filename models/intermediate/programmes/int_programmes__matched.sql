-- Grain: one project-year, with the programme family its name belongs to; no match leaves the family empty.
{{ config(materialized='table') }}
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

candidates as (

    select * from {{ ref('int_programmes__scored') }}

),

parties as (

    select * from {{ ref('stg_reports__parties') }}

),

sub_types as (

    {{ reference_with_own('programme_sub_types') }}

),

decisions as (

    {{ reference_with_own('match_decisions') }}

),

settings as (

    {{ reference_with_own('match_settings') }}

),

typed_families as (

    select distinct programme_family
    from {{ ref('dim_programme') }}
    where programme_sub_type is not null

),

limits as (

    select
        max(case when setting = 'accept_from' then value end) as accept_from,
        max(case when setting = 'doubtful_below' then value end) as doubtful_below,
        max(case when setting = 'rival_within' then value end) as rival_within
    from settings

),

payees as (

    select
        record_id,
        report_id,
        {{ normalise_text(joined_distinct('party_name')) }} as payee_key
    from parties
    where party_role = 'payee'
    group by record_id, report_id

),

named as (

    select
        project_years.project_year_id,
        project_years.fiscal_year,
        {{ programme_name_key('project_years.project_name') }} as name_key,
        {{ normalise_text('project_years.unit') }} as unit_key,
        payees.payee_key
    from project_years
    left join payees
        on
            project_years.record_id = payees.record_id
            and project_years.report_id = payees.report_id

),

decided as (

    -- What was decided for one unit goes before what was decided for the name anywhere.
    select
        named.project_year_id,
        decisions.family,
        decisions.sub_type,
        decisions.reviewer,
        row_number() over (
            partition by named.project_year_id
            order by
                decisions.unit asc nulls last,
                decisions.valid_from_year desc nulls last,
                decisions.reviewer asc
        ) as preference
    from named
    inner join decisions
        on
            named.name_key = {{ programme_name_key('decisions.project_name') }}
            and (decisions.unit is null or named.unit_key = {{ normalise_text('decisions.unit') }})
            and {{ is_valid_in('named.fiscal_year', 'decisions.valid_from_year', 'decisions.valid_to_year') }}

),

best as (

    select * from candidates
    where preference = 1

),

rivals as (

    -- Two families of which neither wording stands inside the other's.
    select
        best.project_year_id,
        max(rivals.match_score) as rival_score
    from best
    inner join candidates as rivals
        on
            best.project_year_id = rivals.project_year_id
            and rivals.preference > 1
            and instr(best.matched_alias, rivals.matched_alias) = 0
    group by best.project_year_id

),

judged as (

    select
        best.*,
        best.excluding_wording is null and best.match_score >= limits.accept_from as is_accepted,
        best.excluding_wording is not null
        or best.match_score < limits.doubtful_below
        or coalesce(rivals.rival_score > best.match_score - limits.rival_within, false) as is_doubtful
    from best
    cross join limits
    left join rivals
        on best.project_year_id = rivals.project_year_id

),

chosen as (

    select
        named.project_year_id,
        named.name_key,
        named.payee_key,
        decided.reviewer as match_reviewer,
        case
            when decided.project_year_id is not null then decided.family
            when judged.is_accepted then judged.programme_family
        end as family,
        case
            when decided.project_year_id is not null then decided.sub_type
            when judged.is_accepted then judged.alias_sub_type
        end as stated_sub_type,
        case when decided.project_year_id is null and judged.is_accepted then judged.matched_alias end as matched_alias,
        case
            when decided.project_year_id is not null then 'decision'
            when judged.is_accepted then judged.match_method
        end as match_method,
        case
            when decided.project_year_id is not null then 1
            when judged.is_accepted then judged.match_score
        end as match_score,
        decided.project_year_id is null and coalesce(judged.is_doubtful, false) as is_doubtful_match
    from named
    left join decided
        on
            named.project_year_id = decided.project_year_id
            and decided.preference = 1
    left join judged
        on named.project_year_id = judged.project_year_id

),

typed as (

    select
        chosen.project_year_id,
        sub_types.sub_type,
        row_number() over (
            partition by chosen.project_year_id
            order by sub_types.priority asc, sub_types.sub_type asc
        ) as preference
    from chosen
    inner join sub_types
        on
            chosen.family = sub_types.family
            and instr(
                case when sub_types.field = 'payee' then chosen.payee_key else chosen.name_key end,
                case
                    when sub_types.field = 'payee' then {{ normalise_text('sub_types.pattern') }}
                    else {{ programme_name_key('sub_types.pattern') }}
                end
            ) > 0

),

sub_typed as (

    select
        chosen.*,
        coalesce(chosen.stated_sub_type, typed.sub_type) as sub_type
    from chosen
    left join typed
        on
            chosen.project_year_id = typed.project_year_id
            and typed.preference = 1

),

final as (

    select
        sub_typed.project_year_id,
        case when sub_typed.family is not null then {{ text_key(['sub_typed.family', 'sub_typed.sub_type']) }} end
            as programme_id,
        sub_typed.family as programme_family,
        sub_typed.sub_type as programme_sub_type,
        -- Where a family has no sub-types, all of it is one.
        case
            when sub_typed.family is null then 'programme_unknown'
            when sub_typed.sub_type is null and typed_families.programme_family is not null then 'sub_type_unknown'
        end as programme_reason,
        sub_typed.matched_alias,
        sub_typed.match_method,
        cast(sub_typed.match_score as double) as match_score,
        sub_typed.is_doubtful_match,
        sub_typed.match_reviewer
    from sub_typed
    left join typed_families
        on sub_typed.family = typed_families.programme_family

)

select * from final
