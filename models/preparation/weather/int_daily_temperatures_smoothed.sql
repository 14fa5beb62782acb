with

published as (select * from {{ ref('stg_odre__daily_temperatures') }}),

station_temperatures as (select * from {{ ref('int_station_temperatures_corrected') }}),

regions as (select * from {{ ref('regions') }}),

dates as (select * from {{ ref('int_dates_described') }}),

-- Rows of a region that is none go no further; data_quality counts them.
published_spans as (

    select
        published.region_code,
        min(published.date_day) as first_day,
        max(published.date_day) as last_day
    from published
    inner join regions on published.region_code = regions.region_code
    group by published.region_code

),

-- Stations speak before the first day that is published and after the last, never between.
temperatures as (

    select
        region_code,
        published.date_day,
        published.temperature_min_c,
        published.temperature_max_c,
        published.temperature_mean_c,
        published.temperature_mean_c as temperature_published_mean_c,
        'published' as temperature_source_code
    from published
    inner join published_spans using (region_code)
    union all by name
    select station_temperatures.*
    from station_temperatures
    left join published_spans using (region_code)
    where
        published_spans.region_code is null
        or not station_temperatures.date_day between published_spans.first_day and published_spans.last_day

),

spans as (

    select
        region_code,
        min(date_day) as first_day,
        max(date_day) as last_day
    from temperatures
    group by region_code

),

completed as (

    select
        spans.region_code,
        dates.date_day,
        temperatures.temperature_min_c,
        temperatures.temperature_max_c,
        temperatures.temperature_published_mean_c,
        temperatures.temperature_mean_c as temperature_known_mean_c,
        coalesce(
            temperatures.temperature_source_code,
            lag(temperatures.temperature_source_code ignore nulls) over by_day
        ) as temperature_source_code,
        lag(temperatures.temperature_mean_c) over by_day as previous_mean_c,
        lead(temperatures.temperature_mean_c) over by_day as next_mean_c
    from spans
    inner join dates on dates.date_day between spans.first_day and spans.last_day
    left join temperatures
        on
            spans.region_code = temperatures.region_code
            and dates.date_day = temperatures.date_day
    window by_day as (partition by spans.region_code order by dates.date_day)

),

interpolated as (

    select
        region_code,
        date_day,
        temperature_min_c,
        temperature_max_c,
        temperature_published_mean_c,
        temperature_source_code,
        -- One missing day between two present ones; the neighbours of a longer gap are missing too, and so it stays.
        coalesce(temperature_known_mean_c, (previous_mean_c + next_mean_c) / 2) as temperature_mean_c,
        case
            when temperature_known_mean_c is not null then null
            when previous_mean_c is not null and next_mean_c is not null then 'interpolated'
            else 'missing_value'
        end as temperature_correction_code
    from completed

),

smoothed as (

    select
        *,
        {{ smoothed_temperature('temperature_mean_c', 'by_day') }} as temperature_smoothed_c,
        -- A longer memory, to see how much the choice of memory matters.
        (
            temperature_mean_c
            + 0.75 * lag(temperature_mean_c, 1) over by_day
            + 0.5 * lag(temperature_mean_c, 2) over by_day
            + 0.25 * lag(temperature_mean_c, 3) over by_day
        ) / 2.5 as temperature_smoothed_longer_c
    from interpolated
    window by_day as (partition by region_code order by date_day)

)

select * from smoothed
