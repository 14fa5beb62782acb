-- Detects a day taken from the published `date`, or from another time zone: the day of each half-hour is that of its
-- instant in France, worked out here from the European rule (an hour ahead of UTC, two from the last Sunday of March
-- to the last one of October, changing at 01:00 UTC) and not from a table of time zones. A row is a half-hour that
-- lies in another day.
with

half_hours as (

    select
        region_code,
        date_day,
        period_start_at_utc at time zone 'UTC' as utc
    from {{ ref('fct_half_hourly_load') }}

),

years as (

    select distinct year(utc) as calendar_year from half_hours

),

last_days as (

    select
        calendar_year,
        make_date(calendar_year, 3, 31) as march_end,
        make_date(calendar_year, 10, 31) as october_end
    from years

),

changes as (

    select
        calendar_year,
        march_end - cast({{ iso_weekday('march_end') }} % 7 as integer) + interval 1 hour as summer_start_utc,
        october_end - cast({{ iso_weekday('october_end') }} % 7 as integer) + interval 1 hour as summer_end_utc
    from last_days

),

off as (

    select half_hours.*
    from half_hours
    inner join changes on year(half_hours.utc) = changes.calendar_year
    where
        half_hours.date_day <> cast(
            half_hours.utc + case
                when half_hours.utc >= changes.summer_start_utc and half_hours.utc < changes.summer_end_utc
                    then interval 2 hours
                else interval 1 hour
            end as date
        )

)

select * from off
