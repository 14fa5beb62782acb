with

half_hours as (select * from {{ ref('int_half_hourly_loads_flagged') }}),

daily_loads as (select * from {{ ref('fct_daily_load') }}),

temperatures as (select * from {{ ref('fct_daily_temperature') }}),

excluded_half_hours as (

    select
        'consommation-quotidienne-brute-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        exclusion_code as quality_reason_code,
        count(*) as affected_count
    from half_hours
    where exclusion_code is not null
    group by all

),

repaired_dates as (

    select
        'consommation-quotidienne-brute-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        'published_date_different' as quality_reason_code,
        count(*) as affected_count
    from half_hours
    where is_published_date_different
    group by all

),

absent_half_hours as (

    select
        'consommation-quotidienne-brute-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        case
            when hours_in_local_day_count = 25 and half_hours_expected_count - half_hours_published_count = 2
                then 'autumn_hour_not_published'
            else 'half_hour_not_published'
        end as quality_reason_code,
        sum(half_hours_expected_count - half_hours_published_count) as affected_count
    from daily_loads
    where half_hours_published_count < half_hours_expected_count
    group by all

),

uncounted_days as (

    select
        'consommation-quotidienne-brute-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        'day_below_90_pct_valid' as quality_reason_code,
        count(*) as affected_count
    from daily_loads
    where not is_counted
    group by all

),

corrected_temperatures as (

    select
        case temperature_source_code
            when 'published' then 'temperature-quotidienne-regionale'
            else 'donnees-synop-essentielles-omm'
        end as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        case temperature_correction_code
            when 'interpolated' then 'temperature_interpolated'
            else 'temperature_missing'
        end as quality_reason_code,
        count(*) as affected_count
    from temperatures
    where temperature_correction_code is not null
    group by all
    union all
    select
        'donnees-synop-essentielles-omm' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        case temperature_source_code
            when 'stations' then 'temperature_from_stations'
            else 'temperature_from_stations_uncorrected'
        end as quality_reason_code,
        count(*) as affected_count
    from temperatures
    where
        temperature_source_code <> 'published'
        and temperature_mean_c is not null
    group by all

),

counted as (

    select * from excluded_half_hours
    union all
    select * from repaired_dates
    union all
    select * from absent_half_hours
    union all
    select * from uncounted_days
    union all
    select * from corrected_temperatures

),

placed as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        * exclude (region_code)
    from counted

)

select * from placed
