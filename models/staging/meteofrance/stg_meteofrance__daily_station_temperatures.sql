-- Landed as numbers. Files of earlier versions hold the published text, `mq` (manquant) for no value among it.
{%- set measures = [
    ('tn', 'temperature_min_c'),
    ('tx', 'temperature_max_c'),
    ('tm', 'temperature_mean_c'),
] %}

with

source as (select * from {{ source('meteofrance', 'donnees_climatologiques_quotidiennes') }}),

renamed as (

    select
        num_poste as station_code,
        trim(nom_usuel) as station_label_fr,
        -- Météo-France numbers the stations of Corse 20.
        case left(num_poste, 2)
            when '97' then left(num_poste, 3)
            when '98' then left(num_poste, 3)
            else left(num_poste, 2)
        end as station_departement_code,
        lat as latitude_deg,
        lon as longitude_deg,
        alti as altitude_m,
        aaaammjj as date_day,
        {%- for published, name in measures %}
        try_cast({{ published }} as double) as {{ name }},
        q{{ published }} as {{ name | replace('_c', '') }}_quality_code,
        {%- endfor %}
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
