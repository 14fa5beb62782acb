with

days as (select * from {{ ref('int_forecast_days_prepared') }}),

terms as (select * from {{ ref('int_forecast_terms_valued') }}),

fits as (select * from {{ ref('int_forecast_fits_solved') }}),

-- The days that a fit is asked about: those that show how its residuals carry on, and those that it forecasts.
predicted as (

    select
        fits.region_code,
        fits.fit_month_on,
        terms.date_day,
        sum(terms.term_value * fits.load_coefficient) as load_expected_mw,
        sum(terms.term_value * fits.load_begun_coefficient) as load_begun_expected_mw
    from fits
    inner join terms
        on
            fits.region_code = terms.region_code
            and fits.term_number = terms.term_number
            and terms.date_day between
            fits.fit_month_on - {{ forecast_training_days() }} and fits.fit_month_on + 31 + {{ forecast_horizons() }}
    group by fits.region_code, fits.fit_month_on, terms.date_day

),

computed as (

    select
        predicted.*,
        days.load_mean_mw,
        days.load_mean_mw - predicted.load_expected_mw as residual_mw,
        days.load_begun_mean_mw - predicted.load_begun_expected_mw as residual_begun_mw,
        days.first_fit_month_on,
        days.load_lag_days,
        days.hours_known_count
    from predicted
    inner join days using (region_code, date_day)

)

select * from computed
