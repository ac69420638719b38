-- Grain: one canonical pair of first and second level.
with

taxonomy as (

    select * from {{ ref('indicator_taxonomy') }}

),

synonyms as (

    {{ reference_with_own('indicator_synonyms') }}

),

wordings as (

    select
        level,
        canonical,
        {{ joined_distinct('wording') }} as known_wordings
    from synonyms
    where coalesce(match, 'exact') = 'exact'
    group by level, canonical

),

final as (

    select
        taxonomy.indicator_key,
        taxonomy.level1,
        taxonomy.level1_zh,
        taxonomy.level2,
        taxonomy.level2_zh,
        taxonomy.direction as default_direction,
        level1_wordings.known_wordings as level1_wordings,
        level2_wordings.known_wordings as level2_wordings
    from taxonomy
    left join wordings as level1_wordings
        on
            taxonomy.level1 = level1_wordings.canonical
            and level1_wordings.level = 'level1'
    left join wordings as level2_wordings
        on
            taxonomy.level2 = level2_wordings.canonical
            and level2_wordings.level = 'level2'

)

select * from final
order by indicator_key asc
