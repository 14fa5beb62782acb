with

source as (select * from {{ source('own', 'coming_temperatures') }}),

renamed as (

    select
        code_insee_region as region_code,
        date as date_day,
        tmoy as temperature_mean_c,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
