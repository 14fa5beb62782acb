{#- Of n draws the k-th lies at k / (n + 1) of their distribution, a quantile of nine tenths holds less of them. -#}
{%- set draws = var('insulation_draws') | int -%}
{%- set tail = (0.05 * (draws + 1) - 1) / (draws - 1) -%}
-- Each area's rank, the interval that holds it in nine draws of ten, and how often it is of the top tenth.
with

draws as (select * from {{ ref('int_insulation_scores_drawn') }}),

final as (

    select
        territory_level_code,
        territory_code,
        max(areas_ranked_count) as areas_ranked_count,
        max(loss_percentile) filter (draw_number = 0) as loss_percentile,
        max(efficiency_percentile) filter (draw_number = 0) as efficiency_percentile,
        max(volume_percentile) filter (draw_number = 0) as volume_percentile,
        max(priority_score) filter (draw_number = 0) as priority_score,
        max(priority_rank) filter (draw_number = 0) as priority_rank,
        -- Draws shuffle areas that lie close: most ranks of one at an end lie on one side of its own, to which the
        -- interval reaches.
        floor(
            least(
                quantile_cont(priority_rank, {{ tail }}) filter (draw_number > 0),
                max(priority_rank) filter (draw_number = 0)
            )
        ) as priority_rank_ci90_low,
        ceil(
            greatest(
                quantile_cont(priority_rank, {{ 1 - tail }}) filter (draw_number > 0),
                max(priority_rank) filter (draw_number = 0)
            )
        ) as priority_rank_ci90_high,
        avg(case when priority_rank <= ceil(areas_ranked_count / 10) then 1.0 else 0.0 end) filter (draw_number > 0)
            as top_tenth_share
    from draws
    group by territory_level_code, territory_code

)

select * from final
