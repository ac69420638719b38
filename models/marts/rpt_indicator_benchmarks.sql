-- Grain: indicator name × scale × unit × programme family × sub-type × kind of document × fiscal year: how its values
-- are spread.
with

indicators as (

    select * from {{ ref('fct_indicator_attainment') }}

),

project_years as (

    select * from {{ ref('int_project_years__measured') }}

),

comparison_settings as (

    {{ reference_with_own('comparison_settings') }}

),

settings as (

    select
        {{ comparison_setting('minimum_peers') }} as minimum_peers,
        {{ comparison_setting('over_completion_ratio') }} as over_completion_ratio
    from comparison_settings

),

measured as (

    select
        project_years.programme_family,
        project_years.programme_sub_type,
        project_years.programme_reason,
        project_years.kind,
        project_years.fiscal_year,
        project_years.region_id,
        indicators.normalised_indicator_name,
        indicators.scale,
        indicators.base_unit,
        indicators.target_amount,
        indicators.actual_amount,
        indicators.attainment_ratio,
        indicators.is_target_met,
        indicators.actual_amount = indicators.target_amount as is_exact_hit,
        -- Less than a ceiling is no over-completion.
        case when indicators.direction in ('higher', 'exact') then indicators.attainment_ratio end as rising_ratio,
        settings.over_completion_ratio,
        settings.minimum_peers
    from indicators
    inner join project_years
        on indicators.project_year_id = project_years.project_year_id
    cross join settings
    where indicators.normalised_indicator_name is not null

),

counted as (

    select
        normalised_indicator_name,
        scale,
        base_unit,
        programme_family,
        programme_sub_type,
        kind,
        fiscal_year,
        min(programme_reason) as programme_reason,
        max(minimum_peers) as minimum_peers,
        cast(count(*) as integer) as n_rows,
        cast(count(distinct region_id) as integer) as n_regions,
        cast(count(actual_amount) as integer) as n_numeric_rows,
        cast(count(is_target_met) as integer) as n_judged_rows,
        cast(count(rising_ratio) as integer) as n_rising_rows,
        cast(sum(case when is_target_met then 1 else 0 end) as integer) as n_targets_met,
        cast(sum(case when is_exact_hit then 1 else 0 end) as integer) as n_exact_hits,
        cast(sum(case when rising_ratio >= over_completion_ratio then 1 else 0 end) as integer) as n_over_completed,
        {%- for name, expression in [
            ('target', 'target_amount'), ('actual', 'actual_amount'), ('attainment', 'attainment_ratio')
        ] %}
        {%- for share in ['0.1', '0.25', '0.5', '0.75', '0.9'] %}
        {{ quantile(expression, share) }} as {{ name }}_p{{ '%02d' % (share | float * 100) | int }},
        {%- endfor %}
        {%- endfor %}
        cast(count(attainment_ratio) as integer) as n_ratios
    from measured
    group by normalised_indicator_name, scale, base_unit, programme_family, programme_sub_type, kind, fiscal_year

),

final as (

    select
        {{ text_key([
            'normalised_indicator_name', 'scale', 'base_unit', 'programme_family', 'programme_sub_type', 'kind',
            'fiscal_year',
        ]) }} as benchmark_id,
        normalised_indicator_name,
        scale,
        base_unit,
        programme_family,
        programme_sub_type,
        kind,
        fiscal_year,
        n_rows,
        n_regions,
        n_numeric_rows,
        {%- for name in ['target', 'actual'] %}
        {%- for share in ['10', '25', '50', '75', '90'] %}
        case when n_numeric_rows >= minimum_peers and programme_reason is null then {{ name }}_p{{ share }} end
            as {{ name }}_p{{ share }},
        {%- endfor %}
        {%- endfor %}
        n_ratios,
        {%- for share in ['10', '25', '50', '75', '90'] %}
        case when n_ratios >= minimum_peers and programme_reason is null then attainment_p{{ share }} end
            as attainment_p{{ share }},
        {%- endfor %}
        n_judged_rows,
        n_targets_met,
        case
            when n_judged_rows >= minimum_peers and programme_reason is null
                then {{ safe_rate('n_targets_met', 'n_judged_rows') }}
        end as target_met_share,
        n_exact_hits,
        case
            when n_numeric_rows >= minimum_peers and programme_reason is null
                then {{ safe_rate('n_exact_hits', 'n_numeric_rows') }}
        end as exact_hit_share,
        n_rising_rows,
        n_over_completed,
        case
            when n_rising_rows >= minimum_peers and programme_reason is null
                then {{ safe_rate('n_over_completed', 'n_rising_rows') }}
        end as over_completion_share,
        case
            when programme_reason is not null then programme_reason
            when n_numeric_rows = 0 then 'no_operands'
            when n_numeric_rows < minimum_peers then 'too_few_rows'
        end as benchmark_reason
    from counted

)

select * from final
order by benchmark_id asc
