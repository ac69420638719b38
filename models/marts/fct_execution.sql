-- Grain: one project-year: the stages of its money side by side, the rates between them and the points of the rate.
{{ config(meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

rates as (

    {{ affected_rows('int_execution__rated') }}

),

scores as (

    {{ affected_rows('int_execution__scored') }}

),

field_evidence as (

    select * from {{ ref('stg_reports__field_evidence') }}

),

funding_lines as (

    select * from {{ ref('stg_reports__funding_lines') }}

),

fiscal_years as (

    select * from {{ ref('dim_fiscal_year') }}

),

places as (

    -- The printed rate is the best place for a reader to look; without one it is the printed outlay.
    select
        record_id,
        report_id,
        case when field = 'execution.stated_rate_pct' then 1 else 2 end as rank_of_place,
        {{ evidence_columns() }}
    from field_evidence
    where field in ('execution.stated_rate_pct', 'execution.score', 'execution.weight')

    union all

    select
        record_id,
        report_id,
        case when source = 'total' then 3 else 4 end as rank_of_place,
        {{ evidence_columns() }}
    from funding_lines
    where stage = 'executed'

),

ranked_places as (

    select
        *,
        row_number() over (
            partition by record_id, report_id
            order by rank_of_place asc, evidence_start asc, evidence_end asc, evidence_text asc
        ) as preference
    from places

),

final as (

    select
        project_years.report_id as fact_id,
        project_years.project_year_id,
        project_years.document_id,
        project_years.fiscal_year,
        {%- for stage in funding_stages() %}
        rates.{{ stage }}_yuan,
        {%- endfor %}
        {%- for stage in funding_stages() %}
        rates.stated_{{ stage }}_yuan,
        {%- endfor %}
        rates.summed_stages,
        rates.mismatched_stages,
        rates.conflicting_stages,
        rates.mismatched_stages is not null as has_total_mismatch,
        rates.budget_yuan,
        rates.execution_rate,
        rates.budget_stage as execution_rate_denominator,
        rates.execution_rate_reason,
        rates.execution_rate_on_received,
        rates.execution_rate_on_received_reason,
        rates.arrival_rate,
        rates.budget_stage as arrival_rate_denominator,
        rates.arrival_rate_reason,
        rates.stated_execution_rate,
        {{ rate_difference('rates.stated_execution_rate', 'rates.execution_rate') }} as execution_rate_difference,
        rates.budget_revision_rate,
        rates.budget_revision_reason,
        {{ constant_yuan('rates.executed_yuan', 'fiscal_years.price_level') }} as executed_constant_yuan,
        {{ constant_yuan('rates.budget_yuan', 'fiscal_years.price_level') }} as budget_constant_yuan,
        fiscal_years.price_base_year,
        case
            when project_years.fiscal_year is null then 'no_year'
            when fiscal_years.price_level is null then 'no_price_index'
        end as constant_price_reason,
        project_years.stated_execution_weight_points,
        scores.execution_weight_points,
        scores.execution_weight_basis,
        project_years.stated_execution_score_points,
        scores.recomputed_execution_score_points,
        scores.execution_score_difference_points,
        project_years.is_corrected,
        project_years.corrected_by,
        project_years.correction_reason,
        {{ evidence_columns('ranked_places') }}
    from project_years
    inner join rates
        on project_years.project_year_id = rates.project_year_id
    inner join scores
        on project_years.project_year_id = scores.project_year_id
    left join fiscal_years
        on project_years.fiscal_year = fiscal_years.fiscal_year
    left join ranked_places
        on
            project_years.record_id = ranked_places.record_id
            and project_years.report_id = ranked_places.report_id
            and ranked_places.preference = 1

)

select * from final
order by project_year_id asc
