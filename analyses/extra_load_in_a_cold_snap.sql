-- How many MW more on the coldest day seen than on an ordinary January day?
-- Each region at its own coldest smoothed temperature, which did not fall on one day everywhere: read a row, not the
-- sum. The extra load is the slope times the degrees between the two, with the slope's interval; it is a daily mean,
-- the peak at 19 h is higher. All temperatures lie inside what was observed.
with

temperatures as (

    select
        temperatures.region_code,
        min(temperatures.temperature_smoothed_c) as coldest_temperature_c,
        arg_min(temperatures.date_day, temperatures.temperature_smoothed_c) as coldest_on,
        avg(case when dates.calendar_month = 1 then temperatures.temperature_smoothed_c end) as january_temperature_c
    from {{ schema_and_table('fct_daily_temperature') }} as temperatures
    inner join {{ schema_and_table('dim_dates') }} as dates on temperatures.date_day = dates.date_day
    group by temperatures.region_code

),

sensitivities as (

    select * from {{ schema_and_table('weather_sensitivity') }}
    where
        window_code = 'all'
        and specification_code = 'common'
        and client_type_code = 'all'
        and heating_slope_mw_per_c is not null

),

drops as (

    select
        temperatures.*,
        least(temperatures.january_temperature_c, sensitivities.heating_balance_point_c)
        - temperatures.coldest_temperature_c as drop_c
    from temperatures
    inner join sensitivities on temperatures.region_code = sensitivities.territory_code

)

select
    sensitivity.territory_label_fr,
    drops.coldest_on,
    round(drops.coldest_temperature_c, 1) as coldest_temperature_c,
    round(drops.january_temperature_c, 1) as january_temperature_c,
    round(sensitivity.heating_slope_mw_per_c * drops.drop_c, 0) as extra_load_mw,
    round(sensitivity.heating_slope_mw_per_c_ci95_low * drops.drop_c, 0) as extra_load_mw_ci95_low,
    round(sensitivity.heating_slope_mw_per_c_ci95_high * drops.drop_c, 0) as extra_load_mw_ci95_high,
    sensitivity.heating_fit_status,
    sensitivity.is_simulated
from sensitivities as sensitivity
inner join drops on sensitivity.territory_code = drops.region_code
order by sensitivity.heating_slope_mw_per_c * drops.drop_c desc
