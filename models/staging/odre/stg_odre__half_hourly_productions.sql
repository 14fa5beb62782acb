-- Rates of charge and coverage (TCH, TCO) stay behind: they follow from these columns and the installed power.
{%- set measures = [
    ('thermique', 'thermal_production_mw'),
    ('nucleaire', 'nuclear_production_mw'),
    ('eolien', 'wind_production_mw'),
    ('solaire', 'solar_production_mw'),
    ('hydraulique', 'hydro_production_mw'),
    ('pompage', 'pumping_mw'),
    ('bioenergies', 'bioenergy_production_mw'),
    ('ech_physiques', 'physical_exchange_mw'),
    ('stockage_batterie', 'battery_charge_mw'),
    ('destockage_batterie', 'battery_discharge_mw'),
    ('eolien_terrestre', 'onshore_wind_production_mw'),
    ('eolien_offshore', 'offshore_wind_production_mw'),
] %}

with

source as (select * from {{ source('odre', 'eco2mix_regional_cons_def') }}),

renamed as (

    select
        code_insee_region as region_code,
        date_heure as period_start_at_utc,
        {{ paris_local_timestamp('date_heure') }} as period_start_at_local,
        date as published_date_text,
        heure as published_local_time,
        nature as production_status_label_fr,
        consommation as load_published_mw,
        -- Landed as numbers. Files of earlier versions hold the portal's text, `ND` and `-` for no value among it.
        {%- for published, name in measures %}
        try_cast({{ published }} as double) as {{ name }},
        {%- endfor %}
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

flagged as (

    select
        region_code,
        period_start_at_utc,
        period_start_at_local,
        cast(period_start_at_local as date) as date_day,
        published_date_text,
        published_local_time,
        production_status_label_fr,
        load_published_mw,
        {%- for published, name in measures %}
        {{ name }},
        {%- endfor %}
        -- In spring the publisher writes 02:00 and 02:30, which do not exist, on the instants of 03:00 and 03:30.
        published_local_time <> {{ clock_time('period_start_at_local') }} as is_phantom_hour,
        coalesce(
            {%- for published, name in measures %}
            {{ name }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) is null as is_value_missing,
        coalesce(published_date_text <> cast(cast(period_start_at_local as date) as varchar), false)
            as is_published_date_different,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from renamed

)

select * from flagged
