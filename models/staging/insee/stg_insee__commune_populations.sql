with

source as (

    select * from {{ source('insee', 'populations_legales_communes') }}

),

renamed as (

    select
        com as commune_code,
        commune as commune_label_fr,
        case when length(dep) = 1 then '0' || dep else dep end as departement_code,
        reg as region_code,
        -- Paris, Lyon and Marseille stand as their 45 arrondissements.
        coalesce(
            com between '13201' and '13216' or com between '69381' and '69389' or com between '75101' and '75120',
            false
        ) as is_municipal_arrondissement,
        annee as population_year,
        -- PMUN counts everyone once; PTOT also those counted apart, some people twice.
        pmun as population_count,
        pcap as population_counted_apart_count,
        ptot as population_with_counted_apart_count,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
