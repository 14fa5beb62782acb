with

residuals as (select * from {{ ref('int_forecast_residuals_computed') }}),

-- Beside the last day that is known whole when a forecast is issued, what is remembered of it and of those before.
remembered as (

    select
        region_code,
        fit_month_on,
        date_day + load_lag_days as issued_on,
        date_day as last_day_known_on,
        residual_mw as last_day,
        avg(residual_mw) over (by_day rows between 6 preceding and current row) as last_week,
        avg(residual_mw) over (by_day rows between 27 preceding and current row) as last_four_weeks,
        case when hours_known_count > 0 then lead(residual_begun_mw) over by_day end as day_begun,
        residual_begun_mw as last_day_begun
    from residuals
    window by_day as (partition by region_code, fit_month_on order by date_day)

),

kept as (

    select
        region_code,
        fit_month_on,
        issued_on,
        last_day_known_on,
        coalesce(last_day, last_week, last_four_weeks, 0) as last_day,
        coalesce(last_week, last_four_weeks, 0) as last_week,
        coalesce(last_four_weeks, 0) as last_four_weeks,
        coalesce(day_begun, last_day_begun, 0) as day_begun,
        coalesce(last_day_begun, day_begun, 0) as last_day_begun
    from remembered
    where issued_on < fit_month_on + interval 1 month

)

select * from kept
