with

loads as (

    select
        region_code,
        'all' as client_type_code,
        date_day,
        is_counted,
        half_hours_valid_count < half_hours_expected_count as is_incomplete,
        load_mean_mw
    from {{ ref('fct_daily_load') }}
    union all
    select
        region_code,
        client_type_code,
        date_day,
        is_counted,
        false as is_incomplete,
        load_mean_mw
    from {{ ref('int_daily_client_loads_averaged') }}
    union all
    select
        region_code,
        'all' as client_type_code,
        date_day,
        is_counted,
        hours_valid_count < hours_in_local_day_count as is_incomplete,
        load_mean_mw
    from {{ ref('int_daily_island_loads_averaged') }}

),

hourly_loads as (

    select * from {{ ref('int_hourly_loads_averaged') }}
    union all
    select
        region_code,
        date_day,
        cast(hour({{ paris_local_timestamp('hour_start_at_utc') }}) as integer) as hour_of_day,
        avg(load_mw) as load_mean_mw
    from {{ ref('fct_hourly_island_load') }}
    where load_mw is not null
    group by all

),

temperatures as (select * from {{ ref('int_daily_temperatures_smoothed') }}),

weather as (select * from {{ ref('int_daily_regional_weather_averaged') }}),

segments as (

    select distinct
        date_day,
        segment_start_on
    from {{ ref('int_window_days_listed') }}

),

-- The days of a calendar cell, quarter and segment always go together.
days as (

    select
        days.*,
        segments.segment_start_on,
        cast(
            dense_rank() over (
                order by days.calendar_cell_code, days.calendar_quarter_code, segments.segment_start_on
            ) as integer
        ) as day_group_number
    from {{ ref('int_days_classified') }} as days -- noqa: RF04
    inner join segments using (date_day)

),

load_spans as (

    select
        region_code,
        client_type_code,
        min(date_day) as first_day,
        max(date_day) as last_day
    from loads
    where is_counted
    group by region_code, client_type_code

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
        load_spans.client_type_code,
        greatest(load_spans.first_day, temperature_spans.first_day) as first_day,
        least(load_spans.last_day, temperature_spans.last_day) as last_day
    from load_spans
    inner join temperature_spans using (region_code)

),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where territory_level_code = 'region'

),

-- A row for every day of the span, so that a day left out is a row with its reason.
spine as (

    select
        series.series_code,
        series.territory_code as region_code,
        series.client_type_code,
        series.temperature_code,
        series.is_daily,
        days.date_day,
        days.season_regime_code,
        days.day_class_code,
        days.calendar_cell_code,
        days.calendar_quarter_code,
        days.segment_start_on,
        days.day_group_number
    from series
    inner join common_spans
        on
            series.territory_code = common_spans.region_code
            and series.client_type_code = common_spans.client_type_code
    inner join days
        on
            common_spans.region_code = days.territory_code
            and days.date_day between common_spans.first_day and common_spans.last_day
    where
        series.hour_of_day is null
        and series.left_out_days_code is null

),

joined as (

    select
        spine.*,
        loads.date_day is not null as is_load_published,
        case when loads.is_counted then loads.load_mean_mw end as load_mean_mw,
        coalesce(loads.is_incomplete, false) as is_incomplete,
        case spine.temperature_code
            {% for temperature_code, column in temperature_columns().items() -%}
            when '{{ temperature_code }}' then temperatures.{{ column }}
            {% endfor -%}
        end as temperature_c,
        temperatures.temperature_mean_c,
        temperatures.temperature_smoothed_longer_c,
        coalesce(temperatures.temperature_source_code <> 'published', false) as is_temperature_from_stations,
        weather.wind_mean_m_s,
        weather.wind_mean_m_s
        - avg(weather.wind_mean_m_s) over (partition by spine.series_code) as wind_above_usual_m_s,
        weather.cloud_cover_mean_pct,
        weather.humidity_mean_pct
    from spine
    left join loads using (region_code, client_type_code, date_day)
    left join temperatures using (region_code, date_day)
    left join weather using (region_code, date_day)

),

daily as (

    select
        *,
        case
            when not is_load_published then 'load_not_published'
            when load_mean_mw is null then 'load_incomplete'
            when temperature_c is null then 'temperature_missing'
        end as exclusion_code
    from joined

),

-- The hours of a day that counts, as far as they are there.
hourly as (

    select
        daily.* exclude (series_code, load_mean_mw),
        series.series_code,
        hourly_loads.load_mean_mw
    from hourly_loads
    inner join series
        on
            hourly_loads.region_code = series.territory_code
            and hourly_loads.hour_of_day = series.hour_of_day
    inner join daily
        on
            hourly_loads.region_code = daily.region_code
            and series.client_type_code = daily.client_type_code
            and series.temperature_code = daily.temperature_code
            and hourly_loads.date_day = daily.date_day
    where daily.exclusion_code is null

),

-- The days that are left once some are left out for trial.
thinned as (

    select
        daily.* exclude (series_code),
        series.series_code
    from daily
    inner join series
        on
            daily.region_code = series.territory_code
            and daily.client_type_code = series.client_type_code
    where
        daily.is_daily
        and daily.exclusion_code is null
        and not case series.left_out_days_code
            when 'incomplete' then daily.is_incomplete
            when 'below_0_c' then daily.temperature_c < 0
            when 'july_and_august' then month(daily.date_day) in (7, 8)
            when 'weekends_and_special_days'
                then split_part(daily.day_class_code, '_', 1) not in ('monday', 'midweek', 'friday')
        end

),

united as (

    select * from daily
    union all by name
    select * from hourly
    union all by name
    select * from thinned

),

prepared as (

    select * exclude (
        region_code, client_type_code, temperature_code, is_daily, is_load_published, is_incomplete
    )
    from united

)

select * from prepared
