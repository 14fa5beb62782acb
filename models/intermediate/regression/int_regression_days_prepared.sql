with

loads as (

    select * from {{ ref('fct_daily_load') }}

),

temperatures as (

    select * from {{ ref('fct_daily_temperature') }}

),

days as (

    select * from {{ ref('int_days_classified') }}

),

load_spans as (

    select
        region_code,
        min(date_day) as first_day,
        max(date_day) as last_day
    from loads
    where is_counted
    group by region_code

),

temperature_spans as (

    select
        region_code,
        min(date_day) as first_day,
        max(date_day) as last_day
    from temperatures
    where temperature_mean_c is not null
    group by region_code

),

-- Coverage is counted over the days that both series span.
common_spans as (

    select
        load_spans.region_code,
        greatest(load_spans.first_day, temperature_spans.first_day) as first_day,
        least(load_spans.last_day, temperature_spans.last_day) as last_day
    from load_spans
    inner join temperature_spans on load_spans.region_code = temperature_spans.region_code

),

prepared as (

    select
        'region' as territory_level_code,
        days.region_code as territory_code,
        'all' as client_type_code,
        days.date_day,
        days.season_regime_code,
        days.day_class_code,
        days.calendar_cell_code,
        days.calendar_quarter_code,
        loads.load_mean_mw,
        temperatures.temperature_smoothed_c,
        case
            when loads.date_day is null then 'load_not_published'
            when not loads.is_counted then 'load_incomplete'
            when temperatures.temperature_smoothed_c is null then 'temperature_missing'
        end as exclusion_code
    from common_spans
    inner join days
        on
            common_spans.region_code = days.region_code
            and days.date_day between common_spans.first_day and common_spans.last_day
    left join loads
        on
            days.region_code = loads.region_code
            and days.date_day = loads.date_day
    left join temperatures
        on
            days.region_code = temperatures.region_code
            and days.date_day = temperatures.date_day

)

select * from prepared
