with

source as (select * from {{ source('insee', 'populations_legales_regions') }}),

renamed as (

    select
        reg as region_code,
        region as region_label_fr,
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
