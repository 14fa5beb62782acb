with

half_hours as (select * from {{ ref('int_half_hourly_client_loads_summed') }}),

dates as (select * from {{ ref('int_dates_described') }}),

spans as (

    select
        region_code,
        client_type_code,
        min(date_day) as first_day,
        max(date_day) as last_day
    from half_hours
    group by region_code, client_type_code

),

daily as (

    select
        region_code,
        client_type_code,
        date_day,
        count(load_mw) as half_hours_valid_count,
        avg(load_mw) as load_valid_mean_mw
    from half_hours
    group by region_code, client_type_code, date_day

),

-- From the spine of days, so that a day nobody published is a row and not a silence.
averaged as (

    select
        spans.region_code,
        spans.client_type_code,
        dates.date_day,
        coalesce(daily.half_hours_valid_count, 0) as half_hours_valid_count,
        coalesce(daily.half_hours_valid_count >= 0.9 * 2 * dates.hours_in_local_day_count, false) as is_counted,
        case
            when daily.half_hours_valid_count >= 0.9 * 2 * dates.hours_in_local_day_count
                then daily.load_valid_mean_mw
        end as load_mean_mw
    from spans
    inner join dates on dates.date_day between spans.first_day and spans.last_day
    left join daily
        on
            spans.region_code = daily.region_code
            and spans.client_type_code = daily.client_type_code
            and dates.date_day = daily.date_day

)

select * from averaged
