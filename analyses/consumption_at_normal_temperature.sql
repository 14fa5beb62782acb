-- How much would each year have used at normal temperature?
-- Normal is the mean by day of the year over 1991 to 2020 where stations tell these years, else over the complete years
-- held here (`normal_kind_code`), which says which years were milder or colder than the others, no more. The correction
-- is the slope of `common` times the degrees in excess; cooling counts where it was kept in the fit. Years that are not
-- whole are left out. `weather_effect_mwh` above zero: weather added consumption. The change since the year before is
-- what weather, the calendar and the rest did. France is the sum of the twelve regions.
select
    territory_label_fr,
    period_year as calendar_year,
    round(energy_mwh, 0) as energy_mwh,
    round(weather_effect_mwh, 0) as weather_effect_mwh,
    round(weather_effect_mwh_ci95_low, 0) as weather_effect_mwh_ci95_low,
    round(weather_effect_mwh_ci95_high, 0) as weather_effect_mwh_ci95_high,
    round(energy_at_normal_temperature_mwh, 0) as energy_at_normal_temperature_mwh,
    round(weather_effect_pct, 1) as weather_effect_pct,
    round(energy_change_mwh, 0) as energy_change_mwh,
    round(weather_change_mwh, 0) as weather_change_mwh,
    round(calendar_change_mwh, 0) as calendar_change_mwh,
    round(rest_change_mwh, 0) as rest_change_mwh,
    normal_kind_code,
    is_simulated
from {{ schema_and_table('weather_corrected_load') }}
where
    period_kind_code = 'year'
    and energy_at_normal_temperature_mwh is not null
order by territory_code = 'FR' desc, territory_label_fr asc, calendar_year asc
