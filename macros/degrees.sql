{% macro heating_degrees(temperature, balance_point) -%}
    greatest({{ balance_point }} - {{ temperature }}, 0)
{%- endmacro %}

{% macro cooling_degrees(temperature, balance_point) -%}
    greatest({{ temperature }} - {{ balance_point }}, 0)
{%- endmacro %}


{# The temperature that buildings answer to: that of the day, half that of the day before, a quarter of that before. #}
{% macro smoothed_temperature(temperature, days) -%}
    (
        {{ temperature }}
        + 0.5 * lag({{ temperature }}, 1) over {{ days }}
        + 0.25 * lag({{ temperature }}, 2) over {{ days }}
    ) / 1.75
{%- endmacro %}


{# CTEs that end in `brought_to_published`: the temperature of regions from that of stations (`station_days`). Where
   ODRÉ speaks of the same days, first each station is brought to its level, so that a station that misses a day does not move
   the mean, then the mean to its scale. #}
{% macro brought_to_published() -%}
published as (

    select
        region_code,
        date_day,
        temperature_mean_c as published_mean_c
    from {{ ref('stg_odre__daily_temperatures') }}

),

compared as (

    select
        station_days.*,
        published.published_mean_c
    from station_days
    left join published using (region_code, date_day)

),

station_levels as (

    select
        region_code,
        station_code,
        avg(temperature_mean_c - published_mean_c) as level_c
    from compared
    group by region_code, station_code
    -- A year in common. Overseas, where ODRÉ never speaks, stations stay as they are.
    having
        count(published_mean_c) >= 365
        or region_code not in (select region_code from published)

),

regional as (

    select
        region_code,
        compared.date_day,
        any_value(compared.published_mean_c) as published_mean_c,
        avg(compared.temperature_mean_c - coalesce(station_levels.level_c, 0)) as stations_mean_c
    from compared
    inner join station_levels using (region_code, station_code)
    group by region_code, compared.date_day

),

lines as (

    select
        region_code,
        regr_slope(published_mean_c, stations_mean_c) as slope,
        regr_intercept(published_mean_c, stations_mean_c) as intercept_c
    from regional
    group by region_code

),

brought_to_published as (

    select
        region_code,
        regional.date_day,
        -- Observed to a tenth of a degree; the order of summation must not affect the result.
        round(coalesce(lines.intercept_c + lines.slope * regional.stations_mean_c, regional.stations_mean_c), 6)
            as temperature_mean_c,
        case when lines.slope is null then 'stations_uncorrected' else 'stations' end as temperature_source_code
    from regional
    inner join lines using (region_code)

)
{%- endmacro %}
