with

residuals as (

    select * from {{ ref('int_fit_residuals_computed') }}

),

predictions as (

    select * from {{ ref('int_hold_out_days_predicted') }}

),

fits as (

    select * from {{ ref('int_forms_chosen') }}

),

series as (

    select * from {{ ref('int_load_series_listed') }}

),

regions_fitted as (

    select
        fits.window_code,
        series.country_series_code,
        fits.specification_code,
        count(*) as regions_count
    from fits
    inner join series on fits.series_code = series.series_code
    group by all

),

-- France is the sum of its regions, on the days that all of them have.
country_residuals as (

    select
        residuals.window_code,
        series.country_series_code as series_code,
        residuals.specification_code,
        residuals.date_day,
        sum(residuals.load_mean_mw) as load_mean_mw,
        sum(residuals.load_within_mw) as load_within_mw,
        sum(residuals.residual_mw) as residual_mw
    from residuals
    inner join series on residuals.series_code = series.series_code
    inner join regions_fitted
        on
            residuals.window_code = regions_fitted.window_code
            and residuals.specification_code = regions_fitted.specification_code
            and series.country_series_code = regions_fitted.country_series_code
    group by all
    having count(*) = max(regions_fitted.regions_count)

),

territory_residuals as (

    select
        series_code,
        window_code,
        specification_code,
        date_day,
        load_mean_mw,
        load_within_mw,
        residual_mw
    from residuals
    union all by name
    select * from country_residuals

),

lagged as (

    select
        *,
        case
            when datediff('day', lag(date_day) over by_day, date_day) = 1 then lag(residual_mw) over by_day
        end as previous_residual_mw
    from territory_residuals
    window by_day as (
        partition by series_code, window_code, specification_code
        order by date_day
    )

),

fitted as (

    select
        series_code,
        window_code,
        specification_code,
        count(*) as days_fitted_count,
        avg(load_mean_mw) as load_mean_mw,
        1 - sum(residual_mw * residual_mw) / nullif(sum(load_within_mw * load_within_mw), 0) as within_r2_share,
        1 - sum(residual_mw * residual_mw) / nullif(count(*) * var_pop(load_mean_mw), 0) as overall_r2_share,
        100 * sqrt(avg(residual_mw * residual_mw)) / avg(load_mean_mw) as cv_rmse_pct,
        sum(residual_mw * previous_residual_mw) / nullif(sum(residual_mw * residual_mw), 0) as residual_lag1_correlation
    from lagged
    group by all

),

country_predictions as (

    select
        predictions.window_code,
        series.country_series_code as series_code,
        predictions.specification_code,
        predictions.date_day,
        sum(predictions.load_mean_mw) as load_mean_mw,
        sum(predictions.load_predicted_mw) as load_predicted_mw
    from predictions
    inner join series on predictions.series_code = series.series_code
    inner join regions_fitted
        on
            predictions.window_code = regions_fitted.window_code
            and predictions.specification_code = regions_fitted.specification_code
            and series.country_series_code = regions_fitted.country_series_code
    group by all
    having count(predictions.load_predicted_mw) = max(regions_fitted.regions_count)

),

territory_predictions as (

    select
        series_code,
        window_code,
        specification_code,
        date_day,
        load_mean_mw,
        load_predicted_mw
    from predictions
    where load_predicted_mw is not null
    union all by name
    select * from country_predictions

),

held_out as (

    select
        series_code,
        window_code,
        specification_code,
        count(*) as hold_out_days_count,
        100 * sqrt(avg((load_predicted_mw - load_mean_mw) * (load_predicted_mw - load_mean_mw))) / avg(load_mean_mw)
            as hold_out_cv_rmse_pct,
        100 * avg(load_predicted_mw - load_mean_mw) / avg(load_mean_mw) as hold_out_nmbe_pct
    from territory_predictions
    group by all

),

measured as (

    select
        fitted.*,
        held_out.hold_out_days_count,
        held_out.hold_out_cv_rmse_pct,
        held_out.hold_out_nmbe_pct
    from fitted
    left join held_out
        on
            fitted.series_code = held_out.series_code
            and fitted.window_code = held_out.window_code
            and fitted.specification_code = held_out.specification_code

)

select * from measured
