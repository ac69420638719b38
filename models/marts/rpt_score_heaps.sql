-- Grain: one scope × fiscal year × value that totals heap at.
with

distributions as (

    select * from {{ ref('int_scores__distributed') }}

),

heaps as (

    select * from {{ ref('int_scores__heaped') }}

),

final as (

    select
        {{ text_key(['heaps.score_distribution_id', 'heaps.heap_points']) }} as score_heap_id,
        heaps.score_distribution_id,
        distributions.scope_kind,
        distributions.region_id,
        distributions.region_name,
        distributions.scope_department,
        distributions.fiscal_year,
        heaps.heap_points,
        distributions.n_totals,
        heaps.n_at_heap,
        heaps.n_near_heap,
        heaps.n_expected_at_heap,
        heaps.heap_z
    from heaps
    inner join distributions
        on heaps.score_distribution_id = distributions.score_distribution_id

)

select * from final
order by score_heap_id asc
