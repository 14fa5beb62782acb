with

source as (select * from {{ source('odre', 'injections_regionales_quotidiennes') }}),

renamed as (

    select
        code_insee_region as region_code,
        date as date_day,
        filiere as filiere_label_fr,
        -- A part of the key: the day's injection of a filière is the sum over its power bands.
        plage_de_puissance_injection as power_band_label_fr,
        nb_points_injection as injection_points_count,
        energie_journaliere_mwh as injection_mwh,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
