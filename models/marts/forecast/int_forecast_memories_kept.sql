with

residuals as (select * from {{ ref('int_forecast_residuals_computed') }}),

-- Beside the last day that is known whole when a forecast is issued, what is remembered of it and of those before.
remembered as (

    select
        region_code,
        fit_month_on,
        load_lag_days,
        date_day as last_day_known_on,
        residual_mw as last_day,
        avg(residual_mw) over (by_day rows between 6 preceding and current row) as last_week,
        avg(residual_mw) over (by_day rows between 27 preceding and current row) as last_four_weeks,
        case when hours_known_count > 0 then lead(residuals_begun_mw) over by_day end as day_begun,
        residuals_begun_mw as last_day_begun,
        max(case when residual_mw is not null then date_day end) over (partition by region_code) as newest_day
    from residuals
    window by_day as (partition by region_code, fit_month_on order by date_day)

),

-- Beside forecasts at their hour of issue, those of its midnight: the day of issue known whole.
told_apart as (

    select
        *,
        'dataelec' as forecast_code,
        last_day_known_on + load_lag_days as issued_on
    from remembered
    union all by name
    select
        * exclude (day_begun),
        'dataelec_day_known' as forecast_code,
        last_day_known_on as issued_on
    from remembered

),

kept as (

    select
        forecast_code,
        region_code,
        fit_month_on,
        issued_on,
        last_day_known_on,
        coalesce(last_day, last_week, last_four_weeks, 0) as last_day,
        coalesce(last_week, last_four_weeks, 0) as last_week,
        coalesce(last_four_weeks, 0) as last_four_weeks,
        coalesce(last_day_begun[1], day_begun[1], 0) as last_day_begun
        {%- for part in forecast_begun_parts() %},
        coalesce(day_begun[{{ part }}], last_day_begun[{{ part }}], 0) as day_begun_{{ part }}
        {%- endfor %}
    from told_apart
    where
        issued_on < fit_month_on + interval 1 month
        -- Later days of issue lie ahead themselves.
        and last_day_known_on <= newest_day

)

select * from kept
