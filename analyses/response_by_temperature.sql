-- How many MW does one °C warmer change, by temperature, and how far is that from the straight line?
-- MW/°C inside a band of temperature with its 95 % interval, beside what the headline slope (`common`) says there:
-- minus the heating slope under 15 °C, the cooling slope above 22 °C, nothing between. The curve has season and
-- daylight set apart, as `season_adjusted` has, so it lies above the straight line where these stand in for cold: a
-- difference of level is of that kind, a difference from band to band is a bend (heat pumps, saturation). Bands that
-- cannot be told are not shown.
select
    curve.territory_label_fr,
    labels.label_fr as temperature_band_label_fr,
    curve.days_count,
    round(curve.response_mw_per_c, 1) as response_mw_per_c,
    round(curve.response_mw_per_c_ci95_low, 1) as response_mw_per_c_ci95_low,
    round(curve.response_mw_per_c_ci95_high, 1) as response_mw_per_c_ci95_high,
    round(
        case
            when curve.highest_temperature_c <= 15 then -slopes.heating_slope_mw_per_c
            when curve.lowest_temperature_c >= 22 then coalesce(slopes.cooling_slope_mw_per_c, 0)
            else 0
        end,
        1
    ) as straight_line_mw_per_c,
    curve.is_simulated
from {{ schema_and_table('response_curve') }} as curve
inner join {{ schema_and_table('weather_sensitivity') }} as slopes
    on
        curve.territory_level_code = slopes.territory_level_code
        and curve.territory_code = slopes.territory_code
        and curve.client_type_code = slopes.client_type_code
        and curve.window_code = slopes.window_code
        and slopes.specification_code = 'common'
inner join {{ schema_and_table('dim_labels') }} as labels
    on
        curve.temperature_band_code = labels.code
        and labels.code_name = 'temperature_band_code'
where
    curve.client_type_code = 'all'
    and curve.window_code = 'all'
    and curve.response_mw_per_c is not null
order by curve.territory_code = 'FR' desc, curve.territory_label_fr asc, curve.lowest_temperature_c asc nulls first
