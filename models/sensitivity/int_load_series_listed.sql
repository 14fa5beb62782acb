with

regions as (

    select * from {{ ref('dim_regions') }}
    where is_load_published

),

territories as (

    select
        'region' as territory_level_code,
        region_code as territory_code
    from regions
    union all
    select
        'country' as territory_level_code,
        'FR' as territory_code

),

-- All clients of RTE's half-hours, and the categories of Enedis's.
client_types as (

    select client_type_code from {{ ref('dim_client_types') }}
    where client_type_code in ('all', 'enedis_residential', 'enedis_professional', 'enedis_enterprise')

),

other_temperatures (temperature_code) as (

    values ('raw'), ('smoothed_longer')

),

-- Besides the mean of the day, each hour of it; and the day once more with other temperatures, to see what they change.
-- The types of clients are fitted by day alone.
variants as (

    select
        'daily' as variant_code,
        cast(null as integer) as hour_of_day,
        'smoothed' as temperature_code
    union all
    select
        'daily_' || temperature_code as variant_code,
        cast(null as integer) as hour_of_day,
        temperature_code
    from other_temperatures
    union all
    select
        'hour_' || lpad(cast(hour_of_day as varchar), 2, '0') as variant_code,
        cast(hour_of_day as integer) as hour_of_day,
        'smoothed' as temperature_code
    from (select unnest(range(0, 24)) as hour_of_day) as hours

),

listed as (

    select
        territories.territory_code || '|' || client_types.client_type_code || '|' || variants.variant_code
            as series_code,
        territories.territory_level_code,
        territories.territory_code,
        client_types.client_type_code,
        variants.variant_code,
        variants.hour_of_day,
        variants.temperature_code,
        -- The sum that the series is a part of.
        'FR|' || client_types.client_type_code || '|' || variants.variant_code as country_series_code
    from territories
    cross join client_types
    inner join variants
        on
            variants.variant_code = 'daily'
            or client_types.client_type_code = 'all'

)

select * from listed
