with

source as (select * from {{ source('edf', 'hourly_island_loads') }}),

renamed as (

    select
        -- Named, not coded; La Réunion with its article or without.
        case replace(lower(strip_accents(territoire)), 'la ', '')
            when 'corse' then '94'
            when 'guadeloupe' then '01'
            when 'guyane' then '03'
            when 'martinique' then '02'
            when 'reunion' then '04'
        end as region_code,
        territoire as region_published_label_fr,
        date_heure as hour_start_at_utc,
        cast({{ paris_local_timestamp('date_heure') }} as date) as date_day,
        statut as load_status_label_fr,
        production_totale_mw as load_published_mw,
        importations_mw as import_published_mw,
        coalesce(production_totale_mw, 0) <= 0 as is_value_missing,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
