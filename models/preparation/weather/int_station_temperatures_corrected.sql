-- What the SYNOP stations of a region say of its temperature.
with

station_days as (

    select * from {{ ref('int_daily_station_weather_averaged') }}
    where
        region_code is not null
        and temperature_mean_c is not null

),

{{ brought_to_published() }}

select * from brought_to_published
