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
        [
            {%- for part in forecast_begun_parts() %}
            sum(terms.term_value * fits.load_begun_coefficients[{{ part }}]){{ ',' if not loop.last }}
            {%- endfor %}
        ] as loads_begun_expected_mw
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
        case
            when days.loads_begun_mw is not null
                then list_transform(
                    list_zip(days.loads_begun_mw, predicted.loads_begun_expected_mw),
                    lambda pair: pair[1] - pair[2]
                )
        end as residuals_begun_mw,
        days.first_fit_month_on,
        days.load_lag_days,
        days.hours_known_count
    from predicted
    inner join days using (region_code, date_day)

)

select * from computed
