-- The homes that a slope is shared out by: of communes from the census, else of départements as Enedis repeats them.
with

housing as (select * from {{ ref('fct_commune_housing') }}),

communes as (select * from {{ ref('dim_communes') }}),

departements as (select * from {{ ref('dim_departements') }}),

consumptions as (select * from {{ ref('stg_enedis__annual_departement_consumptions') }}),

successors as (select * from {{ ref('int_commune_successors_resolved') }}),

newest_censuses as (

    select
        coalesce(successors.commune_code, housing.commune_code) as current_commune_code,
        housing.*
    from housing
    left join successors on housing.commune_code = successors.former_commune_code
    qualify housing.census_year = max(housing.census_year) over (partition by current_commune_code)

),

-- A census of before a merger counts the communes that merged.
censuses as (

    select
        current_commune_code as commune_code,
        bool_or(is_simulated) as is_simulated,
        {%- for name in [
            'dwellings_count', 'main_dwellings_count', 'main_flat_dwellings_count',
            'electrically_heated_main_dwellings_count', 'electrically_heated_main_flat_dwellings_count'
        ] + assumed_floor_areas('census') | map('first') | list %}
        sum({{ name }}) as {{ name }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from newest_censuses
    group by current_commune_code

),

commune_stocks as (

    select
        'commune' as territory_level_code,
        communes.commune_code as territory_code,
        departements.departement_code,
        departements.region_code,
        communes.epci_code,
        'census' as stock_source_code,
        censuses.dwellings_count,
        censuses.main_dwellings_count,
        censuses.electrically_heated_main_dwellings_count,
        -- Without the split by type, electric homes are flats as often as others.
        coalesce(
            censuses.electrically_heated_main_flat_dwellings_count
            / nullif(censuses.electrically_heated_main_dwellings_count, 0),
            censuses.main_flat_dwellings_count / nullif(censuses.main_dwellings_count, 0),
            0
        ) as flats_share,
        (
            {%- for name, area in assumed_floor_areas('census') %}
            {{ area }} * censuses.{{ name }} {{ '+' if not loop.last }}
            {%- endfor %}
        ) / nullif(
            {%- for name, _ in assumed_floor_areas('census') %}
            censuses.{{ name }} {{ '+' if not loop.last }}
            {%- endfor %}, 0
        ) as floor_area_mean_m2,
        coalesce(censuses.is_simulated, false) as is_simulated
    from censuses
    inner join communes on censuses.commune_code = communes.commune_code
    inner join departements on communes.departement_code = departements.departement_code
    where censuses.main_dwellings_count > 0

),

departement_stocks as (

    select
        'departement' as territory_level_code,
        consumptions.departement_code as territory_code,
        consumptions.departement_code,
        departements.region_code,
        cast(null as varchar) as epci_code,
        'enedis' as stock_source_code,
        consumptions.residential_delivery_points_count as dwellings_count,
        consumptions.residential_delivery_points_count * consumptions.main_residences_pct / 100 as main_dwellings_count,
        consumptions.residential_delivery_points_count * consumptions.main_residences_pct / 100
        * consumptions.electric_heating_pct / 100 as electrically_heated_main_dwellings_count,
        consumptions.flats_pct / 100 as flats_share,
        (
            {%- for name, area in assumed_floor_areas('enedis') %}
            {{ area }} * consumptions.{{ name }} {{ '+' if not loop.last }}
            {%- endfor %}
        ) / nullif(
            {%- for name, _ in assumed_floor_areas('enedis') %}
            consumptions.{{ name }} {{ '+' if not loop.last }}
            {%- endfor %}, 0
        ) as floor_area_mean_m2,
        consumptions._is_simulated as is_simulated
    from consumptions
    inner join departements on consumptions.departement_code = departements.departement_code
    where consumptions.electric_heating_pct is not null and consumptions.main_residences_pct is not null
    qualify
        consumptions.calendar_year = max(consumptions.calendar_year) over (partition by consumptions.departement_code)

),

united as (

    select * from commune_stocks
    union all
    select * from departement_stocks

),

completed as (

    select
        *,
        -- Where a census has no floor areas: those of the homes around.
        coalesce(
            floor_area_mean_m2,
            avg(floor_area_mean_m2) over (partition by territory_level_code, departement_code),
            avg(floor_area_mean_m2) over (partition by territory_level_code, region_code),
            avg(floor_area_mean_m2) over (partition by territory_level_code),
            90
        ) as floor_area_used_m2,
        -- A region's slope is shared out to communes where their homes are known, else to départements.
        territory_level_code = 'commune'
        or not bool_or(territory_level_code = 'commune') over (partition by region_code) as is_base
    from united

),

final as (

    select
        *,
        electrically_heated_main_dwellings_count * floor_area_used_m2 * (1 - flats_share) as electric_house_area_m2,
        electrically_heated_main_dwellings_count * floor_area_used_m2 * flats_share as electric_flat_area_m2
    from completed

)

select * from final
