-- Grain: one check of printed parts against their printed total (sources of money, counts of the text) on a
-- project-year: rules A7 and A13 of group A (arithmetic: can the figures of the form be right?).
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

rules as (

    select * from {{ red_flag_rules() }}

),

words as (

    {{ reference_with_own('red_flag_words') }}

),

stages as (

    {{ affected_rows('int_funding__by_stage') }}

),

funding as (

    {{ affected_rows('fct_funding') }}

),

mentions as (

    {{ affected_rows('fct_mention') }}

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
        {{ no_hit() }},
        {{ no_severity() }},
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
        {{ no_reason() }},
        cast(abs(total_count - parts_count) as double) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
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
        {{ no_reason() }},
        cast(repeated_counts.highest - repeated_counts.lowest as double) as computed_value,
        {{ no_hit() }},
        {{ no_severity() }},
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

    {{ rows_of_all(['a7', 'a13']) }}

),

final as (

    {{ judged_checks() }}

)

select * from final
