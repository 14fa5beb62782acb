with

regions as (select * from {{ ref('regions') }}),

published_populations as (select * from {{ ref('stg_insee__region_populations') }}),

-- A lake may hold several years: the newest counts.
populations as (

    select
        region_code,
        max(population_year) as population_year,
        arg_max(population_count, coalesce(population_year, 0)) as population_count
    from published_populations
    group by region_code

),

final as (

    select
        cast(regions.region_code as varchar) as region_code,
        cast(regions.region_label_fr as varchar) as region_label_fr,
        cast(regions.school_zone_code as varchar) as school_zone_code,
        cast(regions.is_load_published as boolean) as is_load_published,
        populations.population_count,
        populations.population_year
    from regions
    left join populations on regions.region_code = populations.region_code

)

select * from final
