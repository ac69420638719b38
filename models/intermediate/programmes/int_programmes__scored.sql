-- Grain: one project-year and one programme family that its name points to, with how well it fits.
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

evidence as (

    {{ reference_with_own('programme_evidence') }}

),

stop_words as (

    {{ reference_with_own('programme_stop_words') }}

),

settings as (

    {{ reference_with_own('match_settings') }}

),

limits as (

    select
        max(case when setting = 'support_gain' then value end) as support_gain,
        max(case when setting = 'support_loss' then value end) as support_loss,
        max(case when setting = 'coverage_share' then value end) as coverage_share
    from settings

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

    -- A unit or a county in front of the name says who, not what.
    select
        project_years.project_year_id,
        project_years.fiscal_year,
        replace(
            replace(
                {{ programme_name_key('project_years.project_name') }},
                coalesce({{ programme_name_key('project_years.unit') }}, '?'),
                ''
            ),
            coalesce({{ programme_name_key('project_years.region_county') }}, '?'),
            ''
        ) as name_key,
        nullif(
            coalesce({{ normalise_text('project_years.unit') }}, '')
            || coalesce({{ normalise_text('project_years.department') }}, ''),
            ''
        ) as unit_key,
        {{ normalise_text('payees.payee_names') }} as payee_key
    from project_years
    left join payees
        on
            project_years.record_id = payees.record_id
            and project_years.report_id = payees.report_id

),

names as (

    -- Many counties and years have one name: each is looked through once.
    select distinct name_key
    from named
    where name_key <> ''

),

cored as (

    select
        name_key,
        {{ without_patterns(
            'name_key',
            reference_text('programme_stop_words', 'stop_words', longest_first(normalise_text('wording')))
        ) }} as core_key
    from names

),

wordings as (

    select
        family,
        is_negative,
        certainty,
        sub_type,
        valid_from_year,
        valid_to_year,
        {{ programme_name_key('wording') }} as wording_key
    from aliases

),

name_hits as (

    select
        cored.name_key,
        cored.core_key,
        wordings.*
    from cored
    inner join wordings
        on {{ holds_wording('cored.name_key', 'wordings.wording_key') }}

),

hits as (

    select
        named.project_year_id,
        named.name_key,
        named.unit_key,
        name_hits.core_key,
        name_hits.family,
        name_hits.wording_key,
        name_hits.is_negative,
        name_hits.certainty,
        name_hits.sub_type
    from named
    inner join name_hits
        on
            named.name_key = name_hits.name_key
            and {{ is_valid_in('named.fiscal_year', 'name_hits.valid_from_year', 'name_hits.valid_to_year') }}

),

exclusions as (

    select
        project_year_id,
        family,
        wording_key
    from hits
    where is_negative

),

excluded as (

    -- 惠农一卡通 is no other sense of 一卡通 beside it: what only stands inside an excluding wording was never found.
    select
        found.project_year_id,
        found.family,
        found.wording_key,
        min(exclusions.wording_key) as excluding_wording,
        min(case
            when {{ holds_wording("replace(found.name_key, exclusions.wording_key, '')", 'found.wording_key') }} then 1
            else 0
        end) = 1 as is_beside
    from hits as found
    inner join exclusions
        on
            found.project_year_id = exclusions.project_year_id
            and found.family = exclusions.family
    where not found.is_negative
    group by found.project_year_id, found.family, found.wording_key

),

supported as (

    select distinct
        named.project_year_id,
        evidence.family
    from named
    inner join evidence
        on instr(
            case when evidence.field = 'payee' then named.payee_key else named.unit_key end,
            {{ normalise_text('evidence.wording') }}
        ) > 0

),

measured as (

    select
        hits.project_year_id,
        hits.family,
        hits.wording_key,
        hits.sub_type,
        hits.certainty,
        hits.core_key = hits.wording_key as is_whole_name,
        supported.family is not null as has_support,
        hits.unit_key is not null as has_unit,
        excluded.excluding_wording,
        {{ safe_rate(
            "length(replace(hits.wording_key, '…', ''))",
            "greatest(length(replace(hits.wording_key, '…', '')), length(hits.core_key))"
        ) }} as coverage_rate
    from hits
    left join excluded
        on
            hits.project_year_id = excluded.project_year_id
            and hits.family = excluded.family
            and hits.wording_key = excluded.wording_key
    left join supported
        on
            hits.project_year_id = supported.project_year_id
            and hits.family = supported.family
    where
        not hits.is_negative
        and coalesce(excluded.is_beside, true)

),

scored as (

    -- What decides alone needs nobody; what does not gains from a unit of the line and loses with another.
    select
        measured.*,
        {{ rate_product(
            "case
                when measured.certainty >= 1 then 1
                when measured.has_support then least(1, measured.certainty + limits.support_gain)
                when measured.has_unit then greatest(0, measured.certainty - limits.support_loss)
                else measured.certainty
            end",
            "(1 - limits.coverage_share + limits.coverage_share * cast(measured.coverage_rate as decimal(9, 6)))"
        ) }} as match_score
    from measured
    cross join limits

),

ranked as (

    select
        *,
        row_number() over (
            partition by project_year_id, family
            order by match_score desc, length(wording_key) desc, wording_key asc
        ) as preference,
        -- 数字城管 says the family, 信息采集 beside it the sub-type.
        first_value(sub_type) over (
            partition by project_year_id, family
            order by
                case when sub_type is null then 1 else 0 end,
                match_score desc,
                length(wording_key) desc,
                wording_key asc
        ) as told_sub_type
    from scored

),

final as (

    select
        project_year_id,
        family as programme_family,
        told_sub_type as alias_sub_type,
        wording_key as matched_alias,
        case
            when certainty < 1 and has_support then 'alias_and_evidence'
            when is_whole_name then 'alias_is_name'
            else 'alias_in_name'
        end as match_method,
        certainty < 1 as is_weak_wording,
        certainty < 1 and has_unit and not has_support as is_other_line,
        excluding_wording,
        match_score,
        cast(row_number() over (
            partition by project_year_id
            order by
                case when excluding_wording is null then 0 else 1 end,
                match_score desc,
                length(wording_key) desc,
                family asc
        ) as integer) as preference
    from ranked
    where preference = 1

)

select * from final
