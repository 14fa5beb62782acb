with

hours as (select * from {{ ref('stg_edf__hourly_island_loads') }}),

dates as (select * from {{ ref('int_dates_described') }}),

spans as (

    select
        region_code,
        min(date_day) as first_day,
        max(date_day) as last_day
    from hours
    where region_code is not null
    group by region_code

),

daily as (

    select
        region_code,
        date_day,
        count(*) as hours_valid_count,
        avg(load_published_mw) as load_valid_mean_mw
    from hours
    where not is_value_missing
    group by region_code, date_day

),

-- From the spine of days, so that a day nobody published is a row and not a silence.
averaged as (

    select
        spans.region_code,
        dates.date_day,
        dates.hours_in_local_day_count,
        coalesce(daily.hours_valid_count, 0) as hours_valid_count,
        coalesce(daily.hours_valid_count >= 0.9 * dates.hours_in_local_day_count, false) as is_counted,
        case
            when daily.hours_valid_count >= 0.9 * dates.hours_in_local_day_count then daily.load_valid_mean_mw
        end as load_mean_mw
    from spans
    inner join dates on dates.date_day between spans.first_day and spans.last_day
    left join daily
        on
            spans.region_code = daily.region_code
            and dates.date_day = daily.date_day

)

select * from averaged
