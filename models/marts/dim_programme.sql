-- Grain: one programme family and sub-type, with one row per family for projects whose sub-type is not known.
with

families as (

    {{ reference_with_own('programme_families') }}

),

sub_types as (

    {{ reference_with_own('programme_sub_types') }}

),

sub_type_names as (

    {{ reference_with_own('programme_sub_type_names') }}

),

aliases as (

    {{ reference_with_own('programme_aliases') }}

),

decisions as (

    {{ reference_with_own('match_decisions') }}

),

distinct_sub_types as (

    select
        family,
        sub_type
    from sub_types

    union

    select
        family,
        sub_type
    from aliases
    where sub_type is not null and not is_negative

    union

    select
        family,
        sub_type
    from decisions
    where sub_type is not null

),

alias_texts as (

    select
        family,
        {{ joined_distinct('case when not is_negative then wording end') }} as alias_wordings,
        {{ joined_distinct('case when is_negative then wording end') }} as excluded_wordings
    from aliases
    group by family

),

named_families as (

    -- A family that only a person's own wording or decision names is one too: reports have it.
    select family
    from families

    union

    select family
    from aliases
    where not is_negative

    union

    select family
    from decisions

),

pairs as (

    select
        family,
        sub_type
    from distinct_sub_types
    where family is not null

    union all

    select
        family,
        {{ as_text('null') }} as sub_type
    from named_families
    where family is not null

),

final as (

    select
        {{ text_key(['pairs.family', 'pairs.sub_type']) }} as programme_id,
        pairs.family as programme_family,
        pairs.sub_type as programme_sub_type,
        sub_type_names.name_zh as programme_sub_type_zh,
        sub_type_names.name_en as programme_sub_type_en,
        families.description_zh,
        families.description_en,
        alias_texts.alias_wordings,
        alias_texts.excluded_wordings
    from pairs
    left join families
        on pairs.family = families.family
    left join sub_type_names
        on
            pairs.family = sub_type_names.family
            and pairs.sub_type = sub_type_names.sub_type
    left join alias_texts
        on pairs.family = alias_texts.family

)

select * from final
order by programme_id asc
