with

source as (select * from {{ source('odre', 'temperature_quotidienne_regionale') }}),

renamed as (

    select
        code_insee_region as region_code,
        date as date_day,
        tmin as temperature_min_c,
        tmax as temperature_max_c,
        tmoy as temperature_mean_c,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
