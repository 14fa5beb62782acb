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

wave_moments as (

    select * from {{ ref('int_wave_moments_reduced') }}
    where left_out_code = 'hold_out'

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
    where
        exclusion_code is null
        and series_code like '%|daily'

),

left_out_quarters as (

    select * from {{ ref('int_left_out_quarters_listed') }}

),

-- The form decided on the whole window, its slopes, balance points and waves from the training days.
training_fits as (

    select
        fits.window_code,
        fits.series_code,
        fits.specification_code,
        fits.heating_balance_point_c,
        fits.cooling_balance_point_c,
        fits.heating_slope_mw_per_c,
        fits.cooling_slope_mw_per_c,
        {% for wave in yearly_waves() -%}
        coalesce(
            wave_moments.{{ wave }}_of_load_mw
            - fits.heating_slope_mw_per_c * wave_moments.{{ wave }}_of_heating_degrees_c
            - fits.cooling_slope_mw_per_c * wave_moments.{{ wave }}_of_cooling_degrees_c,
            0
        ) as {{ wave }}_mw,
        {% endfor -%}
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
    left join wave_moments
        on
            fits.specification_code = 'season_adjusted'
            and fits.window_code = wave_moments.window_code
            and fits.series_code = wave_moments.series_code

),

explained as (

    select
        training_fits.window_code,
        training_fits.series_code,
        training_fits.specification_code,
        days.date_day,
        days.season_regime_code,
        days.day_class_code,
        days.load_mean_mw,
        left_out_quarters.left_out_code is not null as is_held_out,
        training_fits.heating_slope_mw_per_c
        * {{ heating_degrees('days.temperature_c', 'training_fits.heating_balance_point_c') }}
        + training_fits.cooling_slope_mw_per_c * coalesce(
            {{ cooling_degrees('days.temperature_c', 'training_fits.cooling_balance_point_c') }}, 0
        )
        {%- for wave in yearly_waves() %}
        + training_fits.{{ wave }}_mw * {{ yearly_wave(wave, 'days.date_day') }}
        {%- endfor %} as load_explained_mw
    from training_fits
    inner join windows on training_fits.window_code = windows.window_code
    inner join days
        on
            windows.season_regime_code = days.season_regime_code
            and training_fits.series_code = days.series_code
    left join left_out_quarters
        on
            training_fits.series_code = left_out_quarters.series_code
            and training_fits.hold_out_code = left_out_quarters.left_out_code
            and days.calendar_quarter_code = left_out_quarters.calendar_quarter_code

),

training_cells as (

    select
        window_code,
        series_code,
        specification_code,
        season_regime_code,
        day_class_code,
        avg(load_mean_mw - load_explained_mw) as cell_effect_mw
    from explained
    where not is_held_out
    group by all

),

-- The latest training regime that knows the day class.
class_effects as (

    select * from training_cells
    qualify
        row_number() over (
            partition by window_code, series_code, specification_code, day_class_code
            order by season_regime_code desc
        ) = 1

),

predicted as (

    select
        explained.window_code,
        explained.series_code,
        explained.specification_code,
        explained.date_day,
        explained.load_mean_mw,
        class_effects.cell_effect_mw + explained.load_explained_mw as load_predicted_mw
    from explained
    left join class_effects
        on
            explained.window_code = class_effects.window_code
            and explained.series_code = class_effects.series_code
            and explained.specification_code = class_effects.specification_code
            and explained.day_class_code = class_effects.day_class_code
    where explained.is_held_out

)

select * from predicted
