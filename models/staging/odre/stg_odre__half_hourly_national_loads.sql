{%- set measures = [
    ('nucleaire', 'nuclear_production_mw'),
    ('eolien', 'wind_production_mw'),
    ('solaire', 'solar_production_mw'),
    ('hydraulique', 'hydro_production_mw'),
    ('pompage', 'pumping_mw'),
    ('bioenergies', 'bioenergy_production_mw'),
    ('charbon', 'coal_production_mw'),
    ('fioul', 'oil_production_mw'),
    ('gaz', 'gas_production_mw'),
    ('taux_co2', 'co2_intensity_published_g_per_kwh'),
] %}
with

source as (select * from {{ source('odre', 'eco2mix_national_cons_def') }}),

renamed as (

    select
        date_heure as period_start_at_utc,
        cast({{ paris_local_timestamp('date_heure') }} as date) as date_day,
        heure as published_local_time,
        consommation as load_published_mw,
        prevision_j1 as load_forecast_day_before_mw,
        prevision_j as load_forecast_same_day_mw,
        {%- for published, name in measures %}
        {{ published }} as {{ name }},
        {%- endfor %}
        -- In spring the publisher writes 02:00 and 02:30, which do not exist, on the instants of 03:00 and 03:30.
        heure <> {{ clock_time(paris_local_timestamp('date_heure')) }} as is_phantom_hour,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
