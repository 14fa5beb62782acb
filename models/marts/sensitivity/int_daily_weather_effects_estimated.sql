with

slopes as (

    select * from {{ ref('int_side_slopes_paired') }}
    where client_type_code = 'all'

),

temperatures as (

    select * from {{ ref('fct_daily_temperature') }}
    where temperature_smoothed_c is not null

),

dates as (select * from {{ ref('dim_dates') }}),

normals as (select * from {{ ref('int_normal_degrees_averaged') }}),

classified_days as (

    select * from {{ ref('int_days_classified') }}
    where territory_level_code = 'region'

),

fitted_days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

whole_slopes as (

    select * from slopes
    where left_out_code = 'none'

),

degrees as (

    select
        temperatures.region_code,
        temperatures.date_day,
        dates.hours_in_local_day_count,
        {{ day_of_year_number('temperatures.date_day') }} as day_of_year_number,
        {{ heating_degrees('temperatures.temperature_smoothed_c', 'whole_slopes.heating_balance_point_c') }}
            as heating_degrees_c,
        -- None where cooling was not kept in the fit.
        coalesce(
            {{ cooling_degrees('temperatures.temperature_smoothed_c', 'whole_slopes.cooling_balance_point_c') }}, 0
        ) as cooling_degrees_c
    from temperatures
    inner join whole_slopes on temperatures.region_code = whole_slopes.territory_code
    inner join dates using (date_day)

),

-- What a day of a class lies above the mean of its regime at equal temperature, averaged over regimes.
levels as (

    select
        slopes.territory_code as region_code,
        fitted_days.season_regime_code,
        fitted_days.day_class_code,
        fitted_days.load_mean_mw
        - slopes.heating_slope_mw_per_c
        * {{ heating_degrees('fitted_days.temperature_c', 'slopes.heating_balance_point_c') }}
        - coalesce(
            slopes.cooling_slope_mw_per_c
            * {{ cooling_degrees('fitted_days.temperature_c', 'slopes.cooling_balance_point_c') }},
            0
        ) as level_mw
    from fitted_days
    inner join whole_slopes as slopes using (series_code)

),

centred as (

    select
        region_code,
        day_class_code,
        level_mw - avg(level_mw) over (partition by region_code, season_regime_code) as level_above_regime_mw
    from levels

),

class_effects as (

    select
        region_code,
        day_class_code,
        avg(level_above_regime_mw) as calendar_effect_mw
    from centred
    group by region_code, day_class_code

),

estimated as (

    select
        degrees.region_code,
        degrees.date_day,
        normals.normal_kind_code,
        slopes.left_out_code,
        slopes.quarters_count,
        degrees.hours_in_local_day_count * (
            slopes.heating_slope_mw_per_c * (degrees.heating_degrees_c - normals.heating_normal_c)
            + slopes.cooling_slope_mw_per_c * (degrees.cooling_degrees_c - normals.cooling_normal_c)
        ) as weather_effect_mwh,
        degrees.hours_in_local_day_count * class_effects.calendar_effect_mw as calendar_effect_mwh
    from degrees
    inner join normals using (region_code, day_of_year_number)
    inner join slopes on degrees.region_code = slopes.territory_code
    inner join classified_days
        on
            degrees.region_code = classified_days.territory_code
            and degrees.date_day = classified_days.date_day
    left join class_effects
        on
            degrees.region_code = class_effects.region_code
            and classified_days.day_class_code = class_effects.day_class_code

)

select * from estimated
