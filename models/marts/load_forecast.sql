with

forecasts as (

    select * from {{ ref('int_forecasts_issued') }}
    where forecast_code = 'dataelec'

),

intervals as (select * from {{ ref('int_forecast_intervals_calibrated') }}),

loads as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

final as (

    select
        forecasts.territory_level_code,
        forecasts.territory_code,
        forecasts.issued_on,
        cast(forecasts.horizon_days as integer) as horizon_days,
        forecasts.date_day,
        loads.is_simulated,
        forecasts.is_temperature_forecast,
        forecasts.energy_forecast_mwh,
        {% for level in [80, 95] -%}
        forecasts.energy_forecast_mwh * (1 - intervals.half_width_{{ level }}_share)
            as energy_forecast_mwh_ci{{ level }}_low,
        forecasts.energy_forecast_mwh * (1 + intervals.half_width_{{ level }}_share)
            as energy_forecast_mwh_ci{{ level }}_high,
        {% endfor -%}
        cast(coalesce(intervals.errors_count, 0) as integer) as errors_count,
        forecasts.energy_mwh
    from forecasts
    cross join loads
    left join intervals
        using (forecast_code, territory_level_code, territory_code, horizon_days, issued_on)

)

select * from final
