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

-- The hours that are known of a day begun when a forecast is issued.
begun as (

    select
        half_hours.region_code,
        half_hours.date_day,
        avg(half_hours.load_mw) as load_begun_mean_mw,
        bool_or(half_hours.is_simulated) as is_simulated
    from half_hours
    cross join sources
    where hour({{ paris_local_timestamp('half_hours.period_start_at_utc') }}) < sources.hours_known_count
    group by half_hours.region_code, half_hours.date_day
    having count(half_hours.load_mw) >= 0.9 * max(2 * sources.hours_known_count)

),

loads as (select * from {{ ref('fct_daily_load') }}),

temperatures as (select * from {{ ref('int_daily_temperatures_smoothed') }}),

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
        loads.hours_in_local_day_count,
        -- Where no hour of a day begun is known, the whole days alone are remembered.
        case
            when sources.hours_known_count > 0 then begun.load_begun_mean_mw
            when loads.is_counted then loads.load_mean_mw
        end as load_begun_mean_mw,
        temperatures.temperature_mean_c,
        temperatures.temperature_smoothed_c,
        (dayofyear(days.date_day) - 1) / 365.25 as year_share,
        datediff('day', date '2012-01-01', days.date_day) / 365.25 as years_elapsed,
        spans.first_day,
        spans.last_day,
        sources.load_lag_days,
        sources.hours_known_count,
        -- A day enters the fit of the first month that begins when the day is known.
        cast(
            date_trunc('month', days.date_day + sources.fit_lag_days - 1) + interval 1 month as date
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
    left join temperatures
        on
            spans.region_code = temperatures.region_code
            and days.date_day = temperatures.date_day

)

select * from prepared
