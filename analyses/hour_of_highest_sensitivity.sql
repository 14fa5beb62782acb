-- At which hour of the local clock does each °C colder add most?
-- The factor is the hour's slope over the day's: 1.1 means a tenth more than the mean hour. Heating switched on in the
-- morning and people coming home in the evening stand behind it. A row is a territory: its hour of most and of least.
select
    territory_label_fr,
    arg_max(hour_of_day, heating_hour_factor) as hour_of_highest_sensitivity,
    round(max(heating_hour_factor), 2) as heating_hour_factor_highest,
    round(max(heating_slope_mw_per_c), 1) as heating_slope_highest_mw_per_c,
    arg_min(hour_of_day, heating_hour_factor) as hour_of_lowest_sensitivity,
    round(min(heating_hour_factor), 2) as heating_hour_factor_lowest,
    bool_or(is_simulated) as is_simulated
from {{ schema_and_table('weather_sensitivity_hourly') }}
where window_code = 'all' and client_type_code = 'all' and heating_hour_factor is not null
group by territory_label_fr
order by territory_label_fr
