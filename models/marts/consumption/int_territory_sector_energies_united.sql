{%- set summed = [
    ('epci', 'commune', 'communes.epci_code'),
    ('departement', 'commune', 'communes.departement_code'),
    ('region', 'departement', 'departements.region_code'),
    ('country', 'region', "'FR'"),
] -%}
-- A level that is published for a year speaks for itself; one that is not is the sum of the level below.
with

published as (

    select
        *,
        1 as territories_count
    from {{ ref('fct_annual_consumption') }}

),

communes as (

    select * from {{ ref('dim_communes') }}

),

departements as (

    select * from {{ ref('dim_departements') }}

),

regions_with_load as (

    select region_code
    from {{ ref('dim_regions') }}
    where is_load_published

),

published_years as (

    select distinct
        territory_level_code,
        calendar_year
    from published

),

commune as (

    select * from published
    where territory_level_code = 'commune'

),

{% for level, below, code in summed -%}
{{ level }} as (

    select * from published
    where territory_level_code = '{{ level }}'
    union all by name
    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        {{ below }}.calendar_year,
        {{ below }}.client_type_code,
        any_value({{ below }}.dataset_code) as dataset_code,
        case
            when not bool_or(coalesce({{ below }}.consumption_correction_code = 'above_subscribed_power', false))
                then sum({{ below }}.energy_mwh)
        end as energy_mwh,
        case
            when bool_or({{ below }}.consumption_correction_code = 'above_subscribed_power')
                then 'above_subscribed_power'
            when count({{ below }}.energy_mwh) = 0 then max({{ below }}.consumption_correction_code)
        end as consumption_correction_code,
        sum({{ below }}.delivery_points_count) as delivery_points_count,
        sum({{ below }}.delivery_points_with_energy_count) as delivery_points_with_energy_count,
        sum({{ below }}.secret_meshes_count) as secret_meshes_count,
        sum({{ below }}.secret_rows_count) as secret_rows_count,
        sum({{ below }}.source_rows_count) as source_rows_count,
        count(*) as territories_count,
        bool_or({{ below }}.is_simulated) as is_simulated
    from {{ below }}
    {% if below == 'commune' -%}
    inner join communes on commune.territory_code = communes.commune_code and {{ code }} is not null
    {% elif below == 'departement' -%}
    inner join departements on departement.territory_code = departements.departement_code
    {% endif -%}
    anti join published_years
        on
            published_years.territory_level_code = '{{ level }}'
            and {{ below }}.calendar_year = published_years.calendar_year
    group by all
    {% if level == 'country' -%}
    -- A sum that lacks a region of the mainland is no total.
    having
        count(*) filter (region.territory_code in (select region_code from regions_with_load))
        = (select count(*) from regions_with_load)
    {%- endif %}

),

{% endfor -%}
united as (

    {% for level in ['country', 'region', 'departement', 'epci', 'commune'] -%}
    select * from {{ level }}
    {{ 'union all by name' if not loop.last }}
    {% endfor %}

),

all_clients as (

    select
        territory_level_code,
        territory_code,
        calendar_year,
        'all' as client_type_code,
        any_value(dataset_code) as dataset_code,
        case
            when bool_or(coalesce(consumption_correction_code = 'above_subscribed_power', false)) then null
            when sum(energy_mwh) = 0 and sum(secret_meshes_count) > 0 then null
            else sum(energy_mwh)
        end as energy_mwh,
        case
            when bool_or(coalesce(consumption_correction_code = 'above_subscribed_power', false))
                then 'above_subscribed_power'
            when coalesce(sum(energy_mwh), 0) = 0 and sum(secret_meshes_count) > 0 then 'all_secret'
        end as consumption_correction_code,
        sum(delivery_points_count) as delivery_points_count,
        sum(delivery_points_with_energy_count) as delivery_points_with_energy_count,
        sum(secret_meshes_count) as secret_meshes_count,
        sum(secret_rows_count) as secret_rows_count,
        sum(source_rows_count) as source_rows_count,
        max(territories_count) as territories_count,
        bool_or(is_simulated) as is_simulated
    from united
    group by territory_level_code, territory_code, calendar_year

),

final as (

    select * exclude (energy_published_mwh) from united
    union all by name
    select * from all_clients

)

select * from final
