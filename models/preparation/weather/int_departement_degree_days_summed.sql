{#- The stations that stand for a département, by weight 1 / (distance + 20 km)², each brought to the altitude where the
    département's people live. -#}
{%- set nearest = 3 -%}
{%- set lapse_c_per_m = -0.0065 -%}
{%- set km_per_degree = 111.2 -%}
with

station_days as (select * from {{ ref('int_daily_station_weather_averaged') }}),

stations as (select * from {{ ref('synop_stations') }}),

centres as (select * from {{ ref('departement_centres') }}),

distances as (

    select
        centres.departement_code,
        stations.station_code,
        {{ lapse_c_per_m }} * (centres.people_altitude_m - stations.altitude_m) as altitude_correction_c,
        {{ km_per_degree }} * sqrt(
            pow(stations.latitude_deg - centres.latitude_deg, 2)
            + pow(
                (stations.longitude_deg - centres.longitude_deg) * cos(radians(centres.latitude_deg)), 2
            )
        ) as distance_km
    from centres
    cross join stations
    where stations.station_code in (select station_code from station_days)

),

chosen as (

    select
        departement_code,
        station_code,
        altitude_correction_c,
        1 / pow(distance_km + 20, 2) as weight
    from distances
    -- A département further than that from any station has none: overseas from the mainland.
    where distance_km < 300
    qualify row_number() over (partition by departement_code order by distance_km, station_code) <= {{ nearest }}

),

daily as (

    select
        chosen.departement_code,
        station_days.date_day,
        sum(chosen.weight * (station_days.temperature_mean_c + chosen.altitude_correction_c)) / sum(chosen.weight)
            as temperature_mean_c
    from chosen
    inner join station_days on chosen.station_code = station_days.station_code
    where station_days.temperature_mean_c is not null
    group by all

),

lagged as (

    select
        *,
        lag(temperature_mean_c, 1) over by_day as yesterday_c,
        lag(temperature_mean_c, 2) over by_day as eve_c,
        lag(date_day, 2) over by_day as eve_day
    from daily
    window by_day as (partition by departement_code order by date_day)

),

smoothed as (

    select
        departement_code,
        date_day,
        (temperature_mean_c + 0.5 * yesterday_c + 0.25 * eve_c) / 1.75 as temperature_smoothed_c
    from lagged
    -- Without a gap among the three days.
    where eve_day = date_day - 2

),

yearly as (

    select
        departement_code,
        year(date_day) as calendar_year,
        count(*) as days_used_count,
        datediff('day', make_date(year(date_day), 1, 1), make_date(year(date_day) + 1, 1, 1)) as days_expected_count,
        avg(greatest({{ var('area_balance_point_c') }} - temperature_smoothed_c, 0)) as degrees_mean_c
    from smoothed
    group by all

),

final as (

    select
        departement_code,
        calendar_year,
        days_used_count,
        days_expected_count,
        days_used_count / days_expected_count as coverage_share,
        -- As for energies: the mean of the days there are times the days of the year, from 95 % of them on.
        case when days_used_count >= 0.95 * days_expected_count then degrees_mean_c * days_expected_count end
            as heating_degree_days_c_day
    from yearly

)

select * from final
