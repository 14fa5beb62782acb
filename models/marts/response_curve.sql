with

answers as (

    select * from {{ ref('weather_sensitivity') }}
    where specification_code = 'predictive'

),

windows as (

    select * from {{ ref('windows') }}
    where is_always_answered

),

bands as (select * from {{ ref('temperature_bands') }}),

terms as (

    select
        specification_terms.regressor_code,
        terms.shape_code,
        terms.parameter
    from {{ ref('specification_terms') }} as specification_terms
    inner join {{ ref('terms') }} as terms
        on
            specification_terms.family_code = terms.family_code
            and specification_terms.lowest_parameter = terms.parameter
    where
        specification_terms.specification_code = 'predictive'
        and terms.quantity_code in ('temperature_c', 'temperature_raw_c', 'temperature_longer_c')

),

sums as (select * from {{ ref('int_series_sums_listed') }}),

leave_outs as (

    select * from {{ ref('int_slope_leave_outs_united') }}
    where specification_code = 'predictive'

),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where is_daily

),

fitted_days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

window_days as (select * from {{ ref('int_window_days_listed') }}),

student_t as (select * from {{ ref('student_t_quantiles') }}),

-- Inside a band no term bends: its slope is the sum of the coefficients of the terms that move there, once the degree
-- lasts as long as every memory.
slopes as (

    select
        leave_outs.series_code,
        leave_outs.window_code,
        leave_outs.left_out_code,
        max(leave_outs.load_mean_mw) as load_mean_mw,
        bands.temperature_band_code,
        count(
            case
                when
                    (terms.shape_code = 'below' and bands.highest_temperature_c <= terms.parameter)
                    or (terms.shape_code = 'above' and bands.lowest_temperature_c >= terms.parameter)
                    then 1
            end
        ) as terms_count,
        case
            when count(*) = count(leave_outs.coefficient)
                then
                    sum(
                        case
                            when terms.shape_code = 'below' and bands.highest_temperature_c <= terms.parameter
                                then -leave_outs.coefficient
                            when terms.shape_code = 'above' and bands.lowest_temperature_c >= terms.parameter
                                then leave_outs.coefficient
                            else 0
                        end
                    )
        end as response_mw_per_c
    from leave_outs
    inner join windows using (window_code)
    inner join terms using (regressor_code)
    cross join bands
    group by
        leave_outs.series_code,
        leave_outs.window_code,
        leave_outs.left_out_code,
        bands.temperature_band_code

),

spreads as (

    select
        series_code,
        window_code,
        temperature_band_code,
        count(*) as quarters_count,
        {{ jackknife_se('response_mw_per_c') }} as response_mw_per_c_se
    from slopes
    where left_out_code <> 'none'
    group by series_code, window_code, temperature_band_code

),

regional_days as (

    select
        series.series_code,
        windows.window_code,
        bands.temperature_band_code,
        count(case
            when
                fitted_days.temperature_c >= coalesce(bands.lowest_temperature_c, fitted_days.temperature_c)
                and (bands.highest_temperature_c is null or fitted_days.temperature_c < bands.highest_temperature_c)
                then 1
        end) as days_count
    from fitted_days
    inner join series using (series_code)
    inner join window_days using (date_day)
    inner join windows using (window_code)
    cross join bands
    group by series.series_code, windows.window_code, bands.temperature_band_code

),

band_days as (

    select * from regional_days
    union all by name
    select
        sums.sum_series_code as series_code,
        regional_days.window_code,
        regional_days.temperature_band_code,
        min(regional_days.days_count) as days_count
    from regional_days
    inner join sums using (series_code)
    group by sums.sum_series_code, regional_days.window_code, regional_days.temperature_band_code

),

joined as (

    select
        answers.territory_level_code,
        answers.territory_code,
        answers.territory_label_fr,
        answers.client_type_code,
        answers.window_code,
        bands.temperature_band_code,
        bands.lowest_temperature_c,
        bands.highest_temperature_c,
        answers.is_simulated,
        answers.is_load_partly_modelled,
        answers.left_out_term_codes,
        band_days.days_count,
        spreads.quarters_count,
        slopes.load_mean_mw,
        case
            when slopes.response_mw_per_c is null then 'no_fit'
            when slopes.terms_count = 0 then 'no_term'
            when band_days.days_count < {{ fewest_days_of_a_kind() }} then 'too_few_days'
            when
                spreads.quarters_count < {{ fewest_quarters() }} or spreads.response_mw_per_c_se is null
                then 'too_few_quarters'
        end as effect_reason_code,
        slopes.response_mw_per_c,
        student_t.quantile_975 * spreads.response_mw_per_c_se as response_mw_per_c_ci95_half_width
    from answers
    inner join windows using (window_code)
    cross join bands
    left join series
        on
            answers.territory_level_code = series.territory_level_code
            and answers.territory_code = series.territory_code
            and answers.client_type_code = series.client_type_code
    left join slopes
        on
            series.series_code = slopes.series_code
            and answers.window_code = slopes.window_code
            and bands.temperature_band_code = slopes.temperature_band_code
            and slopes.left_out_code = 'none'
    left join spreads
        on
            slopes.series_code = spreads.series_code
            and slopes.window_code = spreads.window_code
            and slopes.temperature_band_code = spreads.temperature_band_code
    left join band_days
        on
            slopes.series_code = band_days.series_code
            and slopes.window_code = band_days.window_code
            and slopes.temperature_band_code = band_days.temperature_band_code
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom

),

-- What cannot be told has no slope, least of all zero.
shown as (

    select * replace (case when effect_reason_code is null then response_mw_per_c end as response_mw_per_c)
    from joined

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        client_type_code,
        window_code,
        temperature_band_code,
        cast(lowest_temperature_c as double) as lowest_temperature_c,
        cast(highest_temperature_c as double) as highest_temperature_c,
        is_simulated,
        is_load_partly_modelled,
        cast(days_count as integer) as days_count,
        cast(quarters_count as integer) as quarters_count,
        load_mean_mw,
        response_mw_per_c,
        response_mw_per_c - response_mw_per_c_ci95_half_width as response_mw_per_c_ci95_low,
        response_mw_per_c + response_mw_per_c_ci95_half_width as response_mw_per_c_ci95_high,
        100 * response_mw_per_c / load_mean_mw as response_pct_of_mean_load_per_c,
        effect_reason_code,
        left_out_term_codes
    from shown

)

select * from final
