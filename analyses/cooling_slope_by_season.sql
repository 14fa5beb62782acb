-- How many MW does each °C hotter add, season by season, above 22 °C?
-- A season runs from July to June, so its summer is split between two: read it as July and August of the first year
-- with June of the second. One season alone seldom tells the slope apart from zero, and then it is null: that is an
-- answer, not a gap.
select
    territory_label_fr,
    window_code,
    window_start_on,
    window_end_on,
    round(cooling_slope_mw_per_c, 1) as cooling_slope_mw_per_c,
    round(cooling_slope_mw_per_c_ci95_low, 1) as cooling_slope_mw_per_c_ci95_low,
    round(cooling_slope_mw_per_c_ci95_high, 1) as cooling_slope_mw_per_c_ci95_high,
    cooling_days_count,
    cooling_fit_status,
    is_simulated
from {{ schema_and_table('weather_sensitivity') }}
where starts_with(window_code, 'season_') and specification_code = 'common' and client_type_code = 'all'
order by territory_label_fr, window_code
