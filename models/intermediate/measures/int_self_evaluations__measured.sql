-- Grain: one project-year: its indicators' attainment by points, its score under the one chosen profile, the gap
-- between attainment and execution, and how much of it rests on numbers and reasons.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

indicators as (

    select * from {{ ref('int_indicators__scored') }}

),

execution as (

    select * from {{ ref('int_execution__rated') }}

),

profiles as (

    {{ reference_with_own('weight_profiles') }}

),

settings as (

    {{ reference_with_own('measure_settings') }}

),

chosen as (

    -- One row, also where the setting names a profile that nobody described.
    select
        settings.value as profile_id,
        {%- for part in weight_parts() %}
        cast(profiles.{{ part.share }} as decimal(9, 4)) as {{ part.share }},
        {%- endfor %}
        profiles.profile_id is not null as is_known
    from settings
    left join profiles
        on settings.value = profiles.profile_id
    where settings.setting = 'chosen_weight_profile'

),

levelled as (

    -- Cost and satisfaction stand where the chosen profile gives them points: on their own, or inside the output and
    -- the benefits.
    select
        indicators.project_year_id,
        indicators.weight_points,
        indicators.stated_score_points,
        indicators.has_numbers,
        indicators.has_deviation_reason,
        coalesce(indicators.level1 = 'EXEC', false) as is_execution_row,
        coalesce(indicators.stated_score_points < indicators.weight_points, false)
        or coalesce(not indicators.is_target_met, false) as is_reason_due,
        case
            when indicators.level2 like 'cost_%' or indicators.level1 = 'COST'
                then case when chosen.cost_share > 0 then 'COST' else 'OUTPUT' end
            when indicators.level2 like 'sat_%' or indicators.level1 = 'SATISFACTION'
                then case when chosen.satisfaction_share > 0 then 'SATISFACTION' else 'BENEFIT' end
            else indicators.level1
        end as profile_level1
    from indicators
    cross join chosen

),

summed as (

    select
        project_year_id,
        cast(count(*) as integer) as n_indicators,
        cast(sum(case when has_numbers then 1 else 0 end) as integer) as n_numeric_indicators,
        cast(sum(case when is_reason_due then 1 else 0 end) as integer) as n_reasons_due,
        cast(sum(case when is_reason_due and has_deviation_reason then 1 else 0 end) as integer) as n_reasons_given,
        sum(case when not is_execution_row then 1 else 0 end) as n_rated,
        count(case when not is_execution_row then weight_points end) as n_weighted,
        count(case when not is_execution_row and weight_points is not null then stated_score_points end) as n_scored,
        sum(case when not is_execution_row then weight_points end) as rated_weight_points,
        sum(case when not is_execution_row then stated_score_points end) as rated_score_points,
        sum(case when stated_score_points > weight_points or stated_score_points < 0 then 1 else 0 end) as n_odd_scores,
        {%- for part in weight_parts() if part.level1 != 'EXEC' %}
        coalesce(sum(case when profile_level1 = '{{ part.level1 }}' then weight_points end), 0)
            as {{ part.level1 | lower }}_weight,
        coalesce(sum(case when profile_level1 = '{{ part.level1 }}' then stated_score_points end), 0)
            as {{ part.level1 | lower }}_score,
        {%- endfor %}
        coalesce(sum(case when not is_execution_row and profile_level1 is null then weight_points end), 0)
            as unplaced_weight_points
    from levelled
    group by project_year_id

),

reasoned as (

    select
        project_years.project_year_id,
        project_years.kind,
        chosen.profile_id,
        chosen.is_known,
        {%- for part in weight_parts() %}
        chosen.{{ part.share }},
        {%- if part.level1 != 'EXEC' %}
        {{ points('summed.' ~ part.level1 | lower ~ '_weight') }} as {{ part.level1 | lower }}_weight,
        {{ points('summed.' ~ part.level1 | lower ~ '_score') }} as {{ part.level1 | lower }}_score,
        {%- endif %}
        {%- endfor %}
        coalesce(summed.n_numeric_indicators, 0) as n_numeric_indicators,
        coalesce(summed.n_reasons_due, 0) as n_reasons_due,
        coalesce(summed.n_reasons_given, 0) as n_reasons_given,
        {{ safe_rate('summed.n_numeric_indicators', 'summed.n_indicators') }} as numeric_indicator_rate,
        {{ safe_rate('summed.n_reasons_given', 'summed.n_reasons_due') }} as reason_rate,
        {{ points('summed.rated_weight_points') }} as rated_weight_points,
        {{ points('summed.rated_score_points') }} as rated_score_points,
        summed.unplaced_weight_points,
        summed.n_odd_scores,
        execution.execution_rate,
        execution.executed_yuan,
        execution.budget_yuan,
        case
            when coalesce(summed.n_rated, 0) = 0 then 'no_indicators'
            when summed.n_weighted = 0 then 'no_points'
            when summed.n_weighted < summed.n_rated then 'points_missing'
            when summed.n_scored < summed.n_rated then 'scores_missing'
            when summed.rated_weight_points <= 0 then 'no_points'
            when
                {{ points('summed.rated_weight_points') }} is null or {{ points('summed.rated_score_points') }} is null
                then 'out_of_range'
        end as attainment_rate_reason
    from project_years
    cross join chosen
    inner join execution
        on project_years.project_year_id = execution.project_year_id
    left join summed
        on project_years.project_year_id = summed.project_year_id

),

refused as (

    -- Other kinds of evaluation have other indicators; one column of scores must not mix them.
    select
        *,
        case
            when not is_known then 'profile_unknown'
            when coalesce(kind, 'unknown') <> 'project_self_evaluation' then 'other_kind'
            when attainment_rate_reason is not null then attainment_rate_reason
            when n_odd_scores > 0 then 'score_out_of_range'
            when unplaced_weight_points > 0 then 'level_unknown'
            {%- for part in weight_parts() if part.level1 != 'EXEC' %}
            when {{ part.share }} = 0 and {{ part.level1 | lower }}_weight > 0 then 'level_without_share'
            {%- endfor %}
            {%- for part in weight_parts() if part.level1 != 'EXEC' %}
            when {{ part.share }} > 0 and coalesce({{ part.level1 | lower }}_weight, 0) <= 0
                then 'level_without_points'
            {%- endfor %}
            when execution_share > 0 and execution_rate is null then 'no_execution_rate'
        end as profile_total_reason,
        case
            when attainment_rate_reason is not null then attainment_rate_reason
            when execution_rate is null then 'no_execution_rate'
        end as gap_reason,
        case
            when attainment_rate_reason is null then {{ safe_rate('rated_score_points', 'rated_weight_points') }}
        end as indicator_attainment_rate
    from reasoned

),

rescored as (

    -- Each level's printed share of its own points, times the points the chosen profile gives it; over-spending earns
    -- no extra points.
    select
        *,
        {%- for part in weight_parts() if part.level1 != 'EXEC' %}
        {{ half_up_quotient(
            part.level1 | lower ~ '_score * ' ~ part.share, part.level1 | lower ~ '_weight', 4, 10
        ) }} as {{ part.level1 | lower }}_profile_points,
        {%- endfor %}
        case
            when executed_yuan >= budget_yuan and budget_yuan > 0 then execution_share
            else {{ half_up_quotient(wide_product('execution_share', 'executed_yuan'), 'budget_yuan', 4, 10) }}
        end as execution_profile_points
    from refused

),

final as (

    select
        project_year_id,
        profile_id as profile_id_chosen,
        case
            when profile_total_reason is null
                then {{ points_quotient(
                    "coalesce(decision_profile_points, 0) + coalesce(process_profile_points, 0)"
                    ~ " + coalesce(cost_profile_points, 0) + coalesce(output_profile_points, 0)"
                    ~ " + coalesce(benefit_profile_points, 0) + coalesce(satisfaction_profile_points, 0)"
                    ~ " + coalesce(execution_profile_points, 0)",
                    '1'
                ) }}
        end as profile_total_points,
        profile_total_reason,
        indicator_attainment_rate,
        attainment_rate_reason,
        case
            when gap_reason is null
                then {{ rate_difference('indicator_attainment_rate', 'least(execution_rate, 1.0)') }}
        end as attainment_execution_gap,
        gap_reason,
        n_numeric_indicators,
        numeric_indicator_rate,
        n_reasons_due,
        n_reasons_given,
        reason_rate
    from rescored

)

select * from final
