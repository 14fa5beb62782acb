with

source as (select * from {{ source('insee', 'populations_legales_communes') }}),

renamed as (

    select
        com as commune_code,
        commune as commune_label_fr,
        {{ two_characters('dep') }} as departement_code,
        reg as region_code,
        -- Paris, Lyon and Marseille are listed as their 45 arrondissements.
        {{ is_municipal_arrondissement('com') }} as is_municipal_arrondissement,
        annee as population_year,
        -- PMUN counts everyone once; PTOT also those counted apart, some people twice.
        pmun as population_count,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
