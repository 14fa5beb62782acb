with

temperatures as (select * from {{ ref('stg_odre__daily_temperatures') }}),

regions as (select * from {{ ref('regions') }}),

dates as (select * from {{ ref('int_dates_described') }}),

-- Rows of a region that is none go no further; data_quality counts them.
spans as (

    select
        temperatures.region_code,
        min(temperatures.date_day) as first_day,
        max(temperatures.date_day) as last_day
    from temperatures
    inner join regions on temperatures.region_code = regions.region_code
    group by temperatures.region_code

),

completed as (

    select
        spans.region_code,
        dates.date_day,
        temperatures.temperature_min_c,
        temperatures.temperature_max_c,
        temperatures.temperature_mean_c as temperature_published_mean_c,
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
        -- One missing day between two present ones; the neighbours of a longer gap are missing too, and so it stays.
        coalesce(temperature_published_mean_c, (previous_mean_c + next_mean_c) / 2) as temperature_mean_c,
        case
            when temperature_published_mean_c is not null then null
            when previous_mean_c is not null and next_mean_c is not null then 'interpolated'
            else 'missing_value'
        end as temperature_correction_code
    from completed

),

smoothed as (

    select
        *,
        (
            temperature_mean_c
            + 0.5 * lag(temperature_mean_c, 1) over by_day
            + 0.25 * lag(temperature_mean_c, 2) over by_day
        ) / 1.75 as temperature_smoothed_c,
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
