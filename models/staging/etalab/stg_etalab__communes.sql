with

source as (select * from {{ source('decoupage', 'communes') }}),

renamed as (

    select
        code as commune_code,
        nom as commune_label_fr,
        type as commune_kind_code,
        departement as departement_code,
        cheflieu as head_commune_code,
        from_json(ancienscodes, '["VARCHAR"]') as former_commune_codes,
        annee as territory_year,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
