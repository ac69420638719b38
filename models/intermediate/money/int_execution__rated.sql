-- Grain: one project-year: the stages side by side and the rates between them.
{{ config(materialized='table', meta={'rebuilt_by': 'int_project_years__affected'}) }}
with

project_years as (

    {{ affected_rows('int_project_years__current') }}

),

stages as (

    {{ affected_rows('int_funding__by_stage') }}

),

pivoted as (

    select
        project_year_id,
        {%- for stage in funding_stages() %}
        max(case when stage = '{{ stage }}' then amount_yuan end) as {{ stage }}_yuan,
        max(case when stage = '{{ stage }}' then stated_yuan end) as stated_{{ stage }}_yuan,
        {%- endfor %}
        {{ joined_distinct('case when is_summed then stage end') }} as summed_stages,
        {{ joined_distinct('case when has_total_mismatch then stage end') }} as mismatched_stages,
        {{ joined_distinct('case when has_several_totals then stage end') }} as conflicting_stages
    from stages
    group by project_year_id

),

denominated as (

    select
        *,
        case
            {%- for stage in budget_stages() %}
            when {{ stage }}_yuan is not null then '{{ stage }}'
            {%- endfor %}
        end as budget_stage,
        coalesce(
            {%- for stage in budget_stages() %}
            {{ stage }}_yuan{{ ',' if not loop.last }}
            {%- endfor %}
        ) as budget_yuan
    from pivoted

),

final as (

    select
        project_years.project_year_id,
        {%- for stage in funding_stages() %}
        denominated.{{ stage }}_yuan,
        denominated.stated_{{ stage }}_yuan,
        {%- endfor %}
        denominated.summed_stages,
        denominated.mismatched_stages,
        denominated.conflicting_stages,
        denominated.budget_stage,
        denominated.budget_yuan,
        {{ safe_rate('denominated.executed_yuan', 'denominated.budget_yuan') }} as execution_rate,
        {{ rate_reason('denominated', 'executed', 'budget') }} as execution_rate_reason,
        {{ safe_rate('denominated.executed_yuan', 'denominated.received_yuan') }} as execution_rate_on_received,
        {{ rate_reason('denominated', 'executed', 'received') }} as execution_rate_on_received_reason,
        {{ safe_rate('denominated.received_yuan', 'denominated.budget_yuan') }} as arrival_rate,
        {{ rate_reason('denominated', 'received', 'budget') }} as arrival_rate_reason,
        {{ safe_rate('project_years.execution_stated_rate_pct', '100') }} as stated_execution_rate,
        {{ safe_rate(
            'denominated.adjusted_budget_yuan - denominated.initial_budget_yuan', 'denominated.initial_budget_yuan'
        ) }} as budget_revision_rate,
        case
            when instr(denominated.conflicting_stages, 'initial_budget') > 0 then 'initial_conflicting'
            when instr(denominated.conflicting_stages, 'adjusted_budget') > 0 then 'adjusted_conflicting'
            when denominated.initial_budget_yuan is null then 'initial_missing'
            when denominated.adjusted_budget_yuan is null then 'adjusted_missing'
            when denominated.initial_budget_yuan = 0 then 'initial_zero'
        end as budget_revision_reason
    from project_years
    left join denominated
        on project_years.project_year_id = denominated.project_year_id

)

select * from final
