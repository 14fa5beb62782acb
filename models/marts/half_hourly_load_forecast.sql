with

-- Of all that is issued for the back-test, the newest month.
forecasts as (

    select * from {{ ref('int_half_hourly_forecasts_issued') }}
    where issued_on > (select max(issued_on) from {{ ref('int_half_hourly_forecasts_issued') }}) - 31

),

intervals as (select * from {{ ref('int_half_hourly_forecast_intervals_calibrated') }}),

loads as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

final as (

    select
        forecasts.territory_level_code,
        forecasts.territory_code,
        forecasts.issued_on,
        forecasts.horizon_days,
        forecasts.period_start_at_utc,
        forecasts.date_day,
        {{ clock_time(paris_local_timestamp('forecasts.period_start_at_utc')) }} as local_time,
        loads.is_simulated,
        forecasts.load_forecast_mw,
        {% for level in [80, 95] -%}
        forecasts.load_forecast_mw * (1 - intervals.half_width_{{ level }}_share)
            as load_forecast_mw_ci{{ level }}_low,
        forecasts.load_forecast_mw * (1 + intervals.half_width_{{ level }}_share)
            as load_forecast_mw_ci{{ level }}_high,
        {% endfor -%}
        forecasts.load_mw
    from forecasts
    cross join loads
    left join intervals
        using (territory_level_code, territory_code, horizon_days, half_hour_number, issued_on)

)

select * from final
