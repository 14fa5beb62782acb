with

station_days as (select * from {{ ref('int_daily_station_weather_averaged') }}),

-- Plain means over the stations of a region that observed enough that day.
averaged as (

    select
        region_code,
        date_day,
        avg(wind_mean_m_s) as wind_mean_m_s,
        avg(cloud_cover_mean_pct) as cloud_cover_mean_pct,
        avg(humidity_mean_pct) as humidity_mean_pct,
        count(wind_mean_m_s) as stations_count
    from station_days
    -- Some stations lie in no region: the islands of the southern seas.
    where region_code is not null
    group by region_code, date_day

)

select * from averaged
