-- Grain: one check of the points and the total of a form on a project-year: rules A1, A2, A3 and A10 of group A
-- (arithmetic: can the figures of the form be right?).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

evaluations as (

    {{ affected_rows('fct_self_evaluation') }}

),

points as (

    {{ affected_rows('int_indicator_points__summed') }}

),

indicators as (

    {{ affected_rows('fct_indicator_attainment') }}

),

synonyms as (

    {{ reference_with_own('indicator_synonyms') }}

),

profiles as (

    {{ reference_with_own('weight_profiles') }}

),

mentions as (

    {{ affected_rows('fct_mention') }}

),

current_years as (

    {{ affected_rows('int_project_years__current') }}

),

found_hits as (

    select * from {{ ref('stg_reports__text_hits') }}
    where hit_kind in ('heading_points', 'noted_points')

),

weighed as (

    -- A form that prints the execution row among its indicators does not count it twice.
    select
        evaluations.*,
        points.n_unweighted_indicators,
        case
            when points.execution_row_weight_points > 0 then 0
            else evaluations.execution_weight_points
        end as further_weight_points,
        case
            when points.execution_row_weight_points > 0 then 0
            else evaluations.execution_score_points
        end as further_score_points
    from evaluations
    left join points
        on evaluations.project_year_id = points.project_year_id

),

known_shares as (

    select distinct execution_share
    from profiles
    where execution_share > 0

),

a1 as (

    -- Where the indicators fall short of 100 by what a known profile gives to execution, and the form prints no
    -- execution row, the sum is not known.
    select
        weighed.project_year_id,
        'A1' as rule_id,
        {{ no_detail() }},
        case
            when weighed.n_indicators = 0 then 'no_indicators'
            when weighed.indicator_weight_points is null or weighed.n_unweighted_indicators > 0 then 'points_missing'
            when weighed.further_weight_points is null and known_shares.execution_share is not null
                then 'execution_points_missing'
        end as reason,
        cast(weighed.indicator_weight_points + coalesce(weighed.further_weight_points, 0) as double) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '指标分值合计=' || {{ plain_number('weighed.indicator_weight_points') }}
        || '；预算执行率分值=' || coalesce({{ plain_number('weighed.further_weight_points') }}, '未写')
        || '；分值合计='
        || {{ plain_number('weighed.indicator_weight_points + coalesce(weighed.further_weight_points, 0)') }}
            as operands,
        weighed.evidence_start,
        weighed.evidence_end,
        weighed.evidence_text
    from weighed
    left join known_shares
        on weighed.indicator_weight_points + known_shares.execution_share = 100

),

totalled as (

    -- Points of 100 without the execution row make a total without it.
    select
        *,
        case
            when
                indicator_weight_points = 100 and n_scored_indicators = n_indicators
                and stated_total_points = indicator_score_points
                then indicator_score_points
            when recomputed_total_points is not null and n_unweighted_indicators = 0
                then indicator_score_points + coalesce(further_score_points, 0)
        end as summed_score_points
    from weighed

),

a2 as (

    select
        project_year_id,
        'A2' as rule_id,
        {{ no_detail() }},
        case
            when n_indicators = 0 then 'no_indicators'
            when stated_total_points is null then 'no_total'
            when summed_score_points is null then 'scores_missing'
        end as reason,
        cast(abs(stated_total_points - summed_score_points) as double) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '自评总分=' || {{ plain_number('stated_total_points') }}
        || '；指标得分合计=' || {{ plain_number('indicator_score_points') }}
        || '；预算执行率得分='
        || coalesce({{ plain_number('summed_score_points - indicator_score_points') }}, '未写')
        || case when execution_score_basis = 'implied' then '（推算）' else '' end as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from totalled

),

headings as (

    select
        *,
        row_number() over (partition by project_year_id, level1_text order by ordinal asc, fact_id asc)
            as place_in_level
    from indicators
    where level1_text is not null

),

headed as (

    select
        project_year_id,
        level1_text as heading,
        {{ printed_points('level1_text') }} as heading_points,
        sum(weight_points) as summed_points,
        count(*) - count(weight_points) as n_unweighted,
        max(case when place_in_level = 1 then evidence_start end) as evidence_start,
        max(case when place_in_level = 1 then evidence_end end) as evidence_end,
        max(case when place_in_level = 1 then evidence_text end) as evidence_text
    from headings
    group by project_year_id, level1_text

),

printed_hits as (

    -- What a text prints for a first level, as OUTPUT:50, where the reading of the form kept the name alone.
    select
        current_years.project_year_id,
        found_hits.hit_kind,
        substring(found_hits.hit_detail, 1, instr(found_hits.hit_detail, ':') - 1) as level1,
        {{ null_unless_castable(
            "substring(found_hits.hit_detail, instr(found_hits.hit_detail, ':') + 1)", 'decimal(9, 4)'
        ) }} as printed_points,
        found_hits.evidence_start,
        found_hits.evidence_end,
        found_hits.evidence_text
    from found_hits
    inner join current_years
        on
            found_hits.record_id = current_years.record_id
            and found_hits.report_id = current_years.report_id

),

printed_notes as (

    -- The form's own note on the points of a first level (产出指标50分), as a figure of the text or as its wording.
    select
        mentions.project_year_id,
        synonyms.canonical as level1,
        mentions.mentioned_value as printed_points,
        mentions.evidence_start,
        mentions.evidence_end,
        mentions.evidence_text
    from mentions
    inner join synonyms
        on
            synonyms.level = 'level1'
            and coalesce(synonyms.match, 'exact') = 'exact'
            and synonyms.form_family is null
            and {{ without_pattern(normalise_text('mentions.label_text'), '指标|[:：=]|为') }} = synonyms.wording
    where mentions.mentioned_unit = '分' and mentions.mentioned_value is not null

    union all

    select
        project_year_id,
        level1,
        printed_points,
        evidence_start,
        evidence_end,
        evidence_text
    from printed_hits
    where hit_kind = 'noted_points' and printed_points is not null

),

printed_points as (

    select
        'note' as stage,
        project_year_id,
        level1,
        printed_points,
        evidence_start,
        evidence_end,
        evidence_text
    from printed_notes

    union all

    select
        'heading' as stage,
        project_year_id,
        level1,
        printed_points,
        evidence_start,
        evidence_end,
        evidence_text
    from printed_hits
    where hit_kind = 'heading_points' and printed_points is not null

),

placed_points as (

    select
        *,
        min(printed_points) over (partition by project_year_id, stage, level1) as lowest_points,
        max(printed_points) over (partition by project_year_id, stage, level1) as highest_points,
        row_number() over (
            partition by project_year_id, stage, level1 order by evidence_start asc nulls last, evidence_end asc
        ) as place_number
    from printed_points

),

single_points as (

    -- Two different numbers for one level say nothing.
    select * from placed_points
    where place_number = 1 and lowest_points = highest_points

),

levelled as (

    select
        project_year_id,
        case when level2 like 'sat_%' then 'SATISFACTION' else level1 end as level1,
        sum(weight_points) as summed_points,
        sum(stated_score_points) as summed_scores,
        count(*) - count(weight_points) as n_unweighted
    from indicators
    group by project_year_id, case when level2 like 'sat_%' then 'SATISFACTION' else level1 end

),

pointed as (

    select project_year_id
    from headed
    where heading_points is not null

),

headed_levels as (

    -- 满意度 stands inside 效益 or beside it, 成本 inside 产出 or beside it: the heading speaks for what fits it best.
    select
        levelled.project_year_id,
        levelled.level1,
        single_points.printed_points,
        levelled.summed_points,
        levelled.summed_scores,
        levelled.n_unweighted,
        levelled.summed_points
        + coalesce(case when inner_level.n_unweighted = 0 then inner_level.summed_points end, 0) as widest_points,
        single_points.evidence_start,
        single_points.evidence_end,
        single_points.evidence_text
    from levelled
    inner join single_points
        on
            levelled.project_year_id = single_points.project_year_id
            and levelled.level1 = single_points.level1
            and single_points.stage = 'heading'
    left join levelled as inner_level
        on
            levelled.project_year_id = inner_level.project_year_id
            and (
                (levelled.level1 = 'BENEFIT' and inner_level.level1 = 'SATISFACTION')
                or (levelled.level1 = 'OUTPUT' and inner_level.level1 = 'COST')
            )
    where levelled.project_year_id not in (select pointed.project_year_id from pointed)

),

a3 as (

    select
        project_year_id,
        'A3' as rule_id,
        heading as detail_key,
        case when n_unweighted > 0 then 'points_missing' end as reason,
        cast(abs(summed_points - heading_points) as double) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        heading || '；所属指标分值合计=' || {{ plain_number('summed_points') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from headed
    where heading_points is not null

    union all

    select
        levelled.project_year_id,
        'A3' as rule_id,
        'note:' || levelled.level1 as detail_key,
        case when levelled.n_unweighted > 0 then 'points_missing' end as reason,
        cast(abs(levelled.summed_points - single_points.printed_points) as double) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '说明所列分值=' || {{ plain_number('single_points.printed_points') }}
        || '；所属指标分值合计=' || {{ plain_number('levelled.summed_points') }} as operands,
        single_points.evidence_start,
        single_points.evidence_end,
        single_points.evidence_text
    from levelled
    inner join single_points
        on
            levelled.project_year_id = single_points.project_year_id
            and levelled.level1 = single_points.level1
            and single_points.stage = 'note'

    union all

    -- A number in brackets that is the sum of the scores and not of the points may be a score.
    select
        project_year_id,
        'A3' as rule_id,
        'heading:' || level1 as detail_key,
        case
            when n_unweighted > 0 then 'points_missing'
            when
                printed_points = summed_scores and summed_scores <> summed_points and printed_points <> widest_points
                then 'points_or_scores'
        end as reason,
        cast(
            least(abs(summed_points - printed_points), abs(widest_points - printed_points)) as double
        ) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
        '标题所列分值=' || {{ plain_number('printed_points') }}
        || '；所属指标分值合计=' || {{ plain_number('summed_points') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from headed_levels

),

a10 as (

    select
        project_year_id,
        'A10' as rule_id,
        {{ no_detail() }},
        case
            when stated_grade_text is null then 'no_grade'
            when stated_total_points is null then 'no_total'
            when stated_grade is null then 'unknown_grade'
            when derived_grade is null then 'total_out_of_range'
        end as reason,
        cast(stated_total_points as double) as computed_value,
        not has_grade_agreement as is_hit,
        {{ no_severity() }},
        '自评总分=' || {{ plain_number('stated_total_points') }} || '；所写等级=' || stated_grade_text
        || '；所写等级归为=' || stated_grade || '；总分所属等级=' || derived_grade as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from evaluations

),

checks as (

    {{ rows_of_all(['a1', 'a2', 'a3', 'a10']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
