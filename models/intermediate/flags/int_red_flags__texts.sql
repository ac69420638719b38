-- Grain: one check of a rule of group E (is the text the writer's own, and whole?) on a project-year. The rules that
-- only hold for many reports at once (D1, D2, D8) are named here as not evaluable for a single one.
{{ config(materialized='table') }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

measures as (

    select * from {{ ref('stg_reports__text_measures') }}

),

found_hits as (

    select * from {{ ref('stg_reports__text_hits') }}

),

own_texts as (

    select * from {{ ref('int_texts__own') }}

),

compared as (

    select * from {{ ref('int_texts__compared') }}

),

warnings as (

    select * from {{ ref('stg_reports__warnings') }}

),

synonyms as (

    {{ reference_with_own('indicator_synonyms') }}

),

texts as (

    select
        project_years.project_year_id,
        project_years.project_id,
        project_years.kind,
        project_years.record_id,
        project_years.report_id,
        project_years.fiscal_year,
        coalesce(project_years.county_key, project_years.region_id, project_years.region_key) as place_key,
        {{ is_personnel_code('project_years.project_code') }} as is_personnel,
        {{ text_reason('measures') }} as text_reason,
        measures.n_characters,
        measures.n_repeated_characters,
        measures.n_numbered_lines,
        measures.n_goal_result_shared,
        measures.n_goal_result_either,
        own_texts.programme_family,
        coalesce(own_texts.n_own_shingles, 0) as n_own_shingles
    from project_years
    left join measures
        on
            project_years.record_id = measures.record_id
            and project_years.report_id = measures.report_id
    left join own_texts
        on project_years.project_year_id = own_texts.project_year_id

),

hits as (

    select
        texts.project_year_id,
        found_hits.ordinal,
        found_hits.hit_kind,
        found_hits.hit_detail,
        found_hits.evidence_start,
        found_hits.evidence_end,
        found_hits.evidence_text,
        row_number() over (
            partition by texts.project_year_id, found_hits.hit_kind
            order by found_hits.evidence_start asc, found_hits.ordinal asc
        ) as place_number,
        row_number() over (
            partition by texts.project_year_id, found_hits.hit_kind
            order by length(found_hits.evidence_text) desc, found_hits.ordinal asc
        ) as size_number
    from found_hits
    inner join texts
        on
            found_hits.record_id = texts.record_id
            and found_hits.report_id = texts.report_id

),

both_ways as (

    select
        scope,
        project_year_id,
        other_project_year_id,
        n_shared_shingles,
        n_either_shingles,
        text_similarity
    from compared

    union all

    -- The report of the year before is not the later one's copy.
    select
        scope,
        other_project_year_id as project_year_id,
        project_year_id as other_project_year_id,
        n_shared_shingles,
        n_either_shingles,
        text_similarity
    from compared
    where scope = 'other_region'

),

nearest as (

    select
        both_ways.*,
        row_number() over (
            partition by both_ways.project_year_id, both_ways.scope
            order by both_ways.text_similarity desc, both_ways.other_project_year_id asc
        ) as nearness
    from both_ways

),

nearest_named as (

    select
        nearest.scope,
        nearest.project_year_id,
        nearest.n_shared_shingles,
        nearest.n_either_shingles,
        nearest.text_similarity,
        coalesce(others.region_name, others.region_key, '') || coalesce({{ as_text('others.fiscal_year') }}, '')
        || coalesce(others.project_name, '') as other_name
    from nearest
    inner join project_years as others
        on nearest.other_project_year_id = others.project_year_id
    where nearest.nearness = 1

),

rivals as (

    -- Reports with text of the same family and year, and how many regions they come from.
    select
        own_texts.programme_family,
        own_texts.fiscal_year,
        count(distinct own_texts.place_key) as n_regions
    from own_texts
    cross join rules
    where
        rules.rule_id = 'E2'
        and own_texts.n_own_shingles >= rules.minimum_count
        and own_texts.programme_family is not null
        and own_texts.fiscal_year is not null
        and own_texts.place_key is not null
    group by own_texts.programme_family, own_texts.fiscal_year

),

earlier_years as (

    select distinct later.project_year_id
    from texts as later
    inner join texts as earlier
        on
            later.project_id = earlier.project_id
            and later.kind = earlier.kind
            and later.fiscal_year = earlier.fiscal_year + 1

),

e1 as (

    select
        texts.project_year_id,
        'E1' as rule_id,
        {{ no_detail() }},
        case
            when texts.text_reason is not null then texts.text_reason
            when texts.is_personnel then 'personnel_project'
            when earlier_years.project_year_id is null then 'no_previous_year'
            when nearest_named.project_year_id is null then 'too_little_own_text'
        end as reason,
        nearest_named.text_similarity as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '对照=' || nearest_named.other_name || '；相同片段='
        || {{ as_text('nearest_named.n_shared_shingles') }} || '；全部片段='
        || {{ as_text('nearest_named.n_either_shingles') }} as operands,
        {{ no_place() }}
    from texts
    left join earlier_years
        on texts.project_year_id = earlier_years.project_year_id
    left join nearest_named
        on
            texts.project_year_id = nearest_named.project_year_id
            and nearest_named.scope = 'previous_year'

),

e2 as (

    select
        texts.project_year_id,
        'E2' as rule_id,
        {{ no_detail() }},
        case
            when texts.text_reason is not null then texts.text_reason
            when texts.is_personnel then 'personnel_project'
            when texts.place_key is null then 'no_region'
            when texts.programme_family is null then 'no_programme'
            when texts.n_own_shingles < rules.minimum_count then 'too_little_own_text'
            when coalesce(rivals.n_regions, 0) < 2 then 'no_other_region'
        end as reason,
        coalesce(nearest_named.text_similarity, 0) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '对照=' || coalesce(nearest_named.other_name, '无相同片段') || '；相同片段='
        || {{ as_text('coalesce(nearest_named.n_shared_shingles, 0)') }} || '；全部片段='
        || {{ as_text('coalesce(nearest_named.n_either_shingles, texts.n_own_shingles)') }} as operands,
        {{ no_place() }}
    from texts
    inner join rules
        on rules.rule_id = 'E2'
    left join rivals
        on
            texts.programme_family = rivals.programme_family
            and texts.fiscal_year = rivals.fiscal_year
    left join nearest_named
        on
            texts.project_year_id = nearest_named.project_year_id
            and nearest_named.scope = 'other_region'

),

repeats as (

    select
        hits.project_year_id,
        {{ joined_in_order('hits.hit_detail', 'hits.size_number', '、') }} as longest_repeats
    from hits
    where hits.hit_kind = 'repeat' and hits.size_number <= 3
    group by hits.project_year_id

),

e3 as (

    select
        texts.project_year_id,
        'E3' as rule_id,
        {{ no_detail() }},
        texts.text_reason as reason,
        {{ safe_rate('texts.n_repeated_characters', 'texts.n_characters') }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '重复字数=' || {{ as_text('texts.n_repeated_characters') }} || '；全文字数='
        || {{ as_text('texts.n_characters') }} || coalesce('；最长重复=' || repeats.longest_repeats, '') as operands,
        hits.evidence_start,
        hits.evidence_end,
        hits.evidence_text
    from texts
    left join hits
        on
            texts.project_year_id = hits.project_year_id
            and hits.hit_kind = 'repeat'
            and hits.size_number = 1
    left join repeats
        on texts.project_year_id = repeats.project_year_id

),

e4 as (

    select
        project_year_id,
        'E4' as rule_id,
        {{ no_detail() }},
        case
            when text_reason is not null then text_reason
            when n_goal_result_either is null then 'no_goal_or_result'
        end as reason,
        {{ safe_rate('n_goal_result_shared', 'n_goal_result_either') }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '相同片段=' || {{ as_text('n_goal_result_shared') }} || '；全部片段='
        || {{ as_text('n_goal_result_either') }} as operands,
        {{ no_place() }}
    from texts

),

empty_headings as (

    -- A missing second level is the matter of rule C10.
    select
        texts.project_year_id,
        warnings.warning_id,
        warnings.evidence_start,
        warnings.evidence_end,
        warnings.evidence_text
    from warnings
    inner join texts
        on
            warnings.record_id = texts.record_id
            and warnings.report_id = texts.report_id
    where
        warnings.warning_code = 'empty_heading'
        and not exists (
            select 1 from synonyms
            where
                synonyms.level = 'level2'
                and synonyms.wording = {{ empty_heading_key('warnings.evidence_text') }}
        )

),

placeholders as (

    select * from hits
    where hit_kind = 'placeholder'

),

e5 as (

    select
        project_year_id,
        'E5' as rule_id,
        'placeholder:' || {{ as_text('ordinal') }} as detail_key,
        {{ no_reason() }},
        {{ no_value() }},
        true as is_hit,
        {{ no_severity() }},
        '提示语=' || evidence_text as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from placeholders

    union all

    select
        project_year_id,
        'E5' as rule_id,
        'empty_heading:' || warning_id as detail_key,
        {{ no_reason() }},
        {{ no_value() }},
        true as is_hit,
        'I' as severity,
        '标题下无内容=' || evidence_text as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from empty_headings

    union all

    select
        texts.project_year_id,
        'E5' as rule_id,
        {{ no_detail() }},
        texts.text_reason as reason,
        {{ no_value() }},
        false as is_hit,
        {{ no_severity() }},
        '全文字数=' || {{ as_text('texts.n_characters') }} as operands,
        {{ no_place() }}
    from texts
    where
        texts.project_year_id not in (select placeholders.project_year_id from placeholders)
        and texts.project_year_id not in (select empty_headings.project_year_id from empty_headings)

),

noise as (

    select
        project_year_id,
        {{ joined_in_order('evidence_text', 'place_number', '、') }} as noise_text,
        cast(count(*) as integer) as n_noise,
        min(case when place_number = 1 then evidence_start end) as evidence_start,
        min(case when place_number = 1 then evidence_end end) as evidence_end,
        min(case when place_number = 1 then evidence_text end) as evidence_text
    from hits
    where hit_kind = 'noise'
    group by project_year_id

),

e6 as (

    -- One slip in a short text is no noise, whatever its share.
    select
        texts.project_year_id,
        'E6' as rule_id,
        {{ no_detail() }},
        texts.text_reason as reason,
        {{ safe_rate('1000 * coalesce(noise.n_noise, 0)', 'texts.n_characters') }} as computed_value,
        case when coalesce(noise.n_noise, 0) < rules.minimum_count then false end as is_hit,
        {{ no_severity() }},
        '处数=' || {{ as_text('coalesce(noise.n_noise, 0)') }} || '；全文字数=' || {{ as_text('texts.n_characters') }}
        || coalesce('；' || noise.noise_text, '') as operands,
        noise.evidence_start,
        noise.evidence_end,
        noise.evidence_text
    from texts
    inner join rules
        on rules.rule_id = 'E6'
    left join noise
        on texts.project_year_id = noise.project_year_id

),

broken_orders as (

    select * from hits
    where hit_kind in ('outline_break', 'flattened_diagram')

),

e7 as (

    select
        project_year_id,
        'E7' as rule_id,
        hit_kind || ':' || {{ as_text('ordinal') }} as detail_key,
        {{ no_reason() }},
        {{ no_value() }},
        true as is_hit,
        {{ no_severity() }},
        case hit_detail
            when 'style' then '序号样式不一致'
            when 'repeated' then '序号重复'
            when 'skipped' then '序号跳号'
            else '流程图被打散成行=' || hit_detail
        end as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from broken_orders

    union all

    select
        texts.project_year_id,
        'E7' as rule_id,
        {{ no_detail() }},
        case
            when texts.text_reason is not null then texts.text_reason
            when texts.n_numbered_lines < 2 then 'no_numbering'
        end as reason,
        {{ no_value() }},
        false as is_hit,
        {{ no_severity() }},
        '带序号的行数=' || {{ as_text('texts.n_numbered_lines') }} as operands,
        {{ no_place() }}
    from texts
    where texts.project_year_id not in (select broken_orders.project_year_id from broken_orders)

),

population as (

    select
        project_years.project_year_id,
        rules.rule_id,
        {{ no_detail() }},
        'population_rule' as reason,
        {{ no_value() }},
        {{ no_hit() }},
        {{ no_severity() }},
        cast(null as {{ dbt.type_string() }}) as operands,
        {{ no_place() }}
    from project_years
    cross join rules
    where rules.rule_id in ('D1', 'D2', 'D8')

),

checks as (

    {{ rows_of_all(['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'population']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
