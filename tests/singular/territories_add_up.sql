-- Detects a lost zero of a code, a lost territory or one counted twice: every parent exists, one level up, and
-- populations of communes, départements and regions add up to France's wherever a level is held whole. A row is a
-- territory without its parent, or a level that does not add up.
with

territories as (select * from {{ ref('dim_territories') }}),

regions as (select * from {{ ref('stg_insee__region_populations') }}),

without_parent as (

    select
        territories.territory_level_code,
        territories.territory_code,
        cast(null as hugeint) as found_count,
        cast(null as hugeint) as expected_count
    from territories
    left join territories as parents
        on
            territories.parent_level_code = parents.territory_level_code
            and territories.parent_code = parents.territory_code
    where territories.territory_level_code <> 'country' and parents.territory_code is null

),

levels as (

    select
        territory_level_code,
        sum(population_count) as population_count
    from territories
    where territory_level_code in ('region', 'departement', 'commune')
    group by territory_level_code

),

published_years as (

    select
        coalesce(population_year, 0) as population_year,
        sum(population_count) as population_count
    from regions
    group by all

),

published as (

    select arg_max(population_count, population_year) as population_count
    from published_years

),

off as (

    select * from without_parent
    union all
    select
        levels.territory_level_code,
        'all' as territory_code,
        levels.population_count as found_count,
        published.population_count as expected_count
    from levels
    cross join published
    where levels.population_count <> published.population_count

)

select * from off
