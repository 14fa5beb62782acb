-- How much would each year have used at normal temperature? Normal is the mean by day of the year over the years
-- available here, not thirty years: it says which years were milder or colder than the others, no more. The
-- correction is the slope of `common` times the degrees in excess; cooling counts where it was kept in the fit. Years
-- that are not whole are left out. `weather_effect_mwh` above zero: weather added consumption. France is the sum of
-- the twelve regions.
with

slopes as (

    select
        territory_code,
        heating_slope_mw_per_c,
        coalesce(cooling_slope_mw_per_c, 0) as cooling_slope_mw_per_c,
        heating_balance_point_c,
        cooling_balance_point_c
    from {{ schema_and_table('weather_sensitivity') }}
    where
        window_code = 'all'
        and specification_code = 'common'
        and client_type_code = 'all'
        and territory_level_code = 'region'
        and heating_slope_mw_per_c is not null

),

degrees as (

    select
        temperatures.region_code,
        dates.calendar_year,
        strftime(temperatures.date_day, '%m-%d') as month_day_code,
        dates.hours_in_local_day_count,
        greatest(slopes.heating_balance_point_c - temperatures.temperature_smoothed_c, 0) as heating_degrees_c,
        -- None where cooling was not kept in the fit.
        coalesce(
            greatest(temperatures.temperature_smoothed_c - slopes.cooling_balance_point_c, 0), 0
        ) as cooling_degrees_c
    from {{ schema_and_table('fct_daily_temperature') }} as temperatures
    inner join slopes on temperatures.region_code = slopes.territory_code
    inner join {{ schema_and_table('dim_dates') }} as dates on temperatures.date_day = dates.date_day
    inner join {{ schema_and_table('consumption_by_period') }} as years
        on
            temperatures.region_code = years.territory_code
            and dates.calendar_year = years.period_year
            and years.period_kind_code = 'year'
            and years.is_complete
    -- A day without temperature neither adds nor takes away.
    where temperatures.temperature_smoothed_c is not null

),

excesses as (

    select
        region_code,
        calendar_year,
        hours_in_local_day_count,
        heating_degrees_c
        - avg(heating_degrees_c) over (partition by region_code, month_day_code) as heating_excess_c,
        cooling_degrees_c
        - avg(cooling_degrees_c) over (partition by region_code, month_day_code) as cooling_excess_c
    from degrees

),

effects as (

    select
        excesses.region_code,
        excesses.calendar_year,
        sum(
            excesses.hours_in_local_day_count * (
                slopes.heating_slope_mw_per_c * excesses.heating_excess_c
                + slopes.cooling_slope_mw_per_c * excesses.cooling_excess_c
            )
        ) as weather_effect_mwh
    from excesses
    inner join slopes on excesses.region_code = slopes.territory_code
    group by all

),

territory_effects as (

    select
        region_code as territory_code,
        calendar_year,
        weather_effect_mwh
    from effects
    union all
    select
        'FR' as territory_code,
        calendar_year,
        sum(weather_effect_mwh) as weather_effect_mwh
    from effects
    group by calendar_year
    -- A sum that lacks a region is not France.
    having
        count(*) = (
            select count(*)
            from {{ schema_and_table('dim_regions') }}
            where is_load_published
        )

)

select
    years.territory_label_fr,
    effects.calendar_year,
    years.energy_mwh,
    effects.weather_effect_mwh,
    years.energy_mwh - effects.weather_effect_mwh as energy_at_normal_temperature_mwh,
    100 * effects.weather_effect_mwh / years.energy_mwh as weather_effect_pct,
    years.is_simulated
from territory_effects as effects
inner join {{ schema_and_table('consumption_by_period') }} as years
    on
        effects.territory_code = years.territory_code
        and effects.calendar_year = years.period_year
        and years.period_kind_code = 'year'
order by years.territory_code = 'FR' desc, years.territory_label_fr asc, effects.calendar_year asc
