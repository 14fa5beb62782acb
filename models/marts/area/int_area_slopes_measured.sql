-- Slopes that something measured: meters (Enedis's thermosensitivity) by commune and EPCI, the yearly panel by
-- département.
{%- set levels = [
    ('commune', 'coalesce(successors.commune_code, ' ~ commune_of_arrondissement('published.commune_code') ~ ')', 'stg_enedis__annual_commune_thermosensitivities'),
    ('epci', 'published.epci_code', 'stg_enedis__annual_epci_thermosensitivities'),
] %}
with

panel as (select * from {{ ref('int_departement_panel_slopes_fitted') }}),

successors as (select * from {{ ref('int_commune_successors_resolved') }}),

{% for level, code, model in levels -%}
{{ level }}_years as (

    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        calendar_year,
        -- 1 kWh/DJU is 1/24 kW/°C.
        sum(thermosensitivity_kwh_per_dju) / 24 * 1000 as heating_slope_w_per_c,
        sum(delivery_points_count) as delivery_points_count
    from {{ ref(model) }} as published
    -- What was measured of communes that have merged since counts for the one they are.
    left join successors on published.{{ level }}_code = successors.former_commune_code
    where consumption_category_code = 'RES' and sector_code = 'RESIDENTIEL'
    group by all
    -- A city of which an arrondissement is missing is not measured.
    having count(*) = count(thermosensitivity_kwh_per_dju) and sum(thermosensitivity_kwh_per_dju) > 0

),

{% endfor -%}
years as (

    {% for level, code, model in levels -%}
    select * from {{ level }}_years
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

per_site as (

    select
        *,
        ln(heating_slope_w_per_c / delivery_points_count) as log_slope_per_site,
        count(*) over by_area as years_count,
        avg(delivery_points_count) over by_area as delivery_points_mean_count
    from years
    where delivery_points_count > 0
    window by_area as (partition by territory_level_code, territory_code)

),

classed as (

    select
        *,
        log_slope_per_site - avg(log_slope_per_site) over (partition by territory_level_code, territory_code)
            as log_deviation,
        -- Areas of like size have like errors.
        ntile(10) over (
            partition by territory_level_code order by delivery_points_mean_count, territory_code, calendar_year
        ) as size_class
    from per_site

),

spreads as (

    -- How much the years of one area differ, from areas of its size: the error of its meters and of the year.
    select
        territory_level_code,
        size_class,
        sum(pow(log_deviation, 2)) / nullif(sum(1 - 1 / years_count), 0) as log_variance_of_a_year
    from classed
    group by all

),

metered as (

    select
        classed.territory_level_code,
        classed.territory_code,
        'meters' as measurement_source_code,
        min(classed.calendar_year) as first_year,
        max(classed.calendar_year) as last_year,
        count(*) as years_count,
        arg_max(classed.delivery_points_count, classed.calendar_year) as delivery_points_count,
        exp(avg(classed.log_slope_per_site)) * arg_max(classed.delivery_points_count, classed.calendar_year)
            as heating_slope_w_per_c,
        avg(spreads.log_variance_of_a_year) / count(*) as own_log_variance
    from classed
    inner join spreads
        on
            classed.territory_level_code = spreads.territory_level_code
            and classed.size_class = spreads.size_class
    group by all

),

final as (

    select
        territory_level_code,
        territory_code,
        measurement_source_code,
        first_year,
        last_year,
        years_count,
        delivery_points_count,
        heating_slope_w_per_c,
        heating_slope_w_per_c * sqrt(own_log_variance) as heating_slope_w_per_c_se,
        own_log_variance,
        1.959964 as interval_quantile
    from metered
    union all by name
    select
        'departement' as territory_level_code,
        departement_code as territory_code,
        'yearly_panel' as measurement_source_code,
        first_year,
        last_year,
        years_count,
        delivery_points_count,
        heating_slope_w_per_c,
        heating_slope_w_per_c_se,
        pow(heating_slope_own_w_per_c_se / heating_slope_w_per_c, 2) as own_log_variance,
        quantile_975 as interval_quantile
    from panel
    -- Colder years that consume less say nothing of a share; counted in area_sensitivity.
    where heating_slope_w_per_c > 0

)

select * from final
