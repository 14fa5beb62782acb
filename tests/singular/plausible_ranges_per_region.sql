-- Detects a wrong unit or factor, and regions that changed places: half-hours, the mean load of a year and the mean
-- temperature of a year lie within the region's own range. A row is a region, a year and a figure outside it.
with

ranges as (select * from {{ ref('plausible_ranges') }}),

loads as (

    select
        region_code,
        year(date_day) as calendar_year,
        min(load_mw) as load_min_mw,
        max(load_mw) as load_max_mw,
        avg(load_mw) as load_mean_mw,
        count(load_mw) >= 350 * 48 as is_whole_year
    from {{ ref('fct_half_hourly_load') }}
    group by all

),

temperatures as (

    select
        region_code,
        year(date_day) as calendar_year,
        avg(temperature_mean_c) as temperature_mean_c
    from {{ ref('fct_daily_temperature') }}
    group by all
    having count(temperature_mean_c) >= 350

),

off as (

    select
        loads.region_code,
        loads.calendar_year,
        'load' as figure,
        loads.load_mean_mw as found
    from loads
    inner join ranges on loads.region_code = ranges.region_code
    where
        loads.load_min_mw < ranges.load_lowest_mw
        or loads.load_max_mw > ranges.load_highest_mw
        or (
            loads.is_whole_year
            and not loads.load_mean_mw between ranges.load_year_mean_lowest_mw and ranges.load_year_mean_highest_mw
        )
    union all
    select
        temperatures.region_code,
        temperatures.calendar_year,
        'temperature' as figure,
        temperatures.temperature_mean_c as found
    from temperatures
    inner join ranges on temperatures.region_code = ranges.region_code
    where
        not temperatures.temperature_mean_c
        between ranges.temperature_year_mean_lowest_c and ranges.temperature_year_mean_highest_c

)

select * from off
