with

half_hours as (

    select * from {{ ref('int_half_hourly_loads_flagged') }}
    where exclusion_code is null

),

averaged as (

    select
        region_code,
        date_day,
        cast(hour(period_start_at_local) as integer) as hour_of_day,
        avg(load_mw) as load_mean_mw
    from half_hours
    group by all
    -- Both half-hours; the doubled hour of the autumn clock change has up to four.
    having count(*) >= 2

)

select * from averaged
