with

half_hours as (select * from {{ ref('fct_half_hourly_load') }}),

daily_loads as (select * from {{ ref('fct_daily_load') }}),

temperatures as (select * from {{ ref('fct_daily_temperature') }}),

regions_published as (

    select count(*) as regions_count
    from {{ ref('dim_regions') }}
    where is_load_published

),

country_half_hours as (

    select
        half_hours.period_start_at_utc,
        half_hours.date_day,
        sum(half_hours.load_mw) as load_mw
    from half_hours
    cross join regions_published
    group by half_hours.period_start_at_utc, half_hours.date_day
    having {{ sum_of_all('half_hours.load_mw', 'max(regions_published.regions_count)') }} is not null

),

territory_half_hours as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        date_day,
        period_start_at_utc,
        load_mw
    from half_hours
    union all by name
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        *
    from country_half_hours

),

peaks as (

    select
        territory_code,
        date_day,
        load_mw as load_peak_mw,
        period_start_at_utc as load_peak_at_utc
    from territory_half_hours
    where load_mw is not null
    -- Of equal peaks the first, so that builds are deterministic.
    qualify row_number() over (partition by territory_code, date_day order by load_mw desc, period_start_at_utc asc) = 1

),

regional as (

    select
        'region' as territory_level_code,
        daily_loads.region_code as territory_code,
        daily_loads.date_day,
        daily_loads.load_mean_mw,
        daily_loads.energy_observed_mwh,
        daily_loads.load_completed_mean_mw,
        daily_loads.energy_filled_mwh,
        temperatures.temperature_mean_c
    from daily_loads
    left join temperatures
        on
            daily_loads.region_code = temperatures.region_code
            and daily_loads.date_day = temperatures.date_day

),

country as (

    select
        'country' as territory_level_code,
        'FR' as territory_code,
        regional.date_day,
        {{ sum_of_all('regional.load_mean_mw', 'max(regions_published.regions_count)') }} as load_mean_mw,
        sum(regional.energy_observed_mwh) as energy_observed_mwh,
        {{ sum_of_all('regional.load_completed_mean_mw', 'max(regions_published.regions_count)') }}
            as load_completed_mean_mw,
        sum(regional.energy_filled_mwh) as energy_filled_mwh,
        -- Weighted by load: the temperature that consumption feels.
        case
            when count(regional.temperature_mean_c) = count(*)
                then
                    sum(regional.temperature_mean_c * regional.load_mean_mw)
                    / nullif(sum(case when regional.temperature_mean_c is not null then regional.load_mean_mw end), 0)
        end as temperature_mean_c
    from regional
    cross join regions_published
    group by regional.date_day

),

territory_days as (

    select * from regional
    union all
    select * from country

),

united as (

    select
        territory_days.*,
        peaks.load_peak_mw,
        peaks.load_peak_at_utc
    from territory_days
    left join peaks
        on
            territory_days.territory_code = peaks.territory_code
            and territory_days.date_day = peaks.date_day

)

select * from united
