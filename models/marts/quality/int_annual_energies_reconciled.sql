with

loads as (select * from {{ ref('fct_daily_load') }}),

published as (select * from {{ ref('stg_odre__annual_consumptions') }}),

dates as (select * from {{ ref('dim_dates') }}),

regions_published as (

    select count(*) as regions_count
    from {{ ref('dim_regions') }}
    where is_load_published

),

calendar_years as (

    select
        calendar_year,
        count(*) as days_in_period_count,
        sum(hours_in_local_day_count) as hours_in_period_count
    from dates
    group by calendar_year

),

annual as (

    select
        loads.region_code,
        calendar_years.calendar_year,
        sum(case when loads.is_counted then 1 else 0 end) as days_counted_count,
        calendar_years.days_in_period_count,
        avg(loads.load_mean_mw) as load_mean_mw,
        sum(loads.energy_observed_mwh) as energy_observed_mwh,
        {{ period_energy_mwh(
            'avg(loads.load_mean_mw)',
            'sum(case when loads.is_counted then 1 else 0 end)',
            'calendar_years.days_in_period_count',
            'calendar_years.hours_in_period_count',
        ) }} as energy_mwh
    from loads
    inner join calendar_years on year(loads.date_day) = calendar_years.calendar_year
    group by
        loads.region_code,
        calendar_years.calendar_year,
        calendar_years.days_in_period_count,
        calendar_years.hours_in_period_count

),

regional as (

    select
        'region' as territory_level_code,
        annual.region_code as territory_code,
        annual.calendar_year,
        annual.days_counted_count,
        annual.days_in_period_count,
        annual.energy_observed_mwh,
        annual.energy_mwh,
        published.energy_published_mwh
    from annual
    left join published
        on
            annual.region_code = published.region_code
            and annual.calendar_year = published.calendar_year

),

country as (

    select
        'country' as territory_level_code,
        'FR' as territory_code,
        calendar_year,
        min(days_counted_count) as days_counted_count,
        max(days_in_period_count) as days_in_period_count,
        sum(energy_observed_mwh) as energy_observed_mwh,
        {{ sum_of_all('energy_mwh', 'max(regions_published.regions_count)') }} as energy_mwh,
        {{ sum_of_all('energy_published_mwh', 'max(regions_published.regions_count)') }} as energy_published_mwh
    from regional
    cross join regions_published
    group by calendar_year

),

unioned as (

    select * from regional
    union all by name
    select * from country

)

select * from unioned
