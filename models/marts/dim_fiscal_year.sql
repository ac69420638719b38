-- Grain: one fiscal year that has a price index or a report.
with

price_index as (

    select * from {{ ref('price_index') }}

),

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

settings as (

    select {{ null_unless_castable('value', 'integer') }} as price_base_year
    from {{ ref('measure_settings') }}
    where setting = 'price_base_year'

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
        settings.price_base_year,
        chained.log_level
    from settings
    inner join chained
        on settings.price_base_year = chained.fiscal_year

),

final as (

    select
        years.fiscal_year,
        cast(chained.previous_year_100 as decimal(9, 4)) as price_index_previous_year,
        cast(round(100 * exp(chained.log_level - base.log_level), 4) as decimal(9, 4)) as price_level,
        case when chained.fiscal_year is not null then base.price_base_year end as price_base_year,
        chained.source_name as price_source
    from years
    left join chained
        on years.fiscal_year = chained.fiscal_year
    left join base
        on chained.fiscal_year is not null

)

select * from final
order by fiscal_year asc
