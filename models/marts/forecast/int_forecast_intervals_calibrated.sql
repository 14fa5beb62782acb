with

forecasts as (select * from {{ ref('int_forecasts_issued') }}),

months as (

    select distinct
        forecast_code,
        territory_level_code,
        territory_code,
        fit_month_on
    from forecasts

),

-- The errors of earlier forecasts, as far as they are known when the month begins.
sorted as (

    select
        months.fit_month_on,
        months.forecast_code,
        months.territory_level_code,
        months.territory_code,
        forecasts.horizon_days,
        forecasts.half_year_code,
        count(*) as errors_count,
        list(abs(forecasts.relative_error) order by abs(forecasts.relative_error)) as errors
    from months
    inner join forecasts
        on
            months.forecast_code = forecasts.forecast_code
            and months.territory_level_code = forecasts.territory_level_code
            and months.territory_code = forecasts.territory_code
            and months.fit_month_on >= forecasts.known_for_month_on
            and months.fit_month_on <= forecasts.date_day + {{ interval_days() }}
    where forecasts.relative_error is not null
    group by all

),

-- Conformal: of n past errors and the coming one, each rank is as likely. Too few errors leave no interval.
calibrated as (

    select
        * exclude (errors),
        {% for level in [80, 95] -%}
        errors[cast(ceil((errors_count + 1) * {{ level / 100 }}) as integer)] as half_width_{{ level }}_share
        {{- ',' if not loop.last }}
        {% endfor %}
    from sorted

)

select * from calibrated
