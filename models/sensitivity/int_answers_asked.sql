with

regions as (

    select * from {{ ref('dim_regions') }}
    -- Metropolitan France: overseas regions, without heating, have a mart of their own.
    where school_zone_code is not null

),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where is_daily

),

sums as (select * from {{ ref('int_series_sums_listed') }}),

windows as (select * from {{ ref('windows') }}),

window_days as (select * from {{ ref('int_window_days_listed') }}),

days as (

    select days.*
    from {{ ref('int_regression_days_prepared') }} as days -- noqa: RF04
    -- Hours and other variants are not counted.
    inner join series using (series_code)

),

regional_spans as (

    select
        days.series_code,
        window_days.window_code,
        min(days.date_day) as window_start_on,
        max(days.date_day) as window_end_on,
        count(*) as days_expected_count,
        count(case when days.exclusion_code is null then 1 end) as days_used_count,
        count(case when days.exclusion_code is null and days.is_temperature_from_stations then 1 end)
            as days_temperature_from_stations_count,
        {% for reason in day_exclusion_codes() -%}
        count(case when days.exclusion_code = '{{ reason }}' then 1 end) as days_{{ reason }}_count
        {{- ',' if not loop.last }}
        {% endfor %}
    from days
    inner join window_days using (date_day)
    group by days.series_code, window_days.window_code

),

spans as (

    select * from regional_spans
    union all by name
    -- France has a day where every region has it; why others are missing is told region by region.
    select
        sums.sum_series_code as series_code,
        regional_spans.window_code,
        min(regional_spans.window_start_on) as window_start_on,
        max(regional_spans.window_end_on) as window_end_on,
        max(regional_spans.days_expected_count) as days_expected_count
    from regional_spans
    inner join sums using (series_code)
    group by sums.sum_series_code, regional_spans.window_code

),

territories as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        region_label_fr as territory_label_fr
    from regions
    union all
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        'France (12 régions)' as territory_label_fr
    union all
    select distinct
        territory_level_code,
        territory_code,
        'France (13 régions)' as territory_label_fr
    from series
    where territory_level_code = 'country_with_corse'

),

windows_held as (

    select distinct window_code
    from spans

),

-- There is an answer, if only that there is none, before there is any data.
windows_answered as (

    select windows.window_code
    from windows
    left join windows_held using (window_code)
    where
        windows.is_always_answered
        or windows_held.window_code is not null

),

client_types as (

    select distinct client_type_code
    from series

),

asked as (

    select
        territories.territory_level_code,
        territories.territory_code,
        territories.territory_label_fr,
        client_types.client_type_code,
        windows_answered.window_code,
        series.series_code,
        case
            when series.series_code is null then 'no_load_published'
            when spans.series_code is null then 'load_or_temperature_not_held'
        end as absence_reason_code,
        spans.window_start_on,
        spans.window_end_on,
        spans.days_expected_count,
        spans.days_used_count,
        spans.days_temperature_from_stations_count,
        {% for reason in day_exclusion_codes() -%}
        spans.days_{{ reason }}_count
        {{- ',' if not loop.last }}
        {% endfor %}
    from territories
    cross join client_types
    cross join windows_answered
    left join series
        on
            territories.territory_level_code = series.territory_level_code
            and territories.territory_code = series.territory_code
            and client_types.client_type_code = series.client_type_code
    left join spans
        on
            series.series_code = spans.series_code
            and windows_answered.window_code = spans.window_code
    where
        series.series_code is not null
        or territories.territory_level_code = 'region'

)

select * from asked
