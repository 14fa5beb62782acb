-- Detects half-hours lost or doubled on their way, and phantom hours where clocks do not change: what is published
-- for a region and a day is in the fact, or counted in data_quality under a reason; and published clock times
-- disagree with their instants on the last Sunday of March alone. A row is a region and a day, or a year, that does
-- not add up.
with

published as (select * from {{ ref('stg_odre__half_hourly_loads') }}),

kept as (

    select
        region_code,
        date_day,
        count(*) as half_hours_count
    from {{ ref('fct_half_hourly_load') }}
    group by all

),

usable as (

    select
        region_code,
        date_day,
        count(*) as half_hours_count
    from published
    where not is_phantom_hour and not is_ignored_by_publisher
    group by all

),

lost_or_doubled as (

    select
        coalesce(usable.region_code, kept.region_code) as region_code,
        coalesce(usable.date_day, kept.date_day) as date_day,
        usable.half_hours_count as expected_count,
        kept.half_hours_count as found_count
    from usable
    full outer join kept
        on
            usable.region_code = kept.region_code
            and usable.date_day = kept.date_day
    where usable.half_hours_count is distinct from kept.half_hours_count

),

phantoms as (

    select
        region_code,
        date_day,
        0 as expected_count,
        count(*) as found_count
    from published
    where
        is_phantom_hour
        and not (month(date_day) = 3 and day(date_day) >= 25 and {{ iso_weekday('date_day') }} = 7)
    group by all

),

-- The other way round: what data_quality counts as left out of a year is what lies between published and kept.
years as (

    select
        cast(year(date_day) as integer) as calendar_year,
        count(*) filter (where is_phantom_hour or is_ignored_by_publisher) as left_out_count
    from published
    group by all

),

counted as (

    select
        calendar_year,
        sum(affected_count) as left_out_count
    from {{ ref('data_quality') }}
    where
        dataset_code = 'consommation-quotidienne-brute-regionale'
        and quality_reason_code in ('phantom_hour', 'ignored_by_publisher')
    group by all

),

uncounted as (

    select
        'all' as region_code,
        make_date(years.calendar_year, 1, 1) as date_day,
        years.left_out_count as expected_count,
        coalesce(counted.left_out_count, 0) as found_count
    from years
    left join counted on years.calendar_year = counted.calendar_year
    where years.left_out_count <> coalesce(counted.left_out_count, 0)

),

off as (

    select * from lost_or_doubled
    union all by name
    select * from phantoms
    union all by name
    select * from uncounted

)

select * from off
