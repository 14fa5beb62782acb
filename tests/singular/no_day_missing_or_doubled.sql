-- Detects days lost on their way or filled twice: no day of load of which the lake holds a half-hour is without one,
-- none has more half-hours than hours allow; every day of temperature that is published is there. Days that the lake
-- does not hold are another matter: `days_between_are_held` warns of them. A row is a region and a day.
with

loads as (select * from {{ ref('fct_daily_load') }}),

temperatures as (select * from {{ ref('fct_daily_temperature') }}),

published_temperatures as (select * from {{ ref('stg_odre__daily_temperatures') }}),

regions as (select * from {{ ref('dim_regions') }}),

client_loads as (select * from {{ ref('fct_half_hourly_client_load') }}),

dates as (select * from {{ ref('dim_dates') }}),

published_loads as (select * from {{ ref('stg_odre__half_hourly_loads') }}),

published_days as (

    select distinct
        region_code,
        date_day
    from published_loads
    where not is_phantom_hour and not is_ignored_by_publisher

),

client_days as (

    select
        region_code,
        client_type_code,
        date_day,
        count(*) as half_hours_count
    from client_loads
    group by all

),

off as (

    select
        'load' as fact_name,
        loads.region_code,
        loads.date_day
    from loads
    left join published_days
        on
            loads.region_code = published_days.region_code
            and loads.date_day = published_days.date_day
    where
        loads.half_hours_published_count > loads.half_hours_expected_count
        or (loads.half_hours_published_count = 0 and published_days.date_day is not null)
    union all
    select
        'load' as fact_name,
        published_days.region_code,
        published_days.date_day
    from published_days
    inner join regions on published_days.region_code = regions.region_code
    anti join loads
        on
            published_days.region_code = loads.region_code
            and published_days.date_day = loads.date_day
    union all
    select
        'temperature' as fact_name,
        published_temperatures.region_code,
        published_temperatures.date_day
    from published_temperatures
    -- Other regions are counted in data_quality.
    inner join regions on published_temperatures.region_code = regions.region_code
    left join temperatures
        on
            published_temperatures.region_code = temperatures.region_code
            and published_temperatures.date_day = temperatures.date_day
    where published_temperatures.temperature_mean_c is distinct from temperatures.temperature_published_mean_c
    union all
    select
        'client load' as fact_name,
        client_days.region_code,
        client_days.date_day
    from client_days
    inner join dates on client_days.date_day = dates.date_day
    left join client_days as day_before
        on
            client_days.region_code = day_before.region_code
            and client_days.client_type_code = day_before.client_type_code
            and client_days.date_day = day_before.date_day + 1
    left join client_days as day_after
        on
            client_days.region_code = day_after.region_code
            and client_days.client_type_code = day_after.client_type_code
            and client_days.date_day = day_after.date_day - 1
    where
        client_days.half_hours_count > 2 * dates.hours_in_local_day_count
        -- Days at either end of what is held are not whole in France where files are cut in UTC.
        or (
            client_days.half_hours_count < 2 * dates.hours_in_local_day_count - 2
            and day_before.date_day is not null
            and day_after.date_day is not null
        )

)

select * from off
