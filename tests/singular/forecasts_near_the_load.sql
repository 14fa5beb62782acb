-- Forecasts of another size than the load: a wrong factor of two, or a fit that went astray. A row is a territory,
-- horizon and year whose forecasts are off by more than a tenth on the whole, or whose 80 % interval is wider than
-- that of 95 %.
select
    territory_level_code,
    territory_code,
    horizon_days,
    year(date_day) as calendar_year,
    sum(energy_forecast_mwh) / sum(energy_mwh) as ratio
from {{ ref('load_forecast') }}
where energy_mwh is not null
group by all
having
    (count(*) >= 60 and abs(sum(energy_forecast_mwh) / sum(energy_mwh) - 1) > 0.1)
    or count(case when energy_forecast_mwh_ci95_low > energy_forecast_mwh_ci80_low then 1 end) > 0
    or count(case when energy_forecast_mwh_ci80_high > energy_forecast_mwh_ci95_high then 1 end) > 0
