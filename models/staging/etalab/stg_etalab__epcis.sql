with

source as (select * from {{ source('decoupage', 'epcis') }}),

renamed as (

    select
        code as epci_code,
        nom as epci_label_fr,
        json_extract_string(membres, '$[*].code') as member_commune_codes,
        annee as territory_year,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
