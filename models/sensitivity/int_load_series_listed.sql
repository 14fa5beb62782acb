with

regions as (select * from {{ ref('dim_regions') }}),

-- Corse, where the load that EDF publishes is held; overseas there is no heating, and another mart.
islands as (

    select distinct regions.region_code
    from {{ ref('int_daily_island_loads_averaged') }}
    inner join regions using (region_code)
    where regions.school_zone_code is not null

),

territories as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        is_load_published as is_in_country
    from regions
    where
        is_load_published
        or region_code in (select region_code from islands)
    union all
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        true as is_in_country
    union all
    -- France with Corse is another sum, of another level, so that nothing takes it for the one without.
    select distinct
        'country_with_corse' as territory_level_code,
        'FR13' as territory_code,
        false as is_in_country
    from islands

),

-- All clients of RTE's half-hours, and the categories of Enedis's.
client_types as (

    select client_type_code from {{ ref('dim_client_types') }}
    where client_type_code in ('all', 'enedis_residential', 'enedis_professional', 'enedis_enterprise')

),

-- Besides the mean of the day, each hour of it; the day once more with other temperatures, and without days that one
-- might doubt or that another would have left out, to see what they change. Types of clients are fitted by day.
variants as (

    select
        'daily' as variant_code,
        cast(null as integer) as hour_of_day,
        'smoothed' as temperature_code,
        cast(null as varchar) as left_out_days_code,
        true as is_of_every_client_type
    union all
    select
        'daily_' || temperature_code as variant_code,
        null as hour_of_day,
        temperature_code,
        null as left_out_days_code,
        false as is_of_every_client_type
    from (
        values
        {% for code in temperature_columns() if code != 'smoothed' -%}
        ('{{ code }}'){{ ',' if not loop.last }}
        {% endfor %}
    ) as other_temperatures (temperature_code) -- noqa: AL05
    union all
    select
        'daily_without_' || left_out_days_code as variant_code,
        null as hour_of_day,
        'smoothed' as temperature_code,
        left_out_days_code,
        is_of_every_client_type
    from (
        values
        ('incomplete', false),
        ('below_0_c', true),
        ('july_and_august', true),
        ('weekends_and_special_days', true)
    ) as left_out_days (left_out_days_code, is_of_every_client_type) -- noqa: AL05
    union all
    select
        'hour_' || lpad(cast(hour_of_day as varchar), 2, '0') as variant_code,
        cast(hour_of_day as integer) as hour_of_day,
        'smoothed' as temperature_code,
        null as left_out_days_code,
        false as is_of_every_client_type
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
        variants.variant_code = 'daily' as is_daily,
        variants.hour_of_day,
        variants.temperature_code,
        variants.left_out_days_code,
        -- The sum that the series is a part of.
        case
            when territories.is_in_country then 'FR|' || client_types.client_type_code || '|' || variants.variant_code
        end as country_series_code
    from territories
    cross join client_types
    inner join variants
        on
            client_types.client_type_code = 'all'
            or (variants.is_of_every_client_type and territories.is_in_country)

),

numbered as (

    select
        cast(row_number() over (order by series_code) as integer) as series_number,
        *
    from listed

)

select * from numbered
