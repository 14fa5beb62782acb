-- Half-hours of another size than the day that they make up, or intervals out of order. A row is a territory and day of
-- issue whose forecast half-hours do not add up to the energy that is forecast, or whose bounds cross.
select
    half_hours.territory_level_code,
    half_hours.territory_code,
    half_hours.issued_on,
    half_hours.horizon_days,
    sum(half_hours.load_forecast_mw) / 2 / any_value(whole_days.energy_forecast_mwh) as ratio
from {{ ref('half_hourly_load_forecast') }} as half_hours
left join {{ ref('load_forecast') }} as whole_days
    using (territory_level_code, territory_code, issued_on, horizon_days)
group by all
having
    coalesce(abs(sum(half_hours.load_forecast_mw) / 2 / any_value(whole_days.energy_forecast_mwh) - 1), 1) > 1e-6
    or count(case when half_hours.load_forecast_mw_ci95_low > half_hours.load_forecast_mw_ci80_low then 1 end) > 0
    or count(case when half_hours.load_forecast_mw_ci80_high > half_hours.load_forecast_mw_ci95_high then 1 end) > 0
