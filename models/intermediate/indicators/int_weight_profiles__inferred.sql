-- Grain: one project-year whose points fit a known profile; none fits, no row.
with

points as (

    select * from {{ ref('int_indicator_points__summed') }}

),

execution as (

    select * from {{ ref('int_execution__scored') }}

),

profiles as (

    {{ reference_with_own('weight_profiles') }}

),

shared as (

    select
        points.*,
        points.execution_row_weight_points + coalesce(execution.execution_weight_points, 0) as execution_points
    from points
    left join execution
        on points.project_year_id = execution.project_year_id

),

fitting as (

    -- Two profiles differ only in whether cost has indicators of its own.
    select
        shared.project_year_id,
        profiles.profile_id,
        row_number() over (partition by shared.project_year_id order by profiles.priority asc) as preference
    from shared
    inner join profiles
        on
            shared.execution_points = profiles.execution_share
            {%- for part in weight_parts() if part.level1 != 'EXEC' %}
            and shared.{{ part.column }} = profiles.{{ part.share }}
            {%- endfor %}
            and (profiles.has_cost_indicator is null or shared.has_cost_indicator = profiles.has_cost_indicator)

),

final as (

    select
        project_year_id,
        max(case when preference = 1 then profile_id end) as weight_profile,
        {{ joined_in_order('profile_id', 'preference', ',') }} as weight_profiles_matching
    from fitting
    group by project_year_id

)

select * from final
