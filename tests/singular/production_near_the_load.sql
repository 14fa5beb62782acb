-- Detects a wrong factor, a kind of production lost and half-hours out of step: éCO2mix gives the load of the same
-- half-hours to 1 % of the other file's, and where all twelve regions are there, a year of France makes 0.8 to 1.4
-- times what it uses. A row is a region or France and a year outside.
with

half_hours as (

    select * from {{ ref('fct_half_hourly_load') }}
    where load_mw is not null

),

productions as (select * from {{ ref('fct_half_hourly_production') }}),

regions as (

    select * from {{ ref('dim_regions') }}
    where is_load_published

),

paired as (

    select
        half_hours.region_code,
        year(half_hours.date_day) as calendar_year,
        avg(abs(half_hours.load_mw - productions.load_published_mw)) / avg(half_hours.load_mw) as difference_share
    from half_hours
    inner join productions
        on
            half_hours.region_code = productions.region_code
            and half_hours.period_start_at_utc = productions.period_start_at_utc
    where productions.load_published_mw is not null
    group by all

),

yearly as (

    select
        year(date_day) as calendar_year,
        count(distinct region_code) as regions_count,
        count(*) as half_hours_count,
        sum(production_mw) / sum(load_published_mw) as production_share
    from productions
    where production_mw is not null and load_published_mw is not null
    group by all

),

off as (

    select
        region_code,
        calendar_year,
        difference_share as found
    from paired
    where difference_share > 0.01
    union all
    select
        'FR' as region_code,
        calendar_year,
        production_share as found
    from yearly
    where
        regions_count = (select count(*) from regions)
        and half_hours_count > 12 * 17000
        and not production_share between 0.8 and 1.4

)

select * from off
