-- How many MW does each °C colder add, region by region, and how sure is that?
-- A row is a region, or France as the sum of twelve, and of thirteen where EDF's load of Corse is available.
-- `heating_slope_mw_per_c` is what one °C below 15 °C (smoothed) adds on top of what the calendar explains; in 95 of
-- 100 such data sets the interval contains the true slope. Only `qualified` rows may be quoted without a word of
-- caution. Without EDF's load Corse has no slope, not zero.
select
    territory_label_fr,
    round(heating_slope_mw_per_c, 1) as heating_slope_mw_per_c,
    round(heating_slope_mw_per_c_ci95_low, 1) as heating_slope_mw_per_c_ci95_low,
    round(heating_slope_mw_per_c_ci95_high, 1) as heating_slope_mw_per_c_ci95_high,
    heating_fit_status,
    is_simulated
from {{ schema_and_table('slopes') }}
order by territory_level_code desc, heating_slope_mw_per_c desc nulls last
