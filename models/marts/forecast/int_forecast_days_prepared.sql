with

sources as (

    select
        max(case when source_code = 'load' then {{ last_whole_day_lag('forecast_sources') }} end) as load_lag_days,
        max({{ last_whole_day_lag('forecast_sources') }}) as fit_lag_days,
        max(
            case
                when source_code = 'load'
                    then {{ hours_known_after('forecast_sources', last_whole_day_lag('forecast_sources')) }}
            end
        ) as hours_known_count
    from {{ ref('forecast_sources') }}

),

half_hours as (select * from {{ ref('fct_half_hourly_load') }}),

-- How the half-hours of a day lie about their mean, by clock time: the hour that autumn repeats counts once. One
-- without a value is as the one before it, or after: never as those of other days, which may lie ahead.
clock_half_hours as (

    select
        region_code,
        date_day,
        {{ half_hour_number(paris_local_timestamp('period_start_at_utc')) }} as half_hour_number,
        avg(load_mw) as load_mw
    from half_hours
    group by all

),

clock as (

    select cast(unnest(range(1, 49)) as integer) as half_hour_number

),

days_with_load as (

    select distinct
        region_code,
        date_day
    from clock_half_hours

),

completed as (

    select
        clock.half_hour_number,
        days_with_load.region_code,
        days_with_load.date_day,
        coalesce(
            last_value(clock_half_hours.load_mw ignore nulls) over (
                by_day rows between unbounded preceding and current row
            ),
            first_value(clock_half_hours.load_mw ignore nulls) over (
                by_day rows between current row and unbounded following
            )
        ) as load_mw
    from days_with_load
    cross join clock
    left join clock_half_hours using (region_code, date_day, half_hour_number)
    window by_day as (
        partition by days_with_load.region_code, days_with_load.date_day order by clock.half_hour_number
    )

),

shapes as (

    select
        region_code,
        date_day,
        list(load_mw - day_mean_mw order by half_hour_number) as shape_mw
    from (
        select
            *,
            avg(load_mw) over (partition by region_code, date_day) as day_mean_mw
        from completed
    ) as about_their_mean
    group by region_code, date_day

),

-- The hours that are known when a forecast is issued, of the day begun or, at midnight, of the day before, in parts.
hours_begun as (

    select
        half_hours.region_code,
        half_hours.date_day,
        half_hours.load_mw,
        case when sources.hours_known_count > 0 then sources.hours_known_count else 24 end - 1
        - hour({{ paris_local_timestamp('half_hours.period_start_at_utc') }}) as hours_after_count
    from half_hours
    cross join sources

),

begun as (

    select
        region_code,
        date_day,
        list(load_mw order by part_number) as loads_begun_mw
    from (
        select
            region_code,
            date_day,
            {{ forecast_begun_part('hours_after_count') }} as part_number,
            avg(load_mw) as load_mw
        from hours_begun
        where hours_after_count >= 0
        group by all
        having count(load_mw) >= 2
    ) as parts
    group by region_code, date_day
    having count(*) = {{ forecast_begun_parts() | max }}

),

loads as (select * from {{ ref('fct_daily_load') }}),

observed as (

    select * from {{ ref('int_daily_temperatures_smoothed') }}
    where temperature_mean_c is not null

),

last_observed as (

    select
        region_code,
        max(date_day) as last_day
    from observed
    group by region_code

),

-- After the last day observed, somebody's forecast.
temperatures as (

    select
        region_code,
        date_day,
        temperature_mean_c,
        temperature_smoothed_c,
        false as is_temperature_forecast
    from observed
    union all by name
    select
        region_code,
        coming.date_day,
        coming.temperature_mean_c,
        true as is_temperature_forecast
    from {{ ref('stg_own__coming_temperatures') }} as coming
    inner join last_observed using (region_code)
    where coming.date_day > last_observed.last_day

),

days as (

    select * from {{ ref('int_days_classified') }}
    where territory_level_code = 'region'

),

spans as (

    select
        loads.region_code,
        min(loads.date_day) as first_day,
        max(loads.date_day) as last_day
    from loads
    inner join temperatures using (region_code, date_day)
    where loads.is_counted and temperatures.temperature_smoothed_c is not null
    group by loads.region_code

),

prepared as (

    select
        spans.region_code,
        days.date_day,
        days.day_class_code,
        case when loads.is_counted then loads.load_mean_mw end as load_mean_mw,
        case when loads.is_counted then shapes.shape_mw end as shape_mw,
        loads.hours_in_local_day_count,
        begun.loads_begun_mw,
        coalesce(temperatures.is_temperature_forecast, false) as is_temperature_forecast,
        temperatures.temperature_mean_c,
        coalesce(
            temperatures.temperature_smoothed_c,
            {{ smoothed_temperature('temperatures.temperature_mean_c', 'by_day') }}
        ) as temperature_smoothed_c,
        -- Mornings know of the cold before, evenings of the cold to come; where that is not held, it is as the day's.
        {% for place, neighbour in [('previous', 'lag'), ('next', 'lead')] -%}
        coalesce(
            {{ neighbour }}(temperatures.temperature_mean_c) over by_day,
            temperatures.temperature_mean_c
        ) as temperature_{{ place }}_c,
        {% endfor -%}
        (dayofyear(days.date_day) - 1) / 365.25 as year_share,
        datediff('day', date '2012-01-01', days.date_day) / 365.25 as years_elapsed,
        spans.first_day,
        spans.last_day,
        sources.load_lag_days,
        sources.hours_known_count,
        -- A day enters the fit of the first month that begins when the day and the temperature of the next are known.
        cast(
            date_trunc('month', days.date_day + sources.fit_lag_days) + interval 1 month as date
        ) as first_fit_month_on
    from spans
    cross join sources
    inner join days
        on
            spans.region_code = days.territory_code
            and days.date_day between spans.first_day and spans.last_day + {{ forecast_horizons() }}
    left join loads
        on
            spans.region_code = loads.region_code
            and days.date_day = loads.date_day
    left join begun
        on
            spans.region_code = begun.region_code
            and days.date_day = begun.date_day
    left join shapes
        on
            spans.region_code = shapes.region_code
            and days.date_day = shapes.date_day
    left join temperatures
        on
            spans.region_code = temperatures.region_code
            and days.date_day = temperatures.date_day
    window by_day as (partition by spans.region_code order by days.date_day)

)

select * from prepared
