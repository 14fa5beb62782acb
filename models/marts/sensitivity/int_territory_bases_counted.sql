with

regions as (

    select * from {{ ref('dim_regions') }}

),

departements as (

    select * from {{ ref('dim_departements') }}

),

communes as (

    select * from {{ ref('dim_communes') }}

),

housing as (

    select * from {{ ref('fct_commune_housing') }}

),

dwellings as (

    select
        departements.region_code,
        sum(communes.population_count) as population_counted_count,
        sum(housing.electrically_heated_main_dwellings_count) as electrically_heated_main_dwellings_count
    from housing
    inner join communes using (commune_code)
    inner join departements using (departement_code)
    where housing.electrically_heated_main_dwellings_count is not null
    group by departements.region_code

),

regional as (

    select
        'region' as territory_level_code,
        regions.region_code as territory_code,
        regions.is_load_published,
        regions.population_count,
        -- Communes whose dwellings are not held would be missing from the sum: no sum then.
        case
            when dwellings.population_counted_count >= 0.99 * regions.population_count
                then dwellings.electrically_heated_main_dwellings_count
        end as electrically_heated_main_dwellings_count
    from regions
    left join dwellings using (region_code)

),

-- France is the regions whose load is published; a sum that lacks one is no total.
country as (

    select
        'country' as territory_level_code,
        'FR' as territory_code,
        {% for measure in ['population_count', 'electrically_heated_main_dwellings_count'] -%}
        case when count(*) = count({{ measure }}) then sum({{ measure }}) end as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from regional
    where is_load_published

),

counted as (

    select * exclude (is_load_published) from regional
    union all
    select * from country

)

select * from counted
