-- Grain: one check of a rule of group A (can the figures of the form be right?) on a project-year.
{{ config(materialized='table') }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

evaluations as (

    select * from {{ ref('fct_self_evaluation') }}

),

executions as (

    select * from {{ ref('fct_execution') }}

),

points as (

    select * from {{ ref('int_indicator_points__summed') }}

),

indicators as (

    select * from {{ ref('fct_indicator_attainment') }}

),

taxonomy as (

    select * from {{ ref('indicator_taxonomy') }}

),

synonyms as (

    {{ reference_with_own('indicator_synonyms') }}

),

profiles as (

    {{ reference_with_own('weight_profiles') }}

),

stages as (

    select * from {{ ref('int_funding__by_stage') }}

),

funding as (

    select * from {{ ref('fct_funding') }}

),

mentions as (

    select * from {{ ref('fct_mention') }}

),

current_years as (

    select * from {{ ref('int_project_years__current') }}

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
        '' as detail_key,
        case
            when weighed.n_indicators = 0 then 'no_indicators'
            when weighed.indicator_weight_points is null or weighed.n_unweighted_indicators > 0 then 'points_missing'
            when weighed.further_weight_points is null and known_shares.execution_share is not null
                then 'execution_points_missing'
        end as reason,
        cast(weighed.indicator_weight_points + coalesce(weighed.further_weight_points, 0) as double) as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        '' as detail_key,
        case
            when n_indicators = 0 then 'no_indicators'
            when stated_total_points is null then 'no_total'
            when summed_score_points is null then 'scores_missing'
        end as reason,
        cast(abs(stated_total_points - summed_score_points) as double) as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
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
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '标题所列分值=' || {{ plain_number('printed_points') }}
        || '；所属指标分值合计=' || {{ plain_number('summed_points') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from headed_levels

),

a4 as (

    select
        project_year_id,
        'A4' as rule_id,
        fact_id as detail_key,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(stated_score_points as double) as computed_value,
        stated_score_points > weight_points or stated_score_points < 0 as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        indicator_name || '：得分=' || {{ plain_number('stated_score_points') }}
        || '；分值=' || {{ plain_number('weight_points') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from indicators
    where weight_points is not null and stated_score_points is not null

    union all

    select
        project_year_id,
        'A4' as rule_id,
        'execution' as detail_key,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(stated_execution_score_points as double) as computed_value,
        stated_execution_score_points > stated_execution_weight_points or stated_execution_score_points < 0 as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '预算执行率：得分=' || {{ plain_number('stated_execution_score_points') }}
        || '；分值=' || {{ plain_number('stated_execution_weight_points') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from executions
    where stated_execution_weight_points is not null and stated_execution_score_points is not null

),

budgeted as (

    -- 执行率 is that of the form: outlay over the full-year budget, or the initial one where no other is printed.
    select
        *,
        case
            when execution_rate_denominator in ('adjusted_budget', 'initial_budget')
                then coalesce(execution_rate, stated_execution_rate)
            else stated_execution_rate
        end as form_execution_rate,
        '全年执行数=' || coalesce({{ plain_number('executed_yuan') }} || '元', '未写')
        || '；全年预算数=' || coalesce({{ plain_number('budget_yuan') }} || '元', '未写') as money_operands
    from executions

),

a5 as (

    select
        project_year_id,
        'A5' as rule_id,
        '' as detail_key,
        case
            when stated_execution_rate is null then 'no_stated_rate'
            when execution_rate is null then 'no_amounts'
        end as reason,
        abs(execution_rate_difference) as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '所写执行率=' || {{ plain_rate('stated_execution_rate') }}
        || '；计算的执行率=' || {{ plain_rate('execution_rate') }} || '；' || money_operands as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from budgeted

),

a6 as (

    select
        project_year_id,
        'A6' as rule_id,
        '' as detail_key,
        case
            when stated_execution_score_points is null then 'no_execution_score'
            when execution_weight_points is null then 'execution_points_missing'
            when recomputed_execution_score_points is null then 'no_amounts'
        end as reason,
        cast(abs(execution_score_difference_points) as double) as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '预算执行率得分=' || {{ plain_number('stated_execution_score_points') }}
        || '；分值=' || {{ plain_number('execution_weight_points') }}
        || '；应得=' || {{ plain_number('recomputed_execution_score_points') }}
        || '；执行率=' || {{ plain_rate('execution_rate') }} as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from budgeted

),

stage_places as (

    select
        project_year_id,
        stage,
        evidence_start,
        evidence_end,
        evidence_text,
        row_number() over (
            partition by project_year_id, stage
            order by case when source = 'total' then 1 else 2 end asc, ordinal asc
        ) as preference
    from funding

),

a7 as (

    -- One printed part of a larger total (其中：中央资金) says nothing about the rest.
    select
        stages.project_year_id,
        'A7' as rule_id,
        stages.stage as detail_key,
        case
            when stages.has_several_totals then 'several_totals'
            when stages.summed_yuan < stages.stated_yuan and not stages.has_total_mismatch then 'parts_incomplete'
        end as reason,
        cast(abs(stages.stated_yuan - stages.summed_yuan) as double) as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '年度资金总额=' || {{ plain_number('stages.stated_yuan') }}
        || '元；各来源之和=' || {{ plain_number('stages.summed_yuan') }} || '元' as operands,
        stage_places.evidence_start,
        stage_places.evidence_end,
        stage_places.evidence_text
    from stages
    left join stage_places
        on
            stages.project_year_id = stage_places.project_year_id
            and stages.stage = stage_places.stage
            and stage_places.preference = 1
    where stages.summed_yuan is not null and (stages.stated_yuan is not null or stages.has_several_totals)

),

a8 as (

    select
        project_year_id,
        'A8' as rule_id,
        '' as detail_key,
        case when form_execution_rate is null then 'no_rate' end as reason,
        form_execution_rate as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '执行率=' || {{ plain_rate('form_execution_rate') }}
        || '；' || money_operands as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from budgeted

),

a9 as (

    select
        project_year_id,
        'A9' as rule_id,
        '' as detail_key,
        case
            when adjusted_budget_yuan is null then 'no_full_year_budget'
            when executed_yuan is null and stated_execution_score_points is null then 'no_amounts'
        end as reason,
        cast(adjusted_budget_yuan as double) as computed_value,
        adjusted_budget_yuan = 0
        and (coalesce(executed_yuan, 0) > 0 or coalesce(stated_execution_score_points, 0) > 0) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        money_operands || '；预算执行率得分=' || coalesce({{ plain_number('stated_execution_score_points') }}, '未写')
            as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from budgeted

),

a10 as (

    select
        project_year_id,
        'A10' as rule_id,
        '' as detail_key,
        case
            when stated_grade_text is null then 'no_grade'
            when stated_total_points is null then 'no_total'
            when stated_grade is null then 'unknown_grade'
            when derived_grade is null then 'total_out_of_range'
        end as reason,
        cast(stated_total_points as double) as computed_value,
        not has_grade_agreement as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '自评总分=' || {{ plain_number('stated_total_points') }} || '；所写等级=' || stated_grade_text
        || '；所写等级归为=' || stated_grade || '；总分所属等级=' || derived_grade as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from evaluations

),

directed as (

    -- "=" beside a cost says nothing about its direction: less is better there, as its place in the taxonomy says.
    select
        indicators.*,
        taxonomy.direction = 'lower' and indicators.target_operator = '=' as is_exact_cost
    from indicators
    left join taxonomy
        on indicators.indicator_key = taxonomy.indicator_key
    where indicators.weight_points >= 0 and indicators.stated_score_points is not null

),

rescored as (

    select
        *,
        case
            when not coalesce(is_exact_cost, false) then recomputed_score_points
            when recomputed_score_points is null then null
            when actual_amount <= target_amount then weight_points
            else {{ points_quotient('weight_points * target_amount', 'actual_amount') }}
        end as expected_score_points,
        case when is_exact_cost then 'RATIO_NEG' else declared_rule end as expected_rule
    from directed

),

a11 as (

    -- EQ_SYM is another reading of the same operator.
    select
        project_year_id,
        'A11' as rule_id,
        fact_id as detail_key,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(abs(stated_score_points - expected_score_points) as double) as computed_value,
        case
            when expected_rule = 'EQ_AS_POS' and instr(coalesce(score_rules_matching, ''), 'EQ_SYM') > 0 then false
        end as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        indicator_name || '：得分=' || {{ plain_number('stated_score_points') }}
        || '；按 ' || expected_rule || ' 应得=' || {{ plain_number('expected_score_points') }}
        || '；能得出该得分的方法=' || coalesce(score_rules_matching, '无') as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from rescored
    where expected_score_points is not null

),

a12 as (

    -- Only a full mark that was missed can be this slip.
    select
        directed.project_year_id,
        'A12' as rule_id,
        directed.fact_id as detail_key,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(
            abs(
                directed.stated_score_points
                - {{ points_quotient('directed.weight_points * directed.actual_amount', '100') }}
            ) as double
        ) as computed_value,
        directed.stated_score_points < directed.weight_points
        and abs(
            directed.stated_score_points
            - {{ points_quotient('directed.weight_points * directed.actual_amount', '100') }}
        ) <= rules.threshold as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        directed.indicator_name || '：分值=' || {{ plain_number('directed.weight_points') }}
        || '；指标值=' || {{ plain_number('directed.target_amount') }}
        || '%；实际完成值=' || {{ plain_number('directed.actual_amount') }}
        || '%；得分=' || {{ plain_number('directed.stated_score_points') }} as operands,
        directed.evidence_start,
        directed.evidence_end,
        directed.evidence_text
    from directed
    inner join rules
        on rules.rule_id = 'A12'
    where directed.base_unit = '%' and directed.is_target_met and directed.weight_points > 0

),

counted as (

    select
        mentions.project_year_id,
        mentions.ordinal,
        mentions.section,
        mentions.label_text,
        mentions.mentioned_unit,
        mentions.mentioned_value,
        mentions.evidence_start,
        mentions.evidence_end,
        mentions.evidence_text,
        max(case when words.role = 'count_total' then 1 else 0 end) as is_total,
        max(case when words.role = 'count_part' then 1 else 0 end) as is_part
    from mentions
    left join words
        on
            words.role in ('count_total', 'count_part')
            and instr(mentions.label_text, words.wording) > 0
    where mentions.mention_kind = 'count' and mentions.mentioned_value is not null
    group by
        mentions.project_year_id,
        mentions.ordinal,
        mentions.section,
        mentions.label_text,
        mentions.mentioned_unit,
        mentions.mentioned_value,
        mentions.evidence_start,
        mentions.evidence_end,
        mentions.evidence_text

),

grouped_counts as (

    -- Parts belong to the total that was printed before them.
    select
        *,
        sum(case when is_total = 1 and is_part = 0 then 1 else 0 end) over (
            partition by project_year_id, coalesce(section, ''), mentioned_unit
            order by ordinal asc
            rows between unbounded preceding and current row
        ) as total_number
    from counted

),

added_counts as (

    select
        project_year_id,
        section,
        mentioned_unit,
        total_number,
        max(case when is_part = 0 and is_total = 1 then mentioned_value end) as total_count,
        sum(case when is_part = 1 then mentioned_value end) as parts_count,
        count(case when is_part = 1 then 1 end) as n_parts,
        min(case when is_part = 0 and is_total = 1 then evidence_start end) as evidence_start,
        min(case when is_part = 0 and is_total = 1 then evidence_end end) as evidence_end,
        min(case when is_part = 0 and is_total = 1 then evidence_text end) as evidence_text,
        {{ joined_in_order(
            "case when is_part = 1 then label_text || '=' || " ~ plain_number('mentioned_value') ~ " end", 'ordinal'
        ) }} as parts_text
    from grouped_counts
    where total_number > 0
    group by project_year_id, section, mentioned_unit, total_number

),

repeated_counts as (

    -- The same words before two different numbers of the same unit.
    select
        project_year_id,
        label_text,
        mentioned_unit,
        min(mentioned_value) as lowest,
        max(mentioned_value) as highest,
        min(evidence_start) as evidence_start
    from counted
    where length(label_text) >= 4
    group by project_year_id, label_text, mentioned_unit
    having count(*) > 1

),

a13 as (

    select
        project_year_id,
        'A13' as rule_id,
        coalesce(section, '') || ':' || mentioned_unit || ':' || {{ as_text('total_number') }} as detail_key,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(abs(total_count - parts_count) as double) as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        '合计=' || {{ plain_number('total_count') }} || mentioned_unit || '；' || parts_text as operands,
        evidence_start,
        evidence_end,
        evidence_text
    from added_counts
    where n_parts > 1 and total_count is not null

    union all

    select
        repeated_counts.project_year_id,
        'A13' as rule_id,
        'same:' || repeated_counts.label_text || ':' || repeated_counts.mentioned_unit as detail_key,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(repeated_counts.highest - repeated_counts.lowest as double) as computed_value,
        cast(null as boolean) as is_hit,
        cast(null as {{ dbt.type_string() }}) as severity,
        repeated_counts.label_text || '=' || {{ plain_number('repeated_counts.lowest') }} || '，'
        || {{ plain_number('repeated_counts.highest') }} || repeated_counts.mentioned_unit as operands,
        counted.evidence_start,
        counted.evidence_end,
        counted.evidence_text
    from repeated_counts
    inner join counted
        on
            repeated_counts.project_year_id = counted.project_year_id
            and repeated_counts.label_text = counted.label_text
            and repeated_counts.mentioned_unit = counted.mentioned_unit
            and repeated_counts.evidence_start = counted.evidence_start

),

checks as (
    {% for number in range(1, 14) %}
    select * from a{{ number }}
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

final as (

    {{ judged_checks() }}

)

select * from final
