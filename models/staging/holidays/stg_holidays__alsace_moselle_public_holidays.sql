with

source as (select * from {{ source('holidays', 'jours_feries_alsace_moselle') }}),

renamed as (

    select
        date as date_day,
        nom_jour_ferie as public_holiday_label_fr,
        -- The older form marks each day, the newer lists holidays only.
        coalesce(lower(est_jour_ferie) = 'true', true) as is_public_holiday,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
