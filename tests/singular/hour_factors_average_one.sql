-- The hours of a day are parts of one model: their slopes average the slope of the day, but for hours that a day lacks.
select
    territory_code,
    window_code,
    avg(heating_hour_factor) as heating_hour_factor_mean
from {{ ref('weather_sensitivity_hourly') }}
group by territory_code, window_code
having abs(avg(heating_hour_factor) - 1) > 0.005
