-- Detects a slope lost or doubled on the way down: each row is a level and kind of estimate whose areas do not add up
-- to the regions' slopes, to a billionth. EPCI may lie in two regions, and some communes in none: they are held
-- against their communes.
with

slopes as (select * from {{ ref('area_sensitivity') }}),

communes as (select * from {{ ref('dim_communes') }}),

regions as (

    select
        territory_code as region_code,
        heating_slope_mw_per_c
    from slopes
    where territory_level_code = 'region' and heating_slope_mw_per_c is not null

),

areas as (

    select
        territory_level_code,
        estimate_code,
        case when territory_level_code = 'epci' then 'all' else region_code end as region_code,
        sum(heating_slope_mw_per_c) as heating_slope_mw_per_c
    from slopes
    where
        territory_level_code <> 'region'
        and estimate_code in ('allocated', 'shrunk')
        and heating_slope_mw_per_c is not null
    group by all

),

wholes as (

    select
        region_code,
        heating_slope_mw_per_c
    from regions
    union all
    select
        'all' as region_code,
        sum(slopes.heating_slope_mw_per_c) as heating_slope_mw_per_c
    from slopes
    inner join communes on slopes.territory_code = communes.commune_code
    where
        slopes.territory_level_code = 'commune'
        and slopes.estimate_code = 'allocated'
        and communes.epci_code is not null

)

select
    areas.*,
    wholes.heating_slope_mw_per_c as region_slope_mw_per_c
from areas
left join wholes on areas.region_code = wholes.region_code
where
    wholes.heating_slope_mw_per_c is null
    or abs(areas.heating_slope_mw_per_c / wholes.heating_slope_mw_per_c - 1) > 1e-9
