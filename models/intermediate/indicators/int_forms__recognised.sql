-- Grain: one project-year, with the family of forms its report belongs to; what no rule recognises is unknown.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

indicators as (

    select * from {{ ref('stg_reports__indicators') }}

),

rules as (

    {{ reference_with_own('form_family_rules') }}

),

headings as (

    select
        record_id,
        report_id,
        {{ level_key('level1_text') }} as level1_key,
        {{ level_key('level2_text') }} as level2_key,
        max(case when weight_points is not null then 1 else 0 end) as n_weighted
    from indicators
    group by record_id, report_id, level1_key, level2_key

),

shapes as (

    select
        record_id,
        report_id,
        max(n_weighted) = 1 as has_points,
        coalesce(max(level1_key), max(level2_key)) is not null as has_levels
    from headings
    group by record_id, report_id

),

described as (

    select
        project_years.project_year_id,
        project_years.record_id,
        project_years.report_id,
        project_years.kind,
        project_years.fiscal_year,
        project_years.region_province,
        project_years.region_code,
        project_years.project_code_key,
        project_years.stated_execution_weight_points,
        coalesce(shapes.has_points, false) as has_points,
        coalesce(shapes.has_levels, false) as has_levels
    from project_years
    left join shapes
        on
            project_years.record_id = shapes.record_id
            and project_years.report_id = shapes.report_id

),

fitting as (

    select
        described.project_year_id,
        rules.form_family,
        rules.basis,
        row_number() over (partition by described.project_year_id order by rules.priority asc) as preference
    from described
    inner join rules
        on
            (rules.kind is null or described.kind = rules.kind)
            and (
                rules.province is null
                or instr(described.region_province, rules.province) = 1
                or instr(described.region_code, rules.code_prefix) = 1
                or instr(described.project_code_key, rules.code_prefix) = 1
            )
            and (rules.from_year is null or described.fiscal_year >= rules.from_year)
            and (rules.to_year is null or described.fiscal_year <= rules.to_year)
            and (rules.execution_points is null or described.stated_execution_weight_points = rules.execution_points)
            and (rules.has_points is null or described.has_points = rules.has_points)
            and (rules.has_levels is null or described.has_levels = rules.has_levels)
    left join headings
        on
            described.record_id = headings.record_id
            and described.report_id = headings.report_id
            and instr(headings.level1_key, rules.level1_word) > 0
            and (rules.level2_word is null or instr(headings.level2_key, rules.level2_word) > 0)
    where rules.level1_word is null or headings.level1_key is not null

),

final as (

    select
        described.project_year_id,
        coalesce(fitting.form_family, 'unknown') as form_family,
        fitting.basis as form_family_basis
    from described
    left join fitting
        on
            described.project_year_id = fitting.project_year_id
            and fitting.preference = 1

)

select * from final
