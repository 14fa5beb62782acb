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

),

-- One missing day between two present ones is their mean, as with temperatures.
completed as (

    select
        region_code,
        date_day,
        {%- for measure in ['wind_mean_m_s', 'cloud_cover_mean_pct', 'humidity_mean_pct'] %}
        coalesce(
            {{ measure }},
            case when count({{ measure }}) over eve_to_next = 2 then avg({{ measure }}) over eve_to_next end
        ) as {{ measure }},
        {%- endfor %}
        stations_count
    from averaged
    window eve_to_next as (
        partition by region_code order by date_day
        range between interval 1 day preceding and interval 1 day following
    )

)

select * from completed
