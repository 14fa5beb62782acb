with

sensitivities as (

    select * from {{ ref('weather_sensitivity') }}
    where
        window_code = 'all'
        and specification_code = 'common'
        and client_type_code = 'all'
        and territory_level_code <> 'country_with_corse'

),

hours as (

    select * from {{ ref('weather_sensitivity_hourly') }}
    where
        window_code = 'all'
        and client_type_code = 'all'
        and heating_slope_mw_per_c is not null

),

balance_points as (

    select lowest_parameter as heating_balance_point_c
    from {{ ref('specification_terms') }}
    where
        specification_code = 'common'
        and regressor_code = 'heating'

),

cold_snaps as (select * from {{ ref('cold_snaps') }}),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where
        is_daily
        and client_type_code = 'all'

),

fitted_days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

-- The hour that the cold moves most.
peak_hours as (

    select * from hours
    qualify
        row_number() over (
            partition by territory_level_code, territory_code
            order by heating_slope_mw_per_c desc, hour_of_day asc
        ) = 1

),

regional_records as (

    select
        series.territory_level_code,
        series.territory_code,
        any_value(series.country_series_code) as country_series_code,
        min(fitted_days.temperature_c) as coldest_temperature_c
    from fitted_days
    inner join series using (series_code)
    group by series.territory_level_code, series.territory_code

),

-- France is inside its record where every region is inside its own.
records as (

    select * exclude (country_series_code) from regional_records
    union all
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        max(coldest_temperature_c) as coldest_temperature_c
    from regional_records
    where country_series_code is not null

),

scenarios as (

    select
        sensitivities.*,
        cold_snaps.cold_snap_code,
        cold_snaps.temperature_c,
        records.coldest_temperature_c,
        {{ heating_degrees('cold_snaps.temperature_c', 'balance_points.heating_balance_point_c') }}
            as heating_degrees_c,
        peak_hours.hour_of_day as peak_hour_of_day,
        peak_hours.heating_slope_mw_per_c as peak_slope_mw_per_c,
        peak_hours.heating_slope_mw_per_c_ci95_low as peak_slope_mw_per_c_ci95_low,
        peak_hours.heating_slope_mw_per_c_ci95_high as peak_slope_mw_per_c_ci95_high
    from sensitivities
    cross join cold_snaps
    cross join balance_points
    left join peak_hours using (territory_level_code, territory_code)
    left join records using (territory_level_code, territory_code)

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        cold_snap_code,
        cast(temperature_c as double) as temperature_c,
        is_simulated,
        coldest_temperature_c,
        temperature_c < coldest_temperature_c as is_outside_record,
        heating_degrees_c * heating_slope_mw_per_c as extra_load_mw,
        heating_degrees_c * heating_slope_mw_per_c_ci95_low as extra_load_mw_ci95_low,
        heating_degrees_c * heating_slope_mw_per_c_ci95_high as extra_load_mw_ci95_high,
        peak_hour_of_day,
        heating_degrees_c * peak_slope_mw_per_c as extra_peak_load_mw,
        heating_degrees_c * peak_slope_mw_per_c_ci95_low as extra_peak_load_mw_ci95_low,
        heating_degrees_c * peak_slope_mw_per_c_ci95_high as extra_peak_load_mw_ci95_high,
        heating_fit_status,
        fit_reason_codes
    from scenarios

)

select * from final
