{%- set weights = var('insulation_weights') -%}
-- Draw 0 is the estimate itself; the others add errors: one of the area, one of its region, each a number that follows
-- from code and draw. Every draw ranks anew.
with

criteria as (

    select * from {{ ref('int_insulation_criteria_computed') }}
    where unranked_reason_codes = ''

),

draws as (

    select cast(draw_number as integer) as draw_number
    from (select unnest(range(0, {{ var('insulation_draws') }} + 1)) as draw_number) as numbers

),

region_errors as (

    select
        regions.region_code,
        draws.draw_number,
        case
            when draws.draw_number = 0 then 0
            else {{ normal_of_text("'region|' || regions.region_code || '|' || draws.draw_number") }}
        end as region_error
    from (select distinct region_code from criteria) as regions
    cross join draws

),

drawn as (

    select
        criteria.territory_level_code,
        criteria.territory_code,
        draws.draw_number,
        case
            when draws.draw_number = 0 then 0
            else {{ normal_of_text(
                "criteria.territory_level_code || '|' || criteria.territory_code || '|' || draws.draw_number"
            ) }}
        end as own_error,
        criteria.region_code,
        criteria.own_log_se,
        criteria.region_log_se,
        criteria.efficiency_log_se,
        criteria.loss_w_per_c_per_electric_dwelling,
        criteria.efficiency_ratio,
        criteria.heating_slope_mw_per_c
    from criteria
    cross join draws

),

moved as (

    select
        drawn.territory_level_code,
        drawn.territory_code,
        drawn.draw_number,
        -- Nine digits: what differs only by the order of adding up is equal.
        -- The estimate is a mean, which lies above the median of what is lognormal.
        round(
            ln(drawn.loss_w_per_c_per_electric_dwelling)
            + drawn.own_log_se * (drawn.own_error - drawn.own_log_se / 2)
            + coalesce(drawn.region_log_se, 0) * region_errors.region_error, 9
        ) as loss_log,
        round(ln(drawn.efficiency_ratio) + drawn.efficiency_log_se * drawn.own_error, 9) as efficiency_log,
        round(
            ln(drawn.heating_slope_mw_per_c)
            + drawn.own_log_se * (drawn.own_error - drawn.own_log_se / 2)
            + coalesce(drawn.region_log_se, 0) * region_errors.region_error, 9
        ) as volume_log
    from drawn
    inner join region_errors
        on
            drawn.region_code = region_errors.region_code
            and drawn.draw_number = region_errors.draw_number

),

placed as (

    select
        territory_level_code,
        territory_code,
        draw_number,
        percent_rank() over (partition by territory_level_code, draw_number order by loss_log) as loss_percentile,
        case
            when efficiency_log is not null then percent_rank() over (
                partition by territory_level_code, draw_number, efficiency_log is null order by efficiency_log
            )
        end as efficiency_percentile,
        percent_rank() over (partition by territory_level_code, draw_number order by volume_log) as volume_percentile
    from moved

),

scored as (

    select
        *,
        round(
            (
                {{ weights.loss }} * loss_percentile
                + {{ weights.efficiency }} * coalesce(efficiency_percentile, 0)
                + {{ weights.volume }} * volume_percentile
            ) / (
                {{ weights.loss }} + {{ weights.volume }}
                + case when efficiency_percentile is null then 0 else {{ weights.efficiency }} end
            ), 9
        ) as priority_score
    from placed

),

final as (

    select
        *,
        count(*) over (partition by territory_level_code, draw_number) as areas_ranked_count,
        -- Equals share the middle of their ranks: none of them comes first.
        rank() over (partition by territory_level_code, draw_number order by priority_score desc)
        + (count(*) over (partition by territory_level_code, draw_number, priority_score) - 1) / 2 as priority_rank
    from scored

)

select * from final
