-- What does a day look like, in winter and summer, on weekdays, Saturdays, Sundays and holidays?
-- Mean load of the twelve regions at each hour of the local clock, in MW and relative to the mean of its season.
-- Winter is December to February, summer June to August. The shape mixes weather, daylight and habits.
with

hours as (

    select
        loads.period_start_at_utc,
        dates.calendar_month,
        case
            when dates.is_public_holiday or dates.iso_weekday = 7 then 'sunday_or_holiday'
            when dates.iso_weekday = 6 then 'saturday'
            else 'weekday'
        end as day_code,
        cast(hour(timezone('Europe/Paris', loads.period_start_at_utc)) as integer) as hour_of_day,
        sum(loads.load_mw) as load_mw,
        bool_or(loads.is_simulated) as is_simulated
    from {{ schema_and_table('fct_half_hourly_load') }} as loads
    inner join {{ schema_and_table('dim_dates') }} as dates on loads.date_day = dates.date_day
    group by all
    -- A sum without one of its regions is not a national load.
    having
        count(loads.load_mw) = (
            select count(*)
            from {{ schema_and_table('dim_regions') }}
            where is_load_published
        )

),

seasons as (

    select
        *,
        case when calendar_month in (12, 1, 2) then 'winter' else 'summer' end as season_code
    from hours
    where calendar_month in (12, 1, 2, 6, 7, 8)

),

means as (

    select
        season_code,
        avg(load_mw) as season_load_mean_mw
    from seasons
    group by season_code

)

select
    seasons.season_code,
    seasons.day_code,
    seasons.hour_of_day,
    round(avg(seasons.load_mw), 0) as load_mean_mw,
    round(avg(seasons.load_mw) / any_value(means.season_load_mean_mw), 2) as load_factor_of_season,
    count(*) as half_hours_count,
    bool_or(seasons.is_simulated) as is_simulated
from seasons
inner join means on seasons.season_code = means.season_code
group by all
order by all
