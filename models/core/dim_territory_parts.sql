-- The share of a territory that each of its parts is: by population, or by number where populations are missing.
with

regions as (select * from {{ ref('dim_regions') }}),

departements as (select * from {{ ref('dim_departements') }}),

communes as (select * from {{ ref('dim_communes') }}),

territories as (select * from {{ ref('dim_territories') }}),

links as (

    select
        'commune' as child_level_code,
        communes.commune_code as child_code,
        'departement' as parent_level_code,
        communes.departement_code as parent_code,
        communes.population_count,
        departements.communes_count as known_parts_count,
        false as is_required
    from communes
    inner join departements on communes.departement_code = departements.departement_code
    union all by name
    select
        'commune' as child_level_code,
        commune_code as child_code,
        'epci' as parent_level_code,
        epci_code as parent_code,
        population_count,
        false as is_required
    from communes
    where epci_code is not null
    union all by name
    select
        'departement' as child_level_code,
        departement_code as child_code,
        'region' as parent_level_code,
        region_code as parent_code,
        population_count,
        false as is_required
    from departements
    union all by name
    select
        'region' as child_level_code,
        region_code as child_code,
        'country' as parent_level_code,
        'FR' as parent_code,
        population_count,
        -- France without Corse or overseas is nearly France; without a region of the mainland it is no total.
        is_load_published as is_required
    from regions

),

summed as (

    select
        links.*,
        territories.population_count as parent_population_count,
        sum(links.population_count) over by_parent as parts_population_count,
        coalesce(links.known_parts_count, count(*) over by_parent) as parts_count
    from links
    left join territories
        on
            links.parent_level_code = territories.territory_level_code
            and links.parent_code = territories.territory_code
    window by_parent as (partition by links.parent_level_code, links.parent_code)

),

final as (

    select
        child_level_code,
        child_code,
        parent_level_code,
        parent_code,
        is_required,
        cast(case
            when {{ is_whole('parts_population_count / parent_population_count') }}
                then coalesce(population_count, 0) / greatest(parent_population_count, parts_population_count)
            else 1.0 / parts_count
        end as double) as weight_share
    from summed

)

select * from final
