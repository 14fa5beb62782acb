with

fits as (

    select * from {{ ref('int_fits_selected') }}
    where
        left_out_code = 'hold_out'
        and series_code like '%|daily'

),

chosen as (

    select * from {{ ref('int_forms_chosen') }}

),

spans as (

    select * from {{ ref('int_windows_spanned') }}
    where hold_out_code is not null

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

),

left_out_quarters as (

    select * from {{ ref('int_left_out_quarters_listed') }}

),

-- The form decided on the whole window, its slopes and balance points from the training days.
training_fits as (

    select
        fits.*,
        spans.hold_out_code
    from fits
    inner join chosen
        on
            fits.window_code = chosen.window_code
            and fits.series_code = chosen.series_code
            and fits.specification_code = chosen.specification_code
            and fits.form_code = chosen.form_code
    inner join spans
        on
            fits.window_code = spans.window_code
            and fits.series_code = spans.series_code

),

-- What the training days say of each cell: the reduced sums where the hold-out touches the regime, else the whole ones.
training_cells as (

    select
        training_fits.window_code,
        training_fits.series_code,
        training_fits.specification_code,
        heating.season_regime_code,
        heating.day_class_code,
        (
            heating.load_sum_mw
            - training_fits.heating_slope_mw_per_c * heating.degrees_sum_c
            - training_fits.cooling_slope_mw_per_c * coalesce(cooling.degrees_sum_c, 0)
        ) / nullif(heating.days_count, 0) as cell_effect_mw,
        row_number() over (
            partition by
                training_fits.window_code,
                training_fits.series_code,
                training_fits.specification_code,
                heating.season_regime_code,
                heating.day_class_code
            order by case when heating.left_out_code = 'none' then 2 else 1 end
        ) as preference
    from training_fits
    inner join windows on training_fits.window_code = windows.window_code
    inner join cell_sums as heating
        on
            heating.side_code = 'heating'
            and training_fits.heating_balance_point_c = heating.balance_point_c
            and training_fits.series_code = heating.series_code
            and windows.season_regime_code = heating.season_regime_code
            and heating.left_out_code in ('none', training_fits.hold_out_code)
    left join cell_sums as cooling
        on
            cooling.side_code = 'cooling'
            and training_fits.cooling_balance_point_c = cooling.balance_point_c
            and heating.series_code = cooling.series_code
            and heating.calendar_cell_code = cooling.calendar_cell_code
            and heating.left_out_code = cooling.left_out_code

),

-- The latest training regime that knows the day class.
class_effects as (

    select *
    from training_cells
    where
        preference = 1
        and cell_effect_mw is not null
    qualify
        row_number() over (
            partition by window_code, series_code, specification_code, day_class_code
            order by season_regime_code desc
        ) = 1

),

predicted as (

    select
        training_fits.window_code,
        training_fits.series_code,
        training_fits.specification_code,
        days.date_day,
        days.load_mean_mw,
        class_effects.cell_effect_mw
        + training_fits.heating_slope_mw_per_c
        * {{ heating_degrees('days.temperature_c', 'training_fits.heating_balance_point_c') }}
        + training_fits.cooling_slope_mw_per_c * coalesce(
            {{ cooling_degrees('days.temperature_c', 'training_fits.cooling_balance_point_c') }}, 0
        ) as load_predicted_mw
    from training_fits
    inner join windows on training_fits.window_code = windows.window_code
    inner join days
        on
            windows.season_regime_code = days.season_regime_code
            and training_fits.series_code = days.series_code
    inner join left_out_quarters
        on
            training_fits.series_code = left_out_quarters.series_code
            and training_fits.hold_out_code = left_out_quarters.left_out_code
            and days.calendar_quarter_code = left_out_quarters.calendar_quarter_code
    left join class_effects
        on
            training_fits.window_code = class_effects.window_code
            and training_fits.series_code = class_effects.series_code
            and training_fits.specification_code = class_effects.specification_code
            and days.day_class_code = class_effects.day_class_code

)

select * from predicted
