-- Detects days lost on their way or filled twice: between the first and the last day of a region no day of load is
-- without a half-hour, none has more half-hours than hours allow; every day of temperature that is published is
-- there, and of real files no other day is missing than those known to be missing at the source, and month-ends,
-- which often are. A row is a region and a day.
with

loads as (

    select * from {{ ref('fct_daily_load') }}

),

temperatures as (

    select * from {{ ref('fct_daily_temperature') }}

),

published_temperatures as (

    select * from {{ ref('stg_odre__daily_temperatures') }}

),

regions as (

    select * from {{ ref('dim_regions') }}

),

client_loads as (

    select * from {{ ref('fct_half_hourly_client_load') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

known_missing_days as (

    select * from {{ ref('known_missing_days') }}

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

client_spans as (

    select
        region_code,
        client_type_code,
        min(date_day) as first_day,
        max(date_day) as last_day
    from client_days
    group by all

),

off as (

    select
        'load' as fact_name,
        region_code,
        date_day
    from loads
    where half_hours_published_count not between 1 and half_hours_expected_count
    union all
    select
        'temperature' as fact_name,
        temperatures.region_code,
        temperatures.date_day
    from temperatures
    left join known_missing_days
        on
            temperatures.date_day = known_missing_days.date_day
            and known_missing_days.dataset_code = 'temperature-quotidienne-regionale'
    where
        temperatures.temperature_published_mean_c is null
        and known_missing_days.date_day is null
        and day(temperatures.date_day + 1) <> 1
        and not (select coalesce(bool_or(_is_simulated), false) from published_temperatures)
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
        client_spans.region_code,
        dates.date_day
    from client_spans
    inner join dates on dates.date_day between client_spans.first_day and client_spans.last_day
    left join client_days
        on
            client_spans.region_code = client_days.region_code
            and client_spans.client_type_code = client_days.client_type_code
            and dates.date_day = client_days.date_day
    where
        coalesce(client_days.half_hours_count, 0) > 2 * dates.hours_in_local_day_count
        -- The first and the last day of a file in UTC are not whole days in France.
        or (
            coalesce(client_days.half_hours_count, 0) < 2 * dates.hours_in_local_day_count - 2
            and dates.date_day not in (client_spans.first_day, client_spans.last_day)
        )

)

select * from off
