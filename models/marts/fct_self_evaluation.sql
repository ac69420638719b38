-- Grain: one project-year: the total and the grade it gives itself, and what its own parts add up to.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

points as (

    {{ affected_rows('int_indicator_points__summed') }}

),

execution as (

    {{ affected_rows('int_execution__scored') }}

),

weight_profiles as (

    {{ affected_rows('int_weight_profiles__inferred') }}

),

measures as (

    {{ affected_rows('int_self_evaluations__measured') }}

),

grade_labels as (

    select * from {{ ref('grade_labels') }}

),

grade_bands as (

    {{ reference_with_own('grade_bands') }}

),

field_evidence as (

    select * from {{ ref('stg_reports__field_evidence') }}

),

ranked_places as (

    select
        record_id,
        report_id,
        {{ evidence_columns() }},
        row_number() over (
            partition by record_id, report_id
            order by
                case field
                    when 'evaluation.total_score' then 1
                    when 'evaluation.grade' then 2
                    else 3
                end asc
        ) as preference
    from field_evidence
    where field in ('evaluation.total_score', 'evaluation.grade', 'evaluation.conclusion')

),

added as (

    -- A sum that lacks a part is no total: every indicator needs points and a score, and points short of 100 need an
    -- execution score.
    select
        project_years.project_year_id,
        coalesce(points.n_indicators, 0) as n_indicators,
        coalesce(points.n_scored_indicators, 0) as n_scored_indicators,
        points.indicator_weight_points,
        points.indicator_score_points,
        execution.execution_weight_points,
        execution.execution_score_points,
        coalesce(execution.execution_score_basis, 'none') as execution_score_basis,
        case
            when coalesce(points.n_indicators, 0) = 0 then null
            when points.n_scored_indicators < points.n_indicators or points.n_unweighted_indicators > 0 then null
            when execution.execution_score_points is not null
                then points.indicator_score_points + execution.execution_score_points
            when points.indicator_weight_points = 100 then points.indicator_score_points
        end as recomputed_total_points
    from project_years
    left join points
        on project_years.project_year_id = points.project_year_id
    left join execution
        on project_years.project_year_id = execution.project_year_id

),

banded as (

    -- The best grade whose points are reached. Totals are points of 100; one above has no grade.
    select
        project_years.project_year_id,
        grade_bands.grade,
        row_number() over (
            partition by project_years.project_year_id
            order by grade_bands.from_points desc, grade_bands.grade asc
        ) as preference
    from project_years
    inner join grade_bands
        on project_years.stated_total_points >= grade_bands.from_points
    where project_years.stated_total_points <= 100

),

graded as (

    select
        project_years.project_year_id,
        grade_labels.canonical as stated_grade,
        grade_labels.scale as stated_grade_scale,
        banded.grade as derived_grade
    from project_years
    left join grade_labels
        on {{ without_pattern(normalise_text('project_years.stated_grade_text'), '级$|等级') }} = lower(grade_labels.label)
    left join banded
        on
            project_years.project_year_id = banded.project_year_id
            and banded.preference = 1

),

final as (

    select
        project_years.report_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        project_years.kind,
        project_years.stated_total_points,
        {{ points('added.recomputed_total_points') }} as recomputed_total_points,
        {{ points('project_years.stated_total_points - added.recomputed_total_points') }}
            as total_difference_points,
        added.n_indicators,
        added.n_scored_indicators,
        added.indicator_weight_points,
        added.indicator_score_points,
        added.execution_weight_points,
        added.execution_score_points,
        added.execution_score_basis,
        {{ points('added.indicator_weight_points + coalesce(added.execution_weight_points, 0)') }}
            as weight_sum_points,
        measures.indicator_attainment_rate,
        measures.attainment_rate_reason,
        measures.attainment_execution_gap,
        measures.gap_reason,
        measures.profile_id_chosen,
        measures.profile_total_points,
        measures.profile_total_reason,
        coalesce(measures.n_numeric_indicators, 0) as n_numeric_indicators,
        measures.numeric_indicator_rate,
        coalesce(measures.n_reasons_due, 0) as n_reasons_due,
        coalesce(measures.n_reasons_given, 0) as n_reasons_given,
        measures.reason_rate,
        weight_profiles.weight_profile,
        weight_profiles.weight_profiles_matching,
        project_years.stated_grade_text,
        graded.stated_grade,
        graded.stated_grade_scale,
        graded.derived_grade,
        graded.stated_grade = graded.derived_grade as has_grade_agreement,
        project_years.conclusion_text,
        project_years.is_corrected,
        project_years.corrected_by,
        project_years.correction_reason,
        {{ evidence_columns('ranked_places') }}
    from project_years
    inner join added
        on project_years.project_year_id = added.project_year_id
    inner join graded
        on project_years.project_year_id = graded.project_year_id
    left join measures
        on project_years.project_year_id = measures.project_year_id
    left join weight_profiles
        on project_years.project_year_id = weight_profiles.project_year_id
    left join ranked_places
        on
            project_years.record_id = ranked_places.record_id
            and project_years.report_id = ranked_places.report_id
            and ranked_places.preference = 1

)

select * from final
order by project_year_id asc
