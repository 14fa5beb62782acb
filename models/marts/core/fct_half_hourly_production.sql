with

productions as (

    select * from {{ ref('stg_odre__half_hourly_productions') }}

),

final as (

    select
        region_code,
        period_start_at_utc,
        date_day,
        thermal_production_mw,
        nuclear_production_mw,
        wind_production_mw,
        solar_production_mw,
        hydro_production_mw,
        bioenergy_production_mw,
        -- Nuclear is `ND` where a region has none; the other kinds are published everywhere.
        thermal_production_mw + coalesce(nuclear_production_mw, 0) + wind_production_mw + solar_production_mw
        + hydro_production_mw + bioenergy_production_mw as production_mw,
        pumping_mw,
        physical_exchange_mw,
        load_published_mw,
        production_status_label_fr,
        _is_simulated as is_simulated
    from productions
    -- These rows stand on an instant that another row holds, or say nothing; data_quality counts them.
    where not is_phantom_hour and not is_value_missing

)

select * from final
