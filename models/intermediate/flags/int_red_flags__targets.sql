-- Grain: one check of the targets of the indicators on a project-year: rules C1 to C5, C7 and C9 to C13 of group C (the
-- quality of targets).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

meanings as (

    {{ reference_with_own('indicator_meanings') }}

),

mandatory_levels as (

    {{ reference_with_own('mandatory_indicator_levels') }}

),

synonyms as (

    {{ reference_with_own('indicator_synonyms') }}

),

indicators as (

    {{ affected_rows('int_indicators__shown') }}

),

profiles as (

    {{ affected_rows('int_weight_profiles__inferred') }}

),

warnings as (

    {{ affected_rows('fct_warning') }}

),

c1 as (

    select
        project_year_id,
        'C1' as rule_id,
        indicator_id as detail_key,
        case when attainment_ratio is null then coalesce(attainment_reason, 'no_value') end as reason,
        attainment_ratio as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        indicator_name || '：实际完成值=' || actual_shown || '；年度指标值=' || target_shown as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from indicators
    where direction in ('higher', 'exact') and natural_direction <> 'lower'

),

quantitative as (

    -- A deadline and a range have no single value to hit.
    select
        project_year_id,
        target_amount = actual_amount as is_exact
    from indicators
    where
        target_amount is not null and actual_amount is not null
        and coalesce(target_operator, 'none') not in ('range', 'by_date')

),

with_indicators as (

    select
        project_year_id,
        cast(count(*) as integer) as n_indicators
    from indicators
    group by project_year_id

),

counted_hits as (

    select
        with_indicators.project_year_id,
        cast(count(quantitative.is_exact) as integer) as n_quantitative,
        cast(count(case when quantitative.is_exact then 1 end) as integer) as n_exact
    from with_indicators
    left join quantitative
        on with_indicators.project_year_id = quantitative.project_year_id
    group by with_indicators.project_year_id

),

c2 as (

    select
        counted_hits.project_year_id,
        'C2' as rule_id,
        {{ no_detail() }},
        case
            when counted_hits.n_quantitative = 0 then 'no_operands'
            when counted_hits.n_quantitative < rules.minimum_count then 'too_few_rows'
        end as reason,
        {{ safe_rate('counted_hits.n_exact', 'counted_hits.n_quantitative') }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '恰好完成的指标数=' || {{ as_text('counted_hits.n_exact') }}
        || '；量化指标数=' || {{ as_text('counted_hits.n_quantitative') }} as operands,
        {{ no_place() }}
    from counted_hits
    inner join rules
        on rules.rule_id = 'C2'

),

c3 as (

    -- Where less is better, a target below the last actual is no soft one.
    select
        project_year_id,
        'C3' as rule_id,
        indicator_id as detail_key,
        target_ambition_reason as reason,
        target_ambition as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        indicator_name || '：年度指标值=' || coalesce({{ plain_number('target_amount') }}, target_shown)
        || '；上年实际完成值=' || coalesce({{ plain_number('previous_actual_amount') }}, '未知')
        || coalesce('；单位=' || base_unit, '') as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from indicators
    where direction in ('higher', 'exact') and natural_direction <> 'lower'

),

weighed as (

    select
        project_year_id,
        count(*) - count(weight_points) as n_unweighted,
        sum(weight_points) as all_points,
        coalesce(sum(case when target_state = 'qualitative' then weight_points end), 0) as qualitative_points,
        sum(case when level1 = 'BENEFIT' then weight_points end) as benefit_points,
        coalesce(
            sum(case when level1 = 'BENEFIT' and target_state = 'qualitative' then weight_points end), 0
        ) as qualitative_benefit_points
    from indicators
    group by project_year_id

),

c4 as (

    -- Two arms: the share of all indicator points, and whether nothing of the benefits can be measured.
    select
        project_year_id,
        'C4' as rule_id,
        'indicators' as detail_key,
        case
            when all_points is null then 'no_points'
            when n_unweighted > 0 then 'points_incomplete'
            when all_points <= 0 then 'no_points'
        end as reason,
        {{ safe_rate('qualitative_points', 'all_points') }} as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '定性指标分值=' || {{ plain_number('qualitative_points') }}
        || '；指标分值=' || {{ plain_number('all_points') }} as operands,
        {{ no_place() }}
    from weighed

    union all

    select
        weighed.project_year_id,
        'C4' as rule_id,
        'benefit' as detail_key,
        case
            when weighed.all_points is null then 'no_points'
            when weighed.n_unweighted > 0 then 'points_incomplete'
            when coalesce(weighed.benefit_points, 0) <= 0 then 'no_benefit_points'
        end as reason,
        {{ safe_rate('weighed.qualitative_benefit_points', 'weighed.benefit_points') }} as computed_value,
        {{ safe_rate('weighed.qualitative_benefit_points', 'weighed.benefit_points') }} >= rules.further_threshold
            as is_hit,
        {{ no_severity() }},
        '效益指标内定性分值=' || {{ plain_number('weighed.qualitative_benefit_points') }}
        || '；效益指标分值=' || {{ plain_number('weighed.benefit_points') }} as operands,
        {{ no_place() }}
    from weighed
    inner join rules
        on rules.rule_id = 'C4'

),

heaviest as (

    select
        *,
        row_number() over (
            partition by project_year_id
            order by weight_points desc nulls last, ordinal asc
        ) as preference
    from indicators

),

c5 as (

    select
        project_year_id,
        'C5' as rule_id,
        {{ no_detail() }},
        case when weight_points is null then 'no_points' end as reason,
        cast(weight_points as double) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '最高分值=' || {{ plain_number('weight_points') }} || '；指标=' || indicator_name as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from heaviest
    where preference = 1

),

repeated as (

    select
        *,
        {{ without_pattern(normalise_text('target_text'), '[，。；、,.;:：]') }} as target_key,
        {{ without_pattern(normalise_text('actual_text'), '[，。；、,.;:：]') }} as actual_key
    from indicators
    where target_state = 'qualitative'

),

c7 as (

    select
        project_year_id,
        'C7' as rule_id,
        indicator_id as detail_key,
        case
            when target_key is null then 'no_target'
            when actual_key is null then 'no_actual'
        end as reason,
        case
            when target_key = actual_key then cast(1 as double)
            else {{ text_similarity('target_key', 'actual_key') }}
        end as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        indicator_name || '：年度指标值=' || target_shown || '；实际完成值=' || actual_shown as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from repeated

),

c9 as (

    -- A deadline at the very end of the year says no more than the year.
    select
        project_year_id,
        'C9' as rule_id,
        indicator_id as detail_key,
        {{ no_reason() }},
        {{ no_value() }},
        target_from is not null
        or coalesce(
            target_to in ({{ as_text('fiscal_year') }} || '-12', {{ as_text('fiscal_year') }} || '-12-31'), false
        )
        or {{ first_match(normalise_text('target_text'), words_pattern('period')) }} is not null as is_hit,
        {{ no_severity() }},
        indicator_name || '：年度指标值=' || target_shown as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from indicators
    where
        level2 = 'timeliness'
        and (target_text is not null or target_value is not null or target_to is not null)

),

empty_levels as (

    select
        warnings.project_year_id,
        synonyms.canonical as level2,
        warnings.evidence_start,
        warnings.evidence_end,
        warnings.evidence_text,
        row_number() over (
            partition by warnings.project_year_id, synonyms.canonical
            order by warnings.evidence_start asc, warnings.evidence_end asc
        ) as place_number
    from warnings
    inner join synonyms
        on
            synonyms.level = 'level2'
            and synonyms.wording = {{ empty_heading_key('warnings.evidence_text') }}
    where warnings.warning_code = 'empty_heading'

),

required as (

    select
        profiles.project_year_id,
        mandatory_levels.requirement,
        mandatory_levels.requirement_zh,
        max(case when indicators.indicator_id is not null then 1 else 0 end) as is_present
    from profiles
    inner join mandatory_levels
        on profiles.weight_profile = mandatory_levels.weight_profile
    left join indicators
        on
            profiles.project_year_id = indicators.project_year_id
            and mandatory_levels.level2 = indicators.level2
    group by profiles.project_year_id, mandatory_levels.requirement, mandatory_levels.requirement_zh

),

c10 as (

    select
        project_year_id,
        'C10' as rule_id,
        'level:' || requirement as detail_key,
        {{ no_reason() }},
        cast(is_present as double) as computed_value,
        is_present = 0 as is_hit,
        {{ no_severity() }},
        '应设=' || requirement_zh || '；' || case when is_present = 1 then '已设' else '未设' end as operands,
        {{ no_place() }}
    from required

    union all

    select
        project_year_id,
        'C10' as rule_id,
        'heading:' || level2 as detail_key,
        {{ no_reason() }},
        cast(0 as double) as computed_value,
        true as is_hit,
        {{ no_severity() }},
        '标题=' || evidence_text || '；标题下无内容' as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from empty_levels
    where place_number = 1

    union all

    -- Which second levels a form asks for is known of known weight profiles only.
    select distinct
        indicators.project_year_id,
        'C10' as rule_id,
        'level:' as detail_key,
        'unknown_profile' as reason,
        {{ no_value() }},
        {{ no_hit() }},
        {{ no_severity() }},
        cast(null as {{ dbt.type_string() }}) as operands,
        {{ no_place() }}
    from indicators
    left join required
        on indicators.project_year_id = required.project_year_id
    where required.project_year_id is null

),

c11 as (

    -- Of what should be little "=" is no ceiling; "= 0" is one. What is not known to be little may have any operator.
    select
        project_year_id,
        'C11' as rule_id,
        indicator_id as detail_key,
        {{ no_reason() }},
        {{ no_value() }},
        case
            when natural_direction = 'lower' and target_operator in ('>=', '>') then true
            when natural_direction = 'lower' and target_operator = '=' then coalesce(target_value, 1) <> 0
            when natural_direction = 'higher' and target_operator in ('<=', '<') then true
            else false
        end as is_hit,
        {{ no_severity() }},
        indicator_name || '：指标符号='
        || case target_operator
            when '=' then '等于' when '>=' then '大于等于' when '>' then '大于' when '<=' then '小于等于' else '小于'
        end
        || '；指标值=' || target_shown
        || '；方向=' || case when natural_direction = 'lower' then '越低越好' else '越高越好' end as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from indicators
    where
        target_operator in ('>=', '>', '<=', '<', '=')
        and (natural_direction = 'lower' or worded_direction is not null)

),

c12 as (

    -- A percentage beside a target in another unit tells how much was done, not the value; 无 beside a count is 0.
    select
        project_year_id,
        'C12' as rule_id,
        indicator_id as detail_key,
        case
            when actual_state = 'blank' or {{ normalise_text('actual_text') }} is null
                then case when actual_state <> 'parsed' then 'no_actual' end
        end as reason,
        {{ no_value() }},
        case
            when actual_state <> 'parsed'
                then
                    coalesce(
                        {{ normalise_text('actual_text') }}
                        <> {{ first_match(normalise_text('actual_text'), words_pattern('zero')) }},
                        true
                    )
            else
                coalesce(attainment_reason, '') = 'unit_mismatch'
                and coalesce(actual_base_unit, '') = '%'
        end as is_hit,
        {{ no_severity() }},
        indicator_name || '：年度指标值=' || target_shown
        || '；实际完成值=' || coalesce(actual_text, actual_shown) as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from indicators
    where target_state = 'parsed' and target_value is not null

),

names_of_indicators as (

    select
        indicator_name,
        coalesce(
            {{ without_patterns(
                normalise_text('indicator_name'),
                reference_text('indicator_meanings', 'meanings', longest_first('wording'))
            ) }},
            ''
        ) as rest_of_name
    from indicators
    group by indicator_name

),

named_meanings as (

    select
        names_of_indicators.indicator_name,
        {{ distinct_list('meanings.meaning') }} as meanings
    from names_of_indicators
    inner join meanings
        on instr(names_of_indicators.indicator_name, meanings.wording) > 0
    group by names_of_indicators.indicator_name

),

tokenised as (

    -- What a name says is the pairs of its characters, words of one meaning being one and the same.
    select
        names_of_indicators.indicator_name,
        case
            when named_meanings.meanings is null
                then {{ character_pairs(normalise_text('names_of_indicators.indicator_name')) }}
            else {{ joined_lists(character_pairs('names_of_indicators.rest_of_name'), 'named_meanings.meanings') }}
        end as tokens
    from names_of_indicators
    left join named_meanings
        on names_of_indicators.indicator_name = named_meanings.indicator_name

),

neighbours as (

    -- Only indicators of one place in the taxonomy and one unit can say the same.
    select
        later.indicator_id,
        later.indicator_name,
        earlier.indicator_name as earlier_name,
        earlier.ordinal as earlier_ordinal
    from indicators as later
    inner join indicators as earlier
        on
            later.project_year_id = earlier.project_year_id
            and later.indicator_key = earlier.indicator_key
            and coalesce(later.base_unit, '') = coalesce(earlier.base_unit, '')
            and later.ordinal > earlier.ordinal

),

pairs_of_names as (

    select distinct
        indicator_name,
        earlier_name
    from neighbours

),

resembled as (

    select
        pairs_of_names.indicator_name,
        pairs_of_names.earlier_name,
        case
            when pairs_of_names.indicator_name = pairs_of_names.earlier_name then cast(1 as double)
            else {{ shared_part('later.tokens', 'earlier.tokens') }}
        end as similarity
    from pairs_of_names
    inner join tokenised as later
        on pairs_of_names.indicator_name = later.indicator_name
    inner join tokenised as earlier
        on pairs_of_names.earlier_name = earlier.indicator_name

),

closest_names as (

    select
        neighbours.indicator_id,
        neighbours.earlier_name,
        resembled.similarity,
        row_number() over (
            partition by neighbours.indicator_id
            order by resembled.similarity desc, neighbours.earlier_ordinal asc
        ) as preference
    from neighbours
    inner join resembled
        on
            neighbours.indicator_name = resembled.indicator_name
            and neighbours.earlier_name = resembled.earlier_name
    where resembled.similarity > 0

),

c13 as (

    select
        indicators.project_year_id,
        'C13' as rule_id,
        indicators.indicator_id as detail_key,
        case when with_indicators.n_indicators < 2 then 'too_few_rows' end as reason,
        coalesce(closest_names.similarity, 0) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '指标=' || indicators.indicator_name || '；相近指标=' || coalesce(closest_names.earlier_name, '无') as operands,
        indicators.evidence_start,
        indicators.evidence_end,
        indicators.evidence_text
    from indicators
    inner join with_indicators
        on indicators.project_year_id = with_indicators.project_year_id
    left join closest_names
        on
            indicators.indicator_id = closest_names.indicator_id
            and closest_names.preference = 1

),

checks as (

    {{ rows_of_all(['c1', 'c2', 'c3', 'c4', 'c5', 'c7', 'c9', 'c10', 'c11', 'c12', 'c13']) }}

),

final as (

    -- The second arm of C4 has a limit of its own.
    {{ judged_checks(further_when="rule_id = 'C4' and detail_key = 'benefit'") }}

)

select * from final
