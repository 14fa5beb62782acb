{%- set measures = [
    ('t', 'temperature_published_k'),
    ('ff', 'wind_speed_m_s'),
    ('u', 'humidity_pct'),
    ('n', 'cloud_cover_pct'),
] %}

with

source as (select * from {{ source('meteofrance_synop', 'synop') }}),

typed as (

    select
        numer_sta as station_code,
        date as observed_at_utc,
        {%- for published, name in measures %}
        cast({{ published }} as double) as {{ name }},
        {%- endfor %}
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

renamed as (

    select
        station_code,
        observed_at_utc,
        temperature_published_k,
        -- Published to a hundredth: what subtracting adds in the last digits goes.
        round(temperature_published_k - 273.15, 2) as temperature_observed_c,
        wind_speed_m_s,
        humidity_pct,
        cloud_cover_pct,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from typed

)

select * from renamed
