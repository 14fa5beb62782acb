with

client_loads as (select * from {{ ref('fct_half_hourly_client_load') }}),

dates as (select * from {{ ref('dim_dates') }}),

regions_with_load as (

    select region_code
    from {{ ref('dim_regions') }}
    where is_load_published

),

months as (

    select
        calendar_year,
        calendar_month,
        sum(hours_in_local_day_count) as hours_in_period_count
    from dates
    group by calendar_year, calendar_month

),

category_months as (

    select
        region_code,
        cast(year(date_day) as integer) as calendar_year,
        cast(month(date_day) as integer) as calendar_month,
        client_type_code,
        count(load_mw) as half_hours_count,
        avg(load_mw) as load_mean_mw,
        sum(energy_mwh) as energy_observed_mwh,
        avg(delivery_points_count) as delivery_points_count,
        bool_or(is_simulated) as is_simulated
    from client_loads
    group by all

),

regional as (

    select
        category_months.region_code,
        category_months.calendar_year,
        category_months.calendar_month,
        category_months.client_type_code,
        category_months.half_hours_count / (2 * months.hours_in_period_count) as coverage_share,
        {{ period_energy_mwh(
            'category_months.load_mean_mw',
            'category_months.half_hours_count',
            '(2 * months.hours_in_period_count)',
            'months.hours_in_period_count',
        ) }} as energy_mwh,
        category_months.energy_observed_mwh,
        category_months.delivery_points_count,
        category_months.is_simulated
    from category_months
    inner join months
        on
            category_months.calendar_year = months.calendar_year
            and category_months.calendar_month = months.calendar_month

),

all_client_types as (

    select
        region_code,
        calendar_year,
        calendar_month,
        'enedis_all' as client_type_code,
        -- A category without data covers nothing.
        min(coverage_share) * count(*) / 3 as coverage_share,
        {{ sum_of_all('energy_mwh', 3) }} as energy_mwh,
        sum(energy_observed_mwh) as energy_observed_mwh,
        sum(delivery_points_count) as delivery_points_count,
        bool_or(is_simulated) as is_simulated
    from regional
    group by region_code, calendar_year, calendar_month

),

region_months as (

    select * from regional
    union all by name
    select * from all_client_types

),

by_region as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        * exclude (region_code)
    from region_months

),

country as (

    select
        'country' as territory_level_code,
        'FR' as territory_code,
        calendar_year,
        calendar_month,
        client_type_code,
        -- A region that is not held covers nothing.
        min(coverage_share) * count(*) / (select count(*) from regions_with_load) as coverage_share,
        {{ sum_of_all('energy_mwh', '(select count(*) from regions_with_load)') }} as energy_mwh,
        sum(energy_observed_mwh) as energy_observed_mwh,
        sum(delivery_points_count) as delivery_points_count,
        bool_or(is_simulated) as is_simulated
    from by_region
    where territory_code in (select region_code from regions_with_load)
    group by all

),

united as (

    select * from by_region
    union all by name
    select * from country

)

select * from united
