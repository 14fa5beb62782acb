-- Rows of regions that are none, which nothing else reads: a wrong code, or a territory that the seed lacks. Facts of
-- other regional sources refuse such rows.
with

temperatures as (select * from {{ ref('stg_odre__daily_temperatures') }}),

annual_consumptions as (select * from {{ ref('stg_odre__annual_consumptions') }}),

region_populations as (select * from {{ ref('stg_insee__region_populations') }}),

regions as (select * from {{ ref('dim_regions') }}),

read as (

    select
        'temperature-quotidienne-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year
    from temperatures
    union all
    select
        'consommation-annuelle-brute-regionale' as dataset_code,
        region_code,
        calendar_year
    from annual_consumptions
    union all
    select
        'populations-legales-regions' as dataset_code,
        region_code,
        coalesce(population_year, year(_vintage_at)) as calendar_year
    from region_populations

),

counted as (

    select
        'country' as territory_level_code,
        'FR' as territory_code,
        read.dataset_code,
        read.calendar_year,
        'territory_unknown' as quality_reason_code,
        count(*) as affected_count
    from read
    left join regions on read.region_code = regions.region_code
    where regions.region_code is null
    group by all

)

select * from counted
