with

source as (select * from {{ source('odre', 'consommation_annuelle_brute_regionale') }}),

renamed as (

    select
        code_insee_region as region_code,
        annee as calendar_year,
        consommation_brute_electricite_rte * 1000 as energy_published_mwh,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
