-- How many MW does each °C colder add, region by region, and how sure is that?
-- A row is a region, or France as the sum of twelve, and of thirteen where EDF's load of Corse is held.
-- `heating_slope_mw_per_c` is what one °C below 15 °C (smoothed) adds on top of what the calendar explains; in 95 of
-- 100 such data sets the interval contains the true slope. Only `qualified` rows may be quoted without a word of
-- caution. Without EDF's load Corse has no slope, not zero.
select
    territory_label_fr,
    heating_slope_mw_per_c,
    heating_slope_mw_per_c_ci95_low,
    heating_slope_mw_per_c_ci95_high,
    heating_fit_status,
    is_simulated
from {{ schema_and_table('weather_sensitivity') }}
where window_code = 'all' and specification_code = 'common' and client_type_code = 'all'
order by territory_level_code desc, heating_slope_mw_per_c desc nulls last
