-- Grain: one fiscal year that has a price index or a report.
with

price_index as (

    {{ reference_with_own('price_index') }}

),

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

settings as (

    {{ reference_with_own('measure_settings') }}

),

years as (

    select fiscal_year
    from price_index

    union distinct

    select fiscal_year
    from project_years
    where fiscal_year is not null

),

chained as (

    -- A product over rows has no aggregate of its own; sums of logarithms are exact far beyond the four places kept.
    select
        fiscal_year,
        previous_year_100,
        source_name,
        sum(ln(previous_year_100 / 100.0)) over (order by fiscal_year) as log_level
    from price_index

),

base as (

    -- A base year without an index leaves every level empty.
    select
        chained.fiscal_year,
        chained.log_level
    from settings
    inner join chained
        on {{ null_unless_castable('settings.value', 'integer') }} = chained.fiscal_year
    where settings.setting = 'price_base_year'

),

final as (

    select
        years.fiscal_year,
        cast(cast(years.fiscal_year as varchar) || '-01-01' as date) as first_day,
        cast(chained.previous_year_100 as decimal(9, 4)) as price_index_previous_year,
        cast(round(100 * exp(chained.log_level - base.log_level), 4) as decimal(9, 4)) as price_level,
        case when chained.fiscal_year is not null then base.fiscal_year end as price_base_year,
        chained.source_name as price_source
    from years
    left join chained
        on years.fiscal_year = chained.fiscal_year
    left join base
        on chained.fiscal_year is not null

)

select * from final
order by fiscal_year asc
