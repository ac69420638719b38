-- Grain: one fiscal year that has a price index or a report.
with

price_index as (

    select * from {{ ref('price_index') }}

),

project_years as (

    select * from {{ ref('int_project_years__current') }}

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

    select log_level
    from chained
    where fiscal_year = {{ price_base_year() }}

),

final as (

    select
        years.fiscal_year,
        cast(chained.previous_year_100 as decimal(9, 4)) as price_index_previous_year,
        cast(round(100 * exp(chained.log_level - base.log_level), 4) as decimal(9, 4)) as price_level,
        case when chained.fiscal_year is not null then {{ price_base_year() }} end as price_base_year,
        chained.source_name as price_source
    from years
    cross join base
    left join chained
        on years.fiscal_year = chained.fiscal_year

)

select * from final
order by fiscal_year asc
