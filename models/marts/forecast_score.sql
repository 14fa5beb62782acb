with

forecasts as (

    select * from {{ ref('int_forecasts_issued') }}
    where energy_mwh is not null

),

intervals as (select * from {{ ref('int_forecast_intervals_calibrated') }}),

loads as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

-- With forecast temperatures, or the day of issue known, the day changes, and its half-hours in proportion.
half_hours as (

    select
        days.forecast_code,
        half_hourly.territory_level_code,
        half_hourly.territory_code,
        half_hourly.issued_on,
        half_hourly.horizon_days,
        half_hourly.load_forecast_mw * days.energy_forecast_mwh / observed.energy_forecast_mwh as load_forecast_mw,
        half_hourly.load_mw
    from {{ ref('int_half_hourly_forecasts_issued') }} as half_hourly
    inner join {{ ref('int_forecasts_issued') }} as observed
        using (territory_level_code, territory_code, issued_on, horizon_days)
    inner join {{ ref('int_forecasts_issued') }} as days
        using (territory_level_code, territory_code, issued_on, horizon_days)
    where
        observed.forecast_code = 'dataelec'
        and days.forecast_code in ('dataelec', 'dataelec_day_known', 'dataelec_forecast_temperatures')
    union all
    select
        'rte' as forecast_code,
        'country' as territory_level_code,
        'FR' as territory_code,
        date_day - 1 as issued_on,
        1 as horizon_days,
        load_forecast_day_before_mw as load_forecast_mw,
        load_published_mw as load_mw
    from {{ ref('stg_odre__half_hourly_national_loads') }}
    where not is_phantom_hour

),

half_hourly as (

    select
        forecast_code,
        territory_level_code,
        territory_code,
        issued_on,
        horizon_days,
        count(load_mw + load_forecast_mw) as half_hours_count,
        sum(abs(load_forecast_mw - load_mw) / load_mw) as half_hourly_error_share
    from half_hours
    group by all

),

-- Bounds are the quantiles that the two intervals state, the forecast is the median.
judged as (

    select
        forecasts.*,
        half_hourly.half_hours_count,
        half_hourly.half_hourly_error_share,
        forecasts.energy_mwh - forecasts.energy_forecast_mwh as error_mwh,
        abs(forecasts.relative_error) <= intervals.half_width_80_share as is_within_80,
        abs(forecasts.relative_error) <= intervals.half_width_95_share as is_within_95,
        (
            {% for quantile, level, sign in [
                (0.025, 95, '-'), (0.1, 80, '-'), (0.5, none, '-'), (0.9, 80, '+'), (0.975, 95, '+')
            ] -%}
            {%- set bound -%}
            forecasts.energy_forecast_mwh
            {%- if level %} * (1 {{ sign }} intervals.half_width_{{ level }}_share){% endif %}
            {%- endset -%}
            greatest(
                {{ quantile }} * (forecasts.energy_mwh - {{ bound }}),
                {{ quantile }} * (forecasts.energy_mwh - {{ bound }}) - (forecasts.energy_mwh - {{ bound }})
            )
            {{ '+' if not loop.last }}
            {% endfor -%}
        ) / 5
        -- Where there is no interval there is no quantile to judge.
        + case when intervals.half_width_95_share is not null then 0 end as pinball_mwh
    from forecasts
    left join intervals
        using (forecast_code, territory_level_code, territory_code, horizon_days, issued_on)
    left join half_hourly
        using (forecast_code, territory_level_code, territory_code, horizon_days, issued_on)

),

periods as (

    select
        *,
        'year' as period_kind_code,
        cast(year(date_day) as varchar) as period_code
    from judged
    union all
    select
        *,
        'month' as period_kind_code,
        strftime(date_day, '%Y-%m') as period_code
    from judged

),

-- What is left once the period's forecasts are brought to its level: how well the days are told apart.
levelled as (

    select
        *,
        sum(energy_mwh) over (by_period) / sum(energy_forecast_mwh) over (by_period) as level_ratio
    from periods
    window by_period as (
        partition by
            territory_level_code, territory_code, forecast_code, horizon_days, period_kind_code, period_code
    )

),

final as (

    select
        levelled.territory_level_code,
        levelled.territory_code,
        levelled.forecast_code,
        cast(levelled.horizon_days as integer) as horizon_days,
        levelled.period_kind_code,
        levelled.period_code,
        loads.is_simulated,
        cast(count(*) as integer) as days_count,
        100 * avg(abs(levelled.error_mwh) / levelled.energy_mwh) as mape_pct,
        100 * avg(
            abs(levelled.energy_mwh - levelled.level_ratio * levelled.energy_forecast_mwh) / levelled.energy_mwh
        ) as level_corrected_mape_pct,
        -100 * sum(levelled.error_mwh) / sum(levelled.energy_mwh) as bias_pct,
        100 * sqrt(avg(levelled.error_mwh * levelled.error_mwh)) / avg(levelled.energy_mwh) as cv_rmse_pct,
        100 * avg(levelled.pinball_mwh)
        / avg(case when levelled.pinball_mwh is not null then levelled.energy_mwh end) as pinball_pct,
        cast(coalesce(sum(levelled.half_hours_count), 0) as integer) as half_hours_count,
        100 * sum(levelled.half_hourly_error_share) / sum(levelled.half_hours_count) as half_hourly_mape_pct,
        {% for level in [80, 95] -%}
        100 * avg(case when levelled.is_within_{{ level }} then 1 when not levelled.is_within_{{ level }} then 0 end)
            as coverage_{{ level }}_pct
        {{- ',' if not loop.last }}
        {% endfor %}
    from levelled
    cross join loads
    group by
        levelled.territory_level_code,
        levelled.territory_code,
        levelled.forecast_code,
        levelled.horizon_days,
        levelled.period_kind_code,
        levelled.period_code,
        loads.is_simulated

)

select * from final
