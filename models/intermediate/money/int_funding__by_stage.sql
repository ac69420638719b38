-- Grain: one stage of the money of one project-year: the printed total, the sum of its parts, and which one counts.
with

project_years as (

    select * from {{ ref('int_project_years__current') }}

),

lines as (

    select * from {{ ref('stg_reports__funding_lines') }}

),

current_lines as (

    select
        project_years.project_year_id,
        lines.stage,
        lines.source,
        lines.amount_yuan
    from lines
    inner join project_years
        on
            lines.record_id = project_years.record_id
            and lines.report_id = project_years.report_id
    where lines.amount_yuan is not null

),

by_source as (

    select
        project_year_id,
        stage,
        min(case when source = 'total' then amount_yuan end) as lowest_total_yuan,
        max(case when source = 'total' then amount_yuan end) as highest_total_yuan,
        sum(case when source = 'fiscal' then amount_yuan end) as fiscal_yuan,
        sum(case when source = 'central' then amount_yuan end) as central_yuan,
        sum(case when source = 'local' then amount_yuan end) as local_yuan,
        sum(case when source in ('province', 'city', 'county') then amount_yuan end) as below_central_yuan,
        sum(case when source in ('carryover', 'other') then amount_yuan end) as further_yuan
    from current_lines
    group by project_year_id, stage

),

levelled as (

    -- A report that prints two sums for one stage (two payments, or a contradiction) states no single one.
    -- Central and local money is a part of 财政拨款 where a form prints both, and province to county a part of 地方资金.
    select
        project_year_id,
        stage,
        case when lowest_total_yuan = highest_total_yuan then highest_total_yuan end as stated_yuan,
        coalesce(lowest_total_yuan <> highest_total_yuan, false) as has_several_totals,
        further_yuan,
        coalesce(fiscal_yuan, central_yuan) is not null
        and coalesce(further_yuan, local_yuan, below_central_yuan) is not null as is_broken_down,
        case
            when fiscal_yuan is not null then fiscal_yuan
            when coalesce(central_yuan, local_yuan, below_central_yuan) is not null
                then coalesce(central_yuan, 0) + coalesce(local_yuan, below_central_yuan, 0)
        end as budgetary_yuan
    from by_source

),

summed as (

    select
        project_year_id,
        stage,
        is_broken_down,
        has_several_totals,
        {{ null_unless_castable('stated_yuan', 'decimal(18, 2)') }} as stated_yuan,
        case
            when coalesce(budgetary_yuan, further_yuan) is not null
                then {{ null_unless_castable(
                    'coalesce(budgetary_yuan, 0) + coalesce(further_yuan, 0)', 'decimal(18, 2)'
                ) }}
        end as summed_yuan
    from levelled

),

final as (

    -- Forms often print 0 in the total row and the truth beneath it.
    select
        project_year_id,
        stage,
        stated_yuan,
        summed_yuan,
        case
            when not has_several_totals then coalesce(nullif(stated_yuan, 0), summed_yuan, stated_yuan)
        end as amount_yuan,
        not has_several_totals
        and coalesce(stated_yuan, 0) = 0
        and summed_yuan is not null
        and summed_yuan <> coalesce(stated_yuan, -1) as is_summed,
        has_several_totals,
        -- One printed part of a larger total (其中：中央资金) is no contradiction; more than the total always is.
        coalesce(
            summed_yuan > stated_yuan or (summed_yuan < stated_yuan and is_broken_down), false
        ) as has_total_mismatch
    from summed

)

select * from final
