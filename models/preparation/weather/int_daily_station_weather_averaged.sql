{#- (observation, mean of the day, count, fewest observations). Eight are due. Clouds have little of a daily cycle, and
    many stations do not observe them at night. -#}
{%- set measures = [
    ('temperature_observed_c', 'temperature_mean_c', 'temperature_observations_count', 6),
    ('wind_speed_m_s', 'wind_mean_m_s', 'wind_observations_count', 6),
    ('humidity_pct', 'humidity_mean_pct', 'humidity_observations_count', 6),
    ('cloud_cover_pct', 'cloud_cover_mean_pct', 'cloud_cover_observations_count', 4),
] -%}
with

observations as (select * from {{ ref('stg_meteofrance__synop_observations') }}),

stations as (select * from {{ ref('synop_stations') }}),

daily as (

    select
        observations.station_code,
        stations.departement_code,
        stations.region_code,
        cast({{ paris_local_timestamp('observations.observed_at_utc') }} as date) as date_day
        {%- for observed, mean, counted, fewest in measures %},
        case
            when count(observations.{{ observed }}) >= {{ fewest }} then avg(observations.{{ observed }})
        end as {{ mean }},
        count(observations.{{ observed }}) as {{ counted }}
        {%- endfor %}
    from observations
    inner join stations on observations.station_code = stations.station_code
    group by all

)

select * from daily
