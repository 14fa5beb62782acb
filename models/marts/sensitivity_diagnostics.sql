with

series as (

    select * from {{ ref('int_load_series_listed') }}
    where territory_level_code = 'region'

),

specifications as (select * from {{ ref('specifications') }}),

combinations as (select * from {{ ref('int_term_combinations_listed') }}),

fits as (

    select distinct
        fit_number,
        series_code,
        window_code,
        specification_code,
        form_code
    from {{ ref('int_forms_chosen') }}
    where window_code = 'all'

),

residuals as (

    select
        series.territory_code,
        series.client_type_code,
        series.series_code,
        fits.specification_code,
        residuals.date_day,
        residuals.day_class_code,
        residuals.load_mean_mw,
        residuals.residual_mw
    from {{ ref('int_fit_residuals_computed') }} as residuals
    inner join fits using (fit_number)
    inner join series using (series_code)
    where not residuals.is_held_out

),

days as (select * from {{ ref('int_regression_days_prepared') }}),

loads as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

heating_slopes as (

    select
        series.territory_code,
        series.client_type_code,
        series.is_daily,
        series.hour_of_day,
        series.temperature_code,
        series.left_out_days_code,
        solved.*,
        solved.coefficient as heating_slope_mw_per_c
    from {{ ref('int_fits_solved') }} as solved
    inner join series using (series_code)
    where
        solved.window_code = 'all'
        and solved.regressor_code = 'heating'

),

-- Residuals by what the fit might have missed: where their mean is far from zero, the model is. Over a day class it is
-- zero by construction; how far they spread differs there.
binned_residuals as (

    select
        residuals.territory_code,
        residuals.client_type_code,
        residuals.specification_code,
        residuals.residual_mw,
        residuals.load_mean_mw,
        cast(cast(2 * floor(days.temperature_c / 2) as integer) as varchar) as temperature_bin_code,
        residuals.day_class_code,
        lpad(cast(month(residuals.date_day) as varchar), 2, '0') as month_code
    from residuals
    inner join days using (series_code, date_day)

),

mean_residuals as (

    {% for diagnostic, bin in [
        ('residual_by_temperature', 'temperature_bin_code'),
        ('residual_by_day_class', 'day_class_code'),
        ('residual_by_month', 'month_code'),
    ] -%}
    select
        territory_code,
        client_type_code,
        specification_code,
        '{{ diagnostic }}' as diagnostic_code,
        {{ bin }} as bin_code,
        count(*) as days_count,
        avg(residual_mw) as residual_mean_mw,
        100 * avg(residual_mw) / avg(load_mean_mw) as residual_mean_pct,
        100 * sqrt(avg(residual_mw * residual_mw)) / avg(load_mean_mw) as residual_rmse_pct
    from binned_residuals
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- With cooling wherever it can be fitted, significant or not: what is compared differs in days alone.
slopes_with_cooling as (

    select heating_slopes.*
    from heating_slopes
    inner join specifications using (specification_code)
    where
        heating_slopes.is_selected
        and specifications.is_fitted_to_variants
    qualify
        row_number() over (
            partition by heating_slopes.sample_number, heating_slopes.specification_code
            order by heating_slopes.form_code
        ) = 1

),

-- Without a season, a class of days, or days that one might doubt or that another would have left out.
slopes_without as (

    select
        territory_code,
        client_type_code,
        specification_code,
        'slope_without_' || case when left_out_days_code is null then left_out_kind_code else 'days' end
            as diagnostic_code,
        coalesce(left_out_days_code, left_out_code) as bin_code,
        days_count,
        heating_slope_mw_per_c
    from slopes_with_cooling
    where
        left_out_kind_code in ('season', 'day_class')
        or (left_out_kind_code = 'none' and left_out_days_code is not null)

),

-- Every balance point that the search tried beside the cooling term that all share.
slopes_by_balance_point as (

    select
        heating_slopes.territory_code,
        heating_slopes.client_type_code,
        shared.specification_code,
        'slope_by_balance_point' as diagnostic_code,
        cast(heating_slopes.parameter as varchar) as bin_code,
        heating_slopes.days_count,
        any_value(heating_slopes.heating_slope_mw_per_c) as heating_slope_mw_per_c
    from heating_slopes
    inner join combinations as cooling
        on
            heating_slopes.combination_number = cooling.combination_number
            and cooling.regressor_code = 'cooling'
    inner join combinations as shared
        on
            cooling.term_code = shared.term_code
            and shared.form_code = 'full'
            and shared.is_fitted_to_variants
    inner join combinations as searched
        on
            heating_slopes.combination_number = searched.combination_number
            and heating_slopes.regressor_code = searched.regressor_code
            and searched.is_searched
    where
        heating_slopes.is_daily
        and heating_slopes.left_out_kind_code = 'none'
        and not heating_slopes.is_fallback
    group by all

),

slopes_by_temperature_memory as (

    select
        heating_slopes.territory_code,
        heating_slopes.client_type_code,
        heating_slopes.specification_code,
        'slope_by_temperature_memory' as diagnostic_code,
        heating_slopes.temperature_code as bin_code,
        heating_slopes.days_count,
        heating_slopes.heating_slope_mw_per_c
    from heating_slopes
    inner join fits using (series_code, specification_code, form_code)
    inner join specifications using (specification_code)
    where
        heating_slopes.is_selected
        and heating_slopes.left_out_kind_code = 'none'
        and specifications.is_fitted_to_variants
        -- The types of clients are fitted with one temperature.
        and heating_slopes.client_type_code = 'all'
        and heating_slopes.hour_of_day is null
        and heating_slopes.left_out_days_code is null

),

unioned as (

    select * from mean_residuals
    union all by name
    select * from slopes_without
    union all by name
    select * from slopes_by_balance_point
    union all by name
    select * from slopes_by_temperature_memory

),

final as (

    select
        'region' as territory_level_code,
        territory_code,
        client_type_code,
        specification_code,
        diagnostic_code,
        bin_code,
        coalesce(loads.is_simulated, false) as is_simulated,
        cast(days_count as integer) as days_count,
        residual_mean_mw,
        residual_mean_pct,
        residual_rmse_pct,
        heating_slope_mw_per_c
    from unioned
    cross join loads

)

select * from final
