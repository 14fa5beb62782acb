-- How far is what was measured below the region from what a sharing-out by dwellings says?
-- One row per level: of the areas that have both, the median and the spread of measured over shared out, and how much
-- of the slope lies where something was measured.
with

slopes as (

    select
        territory_level_code,
        territory_code,
        max(heating_slope_mw_per_c) filter (estimate_code = 'measured') as measured_mw_per_c,
        max(heating_slope_mw_per_c) filter (estimate_code = 'allocated') as allocated_mw_per_c,
        bool_or(is_simulated) as is_simulated
    from {{ schema_and_table('area_sensitivity') }}
    where territory_level_code <> 'region'
    group by territory_level_code, territory_code

)

select
    territory_level_code,
    count(allocated_mw_per_c) as areas_count,
    count(measured_mw_per_c / allocated_mw_per_c) as measured_areas_count,
    round(
        sum(allocated_mw_per_c) filter (measured_mw_per_c is not null) / sum(allocated_mw_per_c),
        3
    ) as measured_share,
    round(median(measured_mw_per_c / allocated_mw_per_c), 2) as measured_over_allocated_median,
    round(stddev_samp(ln(measured_mw_per_c / allocated_mw_per_c)), 2) as measured_over_allocated_log_spread,
    bool_or(is_simulated) as is_simulated
from slopes
where allocated_mw_per_c > 0
group by territory_level_code
order by territory_level_code
