with

days as (select * from {{ ref('int_forecast_days_prepared') }}),

residuals as (select * from {{ ref('int_forecast_residuals_computed') }}),

memories as (select * from {{ ref('int_forecast_memories_kept') }}),

carried as (select * from {{ ref('int_forecast_memories_fitted') }}),

spoiled as (select * from {{ ref('int_forecast_temperatures_spoiled') }}),

dates as (select * from {{ ref('dim_dates') }}),

published as (

    select * from {{ ref('stg_odre__half_hourly_national_loads') }}
    where not is_phantom_hour and load_published_mw + load_forecast_day_before_mw is not null

),

ahead as materialized (

    select
        region_code,
        fit_month_on,
        load_expected_mw,
        date_day - horizon_days as issued_on,
        horizon_days
    from (
        select
            *,
            cast(unnest(range(1, {{ forecast_horizons() }} + 1)) as integer) as horizon_days
        from residuals
        where date_day > fit_month_on
    ) as unnested
    where date_day - horizon_days >= fit_month_on

),

-- A month's fit serves the forecasts that are issued in it.
of_dataelec as materialized (

    select
        memories.forecast_code,
        memories.region_code,
        memories.issued_on,
        memories.last_day_known_on,
        carried.horizon_days,
        ahead.load_expected_mw
        {%- for memory in forecast_memories() %}
        + memories.{{ memory }} * carried.{{ memory }}_coefficient
        {%- endfor %} as load_forecast_mw
    from carried
    inner join ahead using (region_code, fit_month_on, horizon_days)
    inner join memories using (forecast_code, region_code, fit_month_on, issued_on)

),

issued_at_noon as (

    select * from of_dataelec
    where forecast_code = 'dataelec'

),

-- Beside it what it is with forecast temperatures, and what asks for no model: the last day known whole, and the newest
-- known day of the same weekday.
of_all as (

    select * from of_dataelec
    union all by name
    select
        issued_at_noon.region_code,
        issued_at_noon.issued_on,
        issued_at_noon.horizon_days,
        issued_at_noon.load_forecast_mw + spoiled.load_change_mw as load_forecast_mw,
        'dataelec_forecast_temperatures' as forecast_code
    from issued_at_noon
    inner join spoiled using (region_code, issued_on, horizon_days)
    union all by name
    select
        issued_at_noon.region_code,
        issued_at_noon.issued_on,
        issued_at_noon.horizon_days,
        days.load_mean_mw as load_forecast_mw,
        'persistence' as forecast_code
    from issued_at_noon
    inner join days
        on
            issued_at_noon.region_code = days.region_code
            and issued_at_noon.last_day_known_on = days.date_day
    union all by name
    select
        issued_at_noon.region_code,
        issued_at_noon.issued_on,
        issued_at_noon.horizon_days,
        days.load_mean_mw as load_forecast_mw,
        'same_weekday' as forecast_code
    from issued_at_noon
    inner join days
        on
            issued_at_noon.region_code = days.region_code
            and days.date_day = issued_at_noon.issued_on + issued_at_noon.horizon_days - 7 * cast(
                ceil(
                    (issued_at_noon.issued_on + issued_at_noon.horizon_days - issued_at_noon.last_day_known_on) / 7.0
                ) as integer
            )

),

of_regions as materialized (

    select
        of_all.forecast_code,
        'region' as territory_level_code,
        of_all.region_code as territory_code,
        of_all.issued_on,
        of_all.horizon_days,
        days.date_day,
        of_all.load_forecast_mw * dates.hours_in_local_day_count as energy_forecast_mwh,
        days.load_mean_mw * dates.hours_in_local_day_count as energy_mwh,
        days.date_day + days.load_lag_days as known_on,
        days.is_temperature_forecast
    from of_all
    inner join days
        on
            of_all.region_code = days.region_code
            and days.date_day = of_all.issued_on + of_all.horizon_days
    inner join dates on days.date_day = dates.date_day
    where of_all.load_forecast_mw is not null

),

-- The country is the sum of its regions, of all or of none.
regions as (

    select count(distinct region_code) as regions_count from days

),

of_country as (

    select
        of_regions.forecast_code,
        'country' as territory_level_code,
        'FR' as territory_code,
        of_regions.issued_on,
        of_regions.horizon_days,
        of_regions.date_day,
        sum(of_regions.energy_forecast_mwh) as energy_forecast_mwh,
        case when count(of_regions.energy_mwh) = count(*) then sum(of_regions.energy_mwh) end as energy_mwh,
        max(of_regions.known_on) as known_on,
        bool_or(of_regions.is_temperature_forecast) as is_temperature_forecast
    from of_regions
    cross join regions
    group by
        of_regions.forecast_code,
        of_regions.issued_on,
        of_regions.horizon_days,
        of_regions.date_day,
        regions.regions_count
    having count(*) = regions.regions_count

),

-- RTE's own, of the day before, beside the load that it is published with, on the days that the country is forecast.
of_rte as (

    select
        'rte' as forecast_code,
        of_country.territory_level_code,
        of_country.territory_code,
        of_country.issued_on,
        of_country.horizon_days,
        of_country.date_day,
        avg(published.load_forecast_day_before_mw) * any_value(dates.hours_in_local_day_count) as energy_forecast_mwh,
        avg(published.load_published_mw) * any_value(dates.hours_in_local_day_count) as energy_mwh,
        of_country.known_on
    from of_country
    inner join published using (date_day)
    inner join dates using (date_day)
    where of_country.forecast_code = 'dataelec' and of_country.horizon_days = 1
    group by
        of_country.territory_level_code,
        of_country.territory_code,
        of_country.issued_on,
        of_country.horizon_days,
        of_country.date_day,
        of_country.known_on
    having count(*) >= 0.9 * 2 * any_value(dates.hours_in_local_day_count)

),

issued as (

    select * from of_regions
    union all by name
    select * from of_country
    union all by name
    select * from of_rte

)

select
    *,
    cast(date_trunc('month', issued_on) as date) as fit_month_on,
    energy_mwh / nullif(energy_forecast_mwh, 0) - 1 as relative_error
from issued
