{%- set long_forms = ore_long_forms() -%}
{%- set wide_forms = ore_wide_forms() -%}
{%- set client_loads = [
    ('conso-inf36-region', 'stg_enedis__half_hourly_small_customer_energies'),
    ('conso-sup36-region', 'stg_enedis__half_hourly_large_customer_energies'),
] -%}
{%- set thermosensitivities = ['commune', 'epci', 'iris'] -%}
-- Rows of the sources beside the load, by year and reason, for France or, where half-hours are counted, by region.
with

annual_consumptions as (

    select * from {{ ref('fct_annual_consumption') }}

),

productions as (

    select * from {{ ref('stg_odre__half_hourly_productions') }}

),

exchanges as (

    select * from {{ ref('fct_daily_exchange') }}

),

commune_populations as (

    select * from {{ ref('stg_insee__commune_populations') }}

),

housing_observations as (

    select * from {{ ref('stg_melodi__housing_observations') }}

),

station_temperatures as (

    select * from {{ ref('stg_meteofrance__daily_station_temperatures') }}

),

synop_observations as (

    select * from {{ ref('stg_meteofrance__synop_observations') }}

),

{% for level, model, code in long_forms -%}
long_{{ level }} as (

    select
        '{{ level }}' as level_code,
        '{{ ore_long_dataset(level) }}' as dataset_code,
        calendar_year,
        count(*) filter (not is_electricity) as other_energy_carrier,
        count(*) filter (is_electricity and is_secret) as all_secret,
        count(*) filter (is_electricity and is_above_subscribed_power) as above_subscribed_power,
        count(*) filter (
            is_electricity and thermosensitive_share is null
            and thermosensitive_published_pct is not null and thermosensitive_energy_published_mwh is not null
        ) as thermosensitive_unit_unknown,
        count(*) filter (
            is_electricity and (
                thermosensitive_published_pct / 100 <> thermosensitive_share
                or thermosensitive_energy_published_mwh <> thermosensitive_energy_mwh
            )
        ) as thermosensitive_unit_repaired,
        count(*) filter (is_electricity) as source_rows_count
    from {{ ref(model) }}
    group by calendar_year

),

{% endfor -%}
{% for level, model, code in wide_forms -%}
wide_{{ level }} as (

    select
        '{{ level }}' as level_code,
        '{{ ore_wide_dataset(level) }}' as dataset_code,
        calendar_year,
        count(*) filter (not is_electricity) as other_energy_carrier,
        count(*) filter (is_electricity and is_a_sector_secret) as all_secret,
        0 as above_subscribed_power,
        0 as thermosensitive_unit_unknown,
        0 as thermosensitive_unit_repaired,
        -- One row of the wide form is one row of each of its five sectors.
        5 * count(*) filter (is_electricity) as source_rows_count
    from {{ ref(model) }}
    group by calendar_year

),

{% endfor -%}
consumption_rows as (

    {% for level, model, code in long_forms -%}
    select * from long_{{ level }}
    union all
    {% endfor -%}
    {% for level, model, code in wide_forms -%}
    select * from wide_{{ level }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

used_rows as (

    select
        dataset_code,
        calendar_year,
        sum(source_rows_count) as source_rows_count
    from annual_consumptions
    group by dataset_code, calendar_year

),

unused_rows as (

    select
        consumption_rows.dataset_code,
        consumption_rows.calendar_year,
        case
            when used_rows.source_rows_count is null then 'other_form_used'
            else 'territory_unknown'
        end as quality_reason_code,
        consumption_rows.source_rows_count - coalesce(used_rows.source_rows_count, 0) as affected_count
    from consumption_rows
    left join used_rows
        on
            consumption_rows.dataset_code = used_rows.dataset_code
            and consumption_rows.calendar_year = used_rows.calendar_year

),

consumption_defects as (

    {% for reason in [
        'other_energy_carrier', 'all_secret', 'above_subscribed_power', 'thermosensitive_unit_unknown',
        'thermosensitive_unit_repaired',
    ] -%}
    select
        dataset_code,
        calendar_year,
        '{{ reason }}' as quality_reason_code,
        {{ reason }} as affected_count
    from consumption_rows
    union all
    {% endfor -%}
    select * from unused_rows

),

production_defects as (

    {% for reason, flag in [('phantom_hour', 'is_phantom_hour'), ('missing_value', 'is_value_missing')] -%}
    select
        'eco2mix-regional-cons-def' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        '{{ reason }}' as quality_reason_code,
        count(*) as affected_count
    from productions
    where {{ flag }} {{ 'and not is_phantom_hour' if not loop.first }}
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

client_load_defects as (

    {% for dataset, model in client_loads -%}
    select
        '{{ dataset }}' as dataset_code,
        region_code,
        year(period_start_at_utc) as calendar_year,
        'profile_unknown' as quality_reason_code,
        count(*) as affected_count
    from {{ ref(model) }}
    where client_type_code is null
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

exchange_defects as (

    select
        'imports-exports-commerciaux' as dataset_code,
        year(date_day) as calendar_year,
        'hour_not_published' as quality_reason_code,
        sum(hours_in_local_day_count - hours_published_count) as affected_count
    from exchanges
    where border_code = 'gb' and hours_published_count < hours_in_local_day_count
    group by all

),

population_defects as (

    select
        'populations-legales-communes' as dataset_code,
        coalesce(population_year, year(_vintage_at)) as calendar_year,
        'arrondissement_merged' as quality_reason_code,
        count(*) as affected_count
    from commune_populations
    where is_municipal_arrondissement
    group by all

),

housing_defects as (

    select
        'DS_RP_LOGEMENT_PRINC' as dataset_code,
        census_year as calendar_year,
        'commune_merged' as quality_reason_code,
        count(*) as affected_count
    from housing_observations
    where observation_status_code = 'K'
    group by all

),

station_defects as (

    select
        'donnees-climatologiques-de-base-quotidiennes' as dataset_code,
        year(date_day) as calendar_year,
        'station_temperature_missing' as quality_reason_code,
        count(*) as affected_count
    from station_temperatures
    where temperature_mean_c is null
    group by all

),

certificate_defects as (

    select
        'dpe03existant' as dataset_code,
        year(established_on) as calendar_year,
        'heat_loss_implausible' as quality_reason_code,
        count(*) as affected_count
    from {{ ref('stg_ademe__energy_certificates') }}
    where not is_heat_loss_plausible
    group by all

),

synop_defects as (

    select
        'donnees-synop-essentielles-omm' as dataset_code,
        year(observed_at_utc) as calendar_year,
        'observed_temperature_missing' as quality_reason_code,
        count(*) as affected_count
    from synop_observations
    where temperature_observed_c is null
    group by all

),

thermosensitivity_defects as (

    {% for level in thermosensitivities -%}
    select
        'consommation-electrique-par-secteur-dactivite-{{ level }}' as dataset_code,
        calendar_year,
        case thermosensitivity_unit_code
            when 'repaired' then 'thermosensitive_unit_repaired'
            else 'thermosensitive_unit_unknown'
        end as quality_reason_code,
        count(*) as affected_count
    from {{ ref('stg_enedis__annual_' ~ level ~ '_thermosensitivities') }}
    where thermosensitivity_unit_code in ('repaired', 'unit_unknown')
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

regional as (

    select * from production_defects
    union all
    select * from client_load_defects

),

national as (

    select * from consumption_defects
    union all
    select * from exchange_defects
    union all
    select * from population_defects
    union all
    select * from housing_defects
    union all
    select * from station_defects
    union all
    select * from synop_defects
    union all
    select * from thermosensitivity_defects
    union all
    select * from certificate_defects

),

placed as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        * exclude (region_code)
    from regional
    union all by name
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        *
    from national
    where affected_count > 0

)

select * from placed
