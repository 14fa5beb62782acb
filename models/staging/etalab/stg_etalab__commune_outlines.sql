with

source as (select * from {{ source('etalab', 'commune_outlines') }}),

renamed as (

    select
        code as commune_code,
        nom as commune_label_fr,
        {{ two_characters('departement') }} as departement_code,
        annee as territory_year,
        geometry as outline_geojson,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
