with

departements as (select * from {{ ref('departements') }}),

published_populations as (select * from {{ ref('stg_insee__departement_populations') }}),

-- A lake may hold several years: the newest counts.
populations as (

    select
        departement_code,
        max(population_year) as population_year,
        arg_max(population_count, coalesce(population_year, 0)) as population_count
    from published_populations
    group by departement_code

),

final as (

    select
        cast(departements.departement_code as varchar) as departement_code,
        cast(departements.departement_label_fr as varchar) as departement_label_fr,
        cast(departements.region_code as varchar) as region_code,
        populations.population_count,
        populations.population_year,
        cast(departements.communes_count as integer) as communes_count
    from departements
    left join populations on departements.departement_code = populations.departement_code

)

select * from final
