-- Grain: one project-year, with the programme family its name belongs to; no match leaves the family empty.
{{ config(materialized='table') }}
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

parties as (

    select * from {{ ref('stg_reports__parties') }}

),

aliases as (

    {{ reference_with_own('programme_aliases') }}

),

sub_types as (

    {{ reference_with_own('programme_sub_types') }}

),

payees as (

    select
        record_id,
        report_id,
        {{ joined_distinct('party_name') }} as payee_names
    from parties
    where party_role = 'payee'
    group by record_id, report_id

),

named as (

    select
        project_years.project_year_id,
        {{ normalise_text('project_years.project_name') }} as name_key,
        project_years.project_name_key,
        {{ normalise_text('payees.payee_names') }} as payee_key
    from project_years
    left join payees
        on
            project_years.record_id = payees.record_id
            and project_years.report_id = payees.report_id

),

wordings as (

    select
        family,
        {{ normalise_text('wording') }} as wording_key,
        is_negative
    from aliases

),

hits as (

    select
        named.project_year_id,
        named.project_name_key,
        wordings.family,
        wordings.wording_key,
        wordings.is_negative
    from named
    inner join wordings
        on instr(named.name_key, wordings.wording_key) > 0

),

vetoes as (

    select distinct
        project_year_id,
        family
    from hits
    where is_negative

),

ranked as (

    select
        hits.project_year_id,
        hits.project_name_key,
        hits.family,
        hits.wording_key,
        row_number() over (
            partition by hits.project_year_id
            order by length(hits.wording_key) desc, hits.family asc, hits.wording_key asc
        ) as preference
    from hits
    left join vetoes
        on
            hits.project_year_id = vetoes.project_year_id
            and hits.family = vetoes.family
    where not hits.is_negative and vetoes.family is null

),

matched as (

    select
        project_year_id,
        family,
        wording_key,
        case when project_name_key = wording_key then 'alias_is_name' else 'alias_in_name' end as match_method,
        {{ safe_rate('length(wording_key)', 'greatest(length(wording_key), length(project_name_key))') }} as match_score
    from ranked
    where preference = 1

),

typed as (

    select
        matched.project_year_id,
        sub_types.sub_type,
        row_number() over (
            partition by matched.project_year_id
            order by sub_types.priority asc, sub_types.sub_type asc
        ) as preference
    from matched
    inner join named
        on matched.project_year_id = named.project_year_id
    inner join sub_types
        on
            matched.family = sub_types.family
            and instr(
                case when sub_types.field = 'payee' then named.payee_key else named.name_key end,
                {{ normalise_text('sub_types.pattern') }}
            ) > 0

),

final as (

    select
        named.project_year_id,
        case
            when matched.family is not null then {{ text_key(['matched.family', 'typed.sub_type']) }}
        end as programme_id,
        matched.family as programme_family,
        typed.sub_type as programme_sub_type,
        matched.wording_key as matched_alias,
        matched.match_method,
        matched.match_score
    from named
    left join matched
        on named.project_year_id = matched.project_year_id
    left join typed
        on
            named.project_year_id = typed.project_year_id
            and typed.preference = 1

)

select * from final
