-- Grain: one rule on many reports (D1, D2, D8) × scope × fiscal year: flagged, passed or not evaluable.
with

rules as (

    select * from {{ red_flag_rules() }}

),

distributions as (

    select * from {{ ref('int_scores__distributed') }}

),

heaps as (

    select
        *,
        row_number() over (
            partition by score_distribution_id
            order by heap_z desc nulls last, heap_points desc
        ) as size_number
    from {{ ref('int_scores__heaped') }}

),

ceilings as (

    -- The share from 98 on speaks where that from 95 on alone is no finding.
    select
        distributions.*,
        distributions.share_from_95 > rules.threshold as is_from_95,
        distributions.share_from_95 <= rules.threshold
        and distributions.share_from_98 > rules.further_threshold as is_from_98,
        rules.minimum_count
    from distributions
    inner join rules
        on rules.rule_id = 'D1'

),

d1 as (

    select
        score_distribution_id as project_year_id,
        'D1' as rule_id,
        case when is_from_98 then 'from_98' else 'from_95' end as detail_key,
        case when n_totals < minimum_count then 'too_few_reports' end as reason,
        case when is_from_98 then share_from_98 else share_from_95 end as computed_value,
        is_from_95 or is_from_98 as is_hit,
        '总分≥95的份数=' || {{ as_text('n_totals_from_95') }} || '；总分≥98的份数='
        || {{ as_text('n_totals_from_98') }} || '；有总分的份数=' || {{ as_text('n_totals') }} as operands
    from ceilings

),

d2 as (

    select
        distributions.score_distribution_id as project_year_id,
        'D2' as rule_id,
        {{ no_detail() }},
        case when distributions.n_totals < rules.minimum_count then 'too_few_reports' end as reason,
        distributions.total_points_deviation as computed_value,
        {{ no_hit() }},
        '标准差=' || coalesce({{ as_text('distributions.total_points_deviation') }}, '无') || '；有总分的份数='
        || {{ as_text('distributions.n_totals') }} as operands
    from distributions
    inner join rules
        on rules.rule_id = 'D2'

),

d8 as (

    select
        distributions.score_distribution_id as project_year_id,
        'D8' as rule_id,
        {{ no_detail() }},
        case when heaps.heap_z is null then 'too_few_reports' end as reason,
        heaps.heap_z as computed_value,
        {{ no_hit() }},
        '分值=' || {{ plain_number('heaps.heap_points') }} || '；份数=' || {{ as_text('heaps.n_at_heap') }}
        || '；附近份数=' || {{ as_text('heaps.n_near_heap') }} || '；期望份数='
        || {{ plain_number('heaps.n_expected_at_heap') }} as operands
    from distributions
    left join heaps
        on
            distributions.score_distribution_id = heaps.score_distribution_id
            and heaps.size_number = 1

),

unplaced as (

    select * from d1

    union all

    select * from d2

    union all

    select * from d8

),

checks as (

    -- The key of the scope stands where reports have theirs: the verdict is made the same way.
    select
        project_year_id,
        rule_id,
        detail_key,
        reason,
        computed_value,
        is_hit,
        {{ no_severity() }},
        operands,
        {{ no_place() }}
    from unplaced

),

judged as (

    {{ judged_checks(further_when="detail_key = 'from_98'") }}

),

final as (

    select
        {{ text_key(['judged.rule_id', 'judged.project_year_id']) }} as population_flag_id,
        judged.project_year_id as score_distribution_id,
        judged.rule_id,
        cast(rules.version as integer) as rule_version,
        distributions.scope_kind,
        distributions.region_id,
        distributions.region_name,
        distributions.scope_department,
        distributions.fiscal_year,
        distributions.n_reports,
        distributions.n_totals,
        cast(rules.minimum_count as integer) as minimum_count,
        judged.result,
        judged.reason,
        case when judged.result = 'flagged' then coalesce(judged.severity, rules.severity) end as severity,
        judged.computed_value,
        judged.threshold,
        judged.operands
    from judged
    inner join distributions
        on judged.project_year_id = distributions.score_distribution_id
    inner join rules
        on judged.rule_id = rules.rule_id

)

select * from final
order by population_flag_id asc
