with

residuals as (select * from {{ ref('int_fit_residuals_computed') }}),

series as (select * from {{ ref('int_load_series_listed') }}),

sums as (select * from {{ ref('int_series_sums_listed') }}),

fits as (

    select distinct
        chosen.fit_number,
        chosen.series_code,
        chosen.window_code,
        chosen.specification_code
    from {{ ref('int_forms_chosen') }} as chosen
    inner join series using (series_code)
    where series.is_daily

),

-- A fit of a region is its own sum; France is the sum of its regions, on the days that all of them have.
territory_fits as (

    select
        fit_number,
        series_code,
        window_code,
        specification_code,
        fit_number as territory_fit_number,
        1 as regions_count
    from fits
    union all
    select
        fits.fit_number,
        sums.sum_series_code as series_code,
        fits.window_code,
        fits.specification_code,
        -dense_rank() over (order by sums.sum_series_code, fits.window_code, fits.specification_code)
            as territory_fit_number,
        sums.regions_count
    from fits
    inner join sums using (series_code)

),

territories as (

    select distinct
        territory_fit_number,
        series_code,
        window_code,
        specification_code,
        regions_count
    from territory_fits

),

territory_days as (

    select
        fit_number as territory_fit_number,
        date_day,
        is_held_out,
        load_mean_mw,
        load_within_mw,
        residual_mw
    from residuals
    where residual_mw is not null
    union all
    select
        territory_fits.territory_fit_number,
        residuals.date_day,
        residuals.is_held_out,
        sum(residuals.load_mean_mw) as load_mean_mw,
        sum(residuals.load_within_mw) as load_within_mw,
        sum(residuals.residual_mw) as residual_mw
    from residuals
    inner join territory_fits
        on
            residuals.fit_number = territory_fits.fit_number
            and territory_fits.territory_fit_number < 0
    group by territory_fits.territory_fit_number, residuals.date_day, residuals.is_held_out
    having count(residuals.residual_mw) = max(territory_fits.regions_count)

),

lagged as (

    select
        *,
        case
            when datediff('day', lag(date_day) over by_day, date_day) = 1 then lag(residual_mw) over by_day
        end as previous_residual_mw
    from territory_days
    where not is_held_out
    window by_day as (
        partition by territory_fit_number
        order by date_day
    )

),

fitted as (

    select
        territory_fit_number,
        count(*) as days_fitted_count,
        avg(load_mean_mw) as load_mean_mw,
        1 - sum(residual_mw * residual_mw) / nullif(sum(load_within_mw * load_within_mw), 0) as within_r2_share,
        1 - sum(residual_mw * residual_mw) / nullif(count(*) * var_pop(load_mean_mw), 0) as overall_r2_share,
        100 * sqrt(avg(residual_mw * residual_mw)) / avg(load_mean_mw) as cv_rmse_pct,
        sum(residual_mw * previous_residual_mw) / nullif(sum(residual_mw * residual_mw), 0) as residual_lag1_correlation
    from lagged
    group by territory_fit_number

),

held_out as (

    select
        territory_fit_number,
        count(*) as hold_out_days_count,
        100 * sqrt(avg(residual_mw * residual_mw)) / avg(load_mean_mw) as hold_out_cv_rmse_pct,
        -100 * avg(residual_mw) / avg(load_mean_mw) as hold_out_nmbe_pct
    from territory_days
    where is_held_out
    group by territory_fit_number

),

measured as (

    select
        territories.series_code,
        territories.window_code,
        territories.specification_code,
        fitted.* exclude (territory_fit_number),
        held_out.* exclude (territory_fit_number)
    from fitted
    inner join territories using (territory_fit_number)
    left join held_out using (territory_fit_number)

)

select * from measured
