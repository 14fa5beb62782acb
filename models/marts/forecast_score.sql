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

-- Bounds are the quantiles that the two intervals state, the forecast is the median.
judged as (

    select
        forecasts.*,
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
        using (
            forecast_code, territory_level_code, territory_code, fit_month_on, horizon_days, half_year_code
        )

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

final as (

    select
        periods.territory_level_code,
        periods.territory_code,
        periods.forecast_code,
        cast(periods.horizon_days as integer) as horizon_days,
        periods.period_kind_code,
        periods.period_code,
        loads.is_simulated,
        cast(count(*) as integer) as days_count,
        100 * avg(abs(periods.error_mwh) / periods.energy_mwh) as mape_pct,
        -100 * sum(periods.error_mwh) / sum(periods.energy_mwh) as bias_pct,
        100 * sqrt(avg(periods.error_mwh * periods.error_mwh)) / avg(periods.energy_mwh) as cv_rmse_pct,
        100 * avg(periods.pinball_mwh)
        / avg(case when periods.pinball_mwh is not null then periods.energy_mwh end) as pinball_pct,
        {% for level in [80, 95] -%}
        100 * avg(case when periods.is_within_{{ level }} then 1 when not periods.is_within_{{ level }} then 0 end)
            as coverage_{{ level }}_pct
        {{- ',' if not loop.last }}
        {% endfor %}
    from periods
    cross join loads
    group by
        periods.territory_level_code,
        periods.territory_code,
        periods.forecast_code,
        periods.horizon_days,
        periods.period_kind_code,
        periods.period_code,
        loads.is_simulated

)

select * from final
