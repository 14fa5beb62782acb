with

fits as (

    select * from {{ ref('int_forms_chosen') }}
    -- Hours and other temperatures are shown with their jackknife interval alone.
    where
        series_code like '%|daily'
        -- Residuals of the bound would need its waves; what rests on them is left empty there.
        and specification_code <> 'lower_bound'

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

cell_sums as (

    select * from {{ ref('int_cell_leave_outs_summed') }}
    where left_out_code = 'none'

),

-- Days as distances from the mean of their calendar cell: the effect of the calendar is out.
within_cells as (

    select
        fits.window_code,
        fits.series_code,
        fits.specification_code,
        days.date_day,
        days.day_class_code,
        days.load_mean_mw,
        days.load_mean_mw - heating.load_sum_mw / heating.days_count as load_within_mw,
        {{ heating_degrees('days.temperature_c', 'fits.heating_balance_point_c') }}
        - heating.degrees_sum_c / heating.days_count as heating_degrees_within_c,
        case
            when fits.form_code = 'heating' then 0
            else
                {{ cooling_degrees('days.temperature_c', 'fits.cooling_balance_point_c') }}
                - cooling.degrees_sum_c / cooling.days_count
        end as cooling_degrees_within_c,
        fits.form_code,
        fits.heating_slope_mw_per_c,
        fits.cooling_slope_mw_per_c,
        fits.hh_c2,
        fits.hc_c2,
        fits.cc_c2,
        fits.days_count,
        fits.cells_count + case when fits.form_code = 'heating' then 1 else 2 end as parameters_count
    from fits
    inner join windows on fits.window_code = windows.window_code
    inner join days
        on
            windows.season_regime_code = days.season_regime_code
            and fits.series_code = days.series_code
    inner join cell_sums as heating
        on
            heating.side_code = 'heating'
            and fits.heating_balance_point_c = heating.balance_point_c
            and days.series_code = heating.series_code
            and days.calendar_cell_code = heating.calendar_cell_code
    left join cell_sums as cooling
        on
            cooling.side_code = 'cooling'
            and fits.cooling_balance_point_c = cooling.balance_point_c
            and days.series_code = cooling.series_code
            and days.calendar_cell_code = cooling.calendar_cell_code

),

residuals as (

    select
        *,
        load_within_mw
        - heating_slope_mw_per_c * heating_degrees_within_c
        - cooling_slope_mw_per_c * cooling_degrees_within_c as residual_mw
    from within_cells

),

-- How much each day moves each slope: the rows of (X'X)^-1 X'e. Their sums carry over to sums of territories.
influences as (

    select
        window_code,
        series_code,
        specification_code,
        date_day,
        day_class_code,
        load_mean_mw,
        load_within_mw,
        residual_mw,
        case
            when form_code = 'heating' then heating_degrees_within_c / hh_c2
            else (cc_c2 * heating_degrees_within_c - hc_c2 * cooling_degrees_within_c) / (hh_c2 * cc_c2 - hc_c2 * hc_c2)
        end * residual_mw * sqrt(days_count / nullif(days_count - parameters_count, 0)) as heating_influence_mw_per_c,
        case
            when form_code = 'heating' then 0
            else (hh_c2 * cooling_degrees_within_c - hc_c2 * heating_degrees_within_c) / (hh_c2 * cc_c2 - hc_c2 * hc_c2)
        end * residual_mw * sqrt(days_count / nullif(days_count - parameters_count, 0)) as cooling_influence_mw_per_c
    from residuals

)

select * from influences
