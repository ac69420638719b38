-- Grain: one report of a document's current record, corrections applied.
with

source as (

    {{ current_rows('reports') }}

),

fixes as (

    {{ fixes_of('reports') }}

),

renamed as (

    select
        ---------- keys
        source.record_id,
        source.report_id,

        ---------- what the report says
        source.ordinal,
        {{ corrected('reports', 'kind') }} as kind,
        {{ corrected('reports', 'fiscal_year') }} as fiscal_year,
        {{ corrected('reports', 'region_province') }} as region_province,
        {{ corrected('reports', 'region_city') }} as region_city,
        {{ corrected('reports', 'region_county') }} as region_county,
        source.region_as_written as region_as_written_text,
        source.region_hint as region_hint_text,
        {{ corrected('reports', 'unit') }} as unit,
        {{ corrected('reports', 'department') }} as department,
        {{ corrected('reports', 'project_name') }} as project_name,
        {{ corrected('reports', 'project_code') }} as project_code,
        {{ corrected('reports', 'evaluated_on') }} as evaluated_on,
        {{ corrected('reports', 'execution_stated_rate_pct') }} as execution_stated_rate_pct,
        {{ corrected('reports', 'execution_weight') }} as stated_execution_weight_points,
        {{ corrected('reports', 'execution_score') }} as stated_execution_score_points,
        {{ corrected('reports', 'total_score') }} as stated_total_points,
        {{ corrected('reports', 'grade') }} as stated_grade_text,
        source.conclusion as conclusion_text,

        ---------- what a person changed
        fixes.row_id is not null as is_corrected,
        fixes.corrected_by,
        fixes.correction_reason
    from source
    left join fixes
        on source.report_id = fixes.row_id

)

select * from renamed
