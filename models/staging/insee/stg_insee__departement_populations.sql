with

source as (select * from {{ source('insee', 'populations_legales_departements') }}),

renamed as (

    select
        {{ two_characters('dep') }} as departement_code,
        departement as departement_label_fr,
        reg as region_code,
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
