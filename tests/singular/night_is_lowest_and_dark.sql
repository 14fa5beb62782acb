-- Detects a clock that is off by an hour or more: as in every real year, the load of France is lowest from 4 to 5 in
-- the morning, French time, and in the evenings of winter highest from 19 to 20, and the sun gives nothing around
-- midnight. A row is a year that says otherwise.
with

half_hours as (select * from {{ ref('fct_half_hourly_load') }}),

periods as (

    select * from {{ ref('consumption_by_period') }}
    where period_kind_code = 'hour_of_day' and is_complete

),

productions as (select * from {{ ref('fct_half_hourly_production') }}),

lowest_hours as (

    select
        period_year as calendar_year,
        arg_min(period_of_year_code, load_mean_mw) as hour_code
    from periods
    where territory_code = 'FR'
    group by period_year
    having count(*) = 24

),

-- France is never on the clock of UTC: an hour ahead in winter.
winter_hours as (

    select
        region_code,
        year(period_start_at_utc + interval 1 hour) as calendar_year,
        hour((period_start_at_utc + interval 1 hour) at time zone 'UTC') as local_hour,
        avg(load_mw) as load_mean_mw
    from half_hours
    where month(period_start_at_utc + interval 1 hour) in (1, 2, 11, 12)
    group by all

),

country_winter_hours as (

    select
        calendar_year,
        local_hour,
        sum(load_mean_mw) as load_mean_mw
    from winter_hours
    group by all

),

winters as (

    select
        calendar_year,
        arg_min(local_hour, load_mean_mw) as lowest_hour,
        arg_max(local_hour, load_mean_mw) filter (local_hour >= 16) as evening_peak_hour
    from country_winter_hours
    group by calendar_year
    having count(*) = 24

),

off as (

    select
        calendar_year,
        'lowest hour of the load' as figure,
        hour_code as found
    from lowest_hours
    where hour_code <> '04'
    union all
    select
        calendar_year,
        'lowest hour and evening peak of winter' as figure,
        cast(lowest_hour as varchar) || ', ' || cast(evening_peak_hour as varchar) as found
    from winters
    where lowest_hour <> 4 or evening_peak_hour <> 19
    union all
    select
        year(date_day) as calendar_year,
        'solar production at night, share of the mean' as figure,
        cast(
            avg(solar_production_mw) filter (hour(period_start_at_utc at time zone 'UTC') in (23, 0, 1))
            / avg(solar_production_mw) as varchar
        ) as found
    from productions
    group by year(date_day)
    having
        avg(solar_production_mw) > 0
        and avg(solar_production_mw) filter (hour(period_start_at_utc at time zone 'UTC') in (23, 0, 1))
        > 0.02 * avg(solar_production_mw)

)

select * from off
