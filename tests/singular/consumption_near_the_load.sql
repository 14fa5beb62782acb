-- Detects kWh called MWh, gas added, operators not summed and totals counted beside their details: what is delivered
-- to clients is most of the load, less losses and customers outside the source. In real files 0.89 to 0.91 of the
-- load of the twelve regions together (2013-2021), 0.80 to 1.12 of one region's. Enedis's categories are less: local
-- grids and the transmission grid are not theirs. A row is a territory and a period outside.
with

figures as (

    select * from {{ ref('consumption_by_client_type') }}
    where client_type_code in ('all', 'enedis_all')

),

published_loads as (select * from {{ ref('stg_odre__annual_consumptions') }}),

regions as (

    select * from {{ ref('dim_regions') }}
    where is_load_published

),

-- The published yearly load reaches years without half-hours.
yearly as (

    select
        figures.territory_code,
        figures.period_year,
        figures.energy_mwh,
        published_loads.energy_published_mwh
    from figures
    inner join regions on figures.territory_code = regions.region_code
    inner join published_loads
        on
            figures.territory_code = published_loads.region_code
            and figures.period_year = published_loads.calendar_year
    where
        figures.territory_level_code = 'region'
        and figures.period_kind_code = 'year'
        and published_loads.energy_published_mwh > 0

),

off as (

    select
        territory_code,
        period_year,
        'year' as period_of_year_code,
        energy_mwh / energy_published_mwh as found_share
    from yearly
    where not energy_mwh / energy_published_mwh between 0.75 and 1.18
    union all
    select
        'FR' as territory_code,
        period_year,
        'year' as period_of_year_code,
        sum(energy_mwh) / sum(energy_published_mwh) as found_share
    from yearly
    group by period_year
    having
        count(energy_mwh) = (select count(*) from regions)
        and not sum(energy_mwh) / sum(energy_published_mwh) between 0.86 and 0.96
    union all
    select
        territory_code,
        period_year,
        period_of_year_code,
        energy_share_of_load as found_share
    from figures
    where
        period_kind_code = 'month'
        and not energy_share_of_load between 0.6 and 0.95

)

select * from off
