-- Energies known from two places, ours beside the published ones.
with

annual_energies as (select * from {{ ref('int_annual_energies_reconciled') }}),

half_hourly_loads as (select * from {{ ref('fct_half_hourly_load') }}),

productions as (select * from {{ ref('fct_half_hourly_production') }}),

territory_energies as (select * from {{ ref('int_territory_sector_energies_summed') }}),

exchanges as (select * from {{ ref('stg_odre__hourly_commercial_exchanges') }}),

loads_by_year as (

    select
        territory_level_code,
        territory_code,
        calendar_year,
        'consommation-annuelle-brute-regionale' as dataset_code,
        'annual_energy_against_published' as quality_reason_code,
        energy_mwh,
        energy_observed_mwh,
        energy_published_mwh
    from annual_energies

),

-- The same half-hours in the other file of the same producer.
loads_of_two_sources as (

    select
        'region' as territory_level_code,
        half_hourly_loads.region_code as territory_code,
        year(half_hourly_loads.date_day) as calendar_year,
        'eco2mix-regional-cons-def' as dataset_code,
        'load_against_eco2mix' as quality_reason_code,
        sum(half_hourly_loads.energy_mwh) as energy_mwh,
        sum(productions.load_published_mw) * 0.5 as energy_published_mwh
    from half_hourly_loads
    inner join productions
        on
            half_hourly_loads.region_code = productions.region_code
            and half_hourly_loads.period_start_at_utc = productions.period_start_at_utc
    where half_hourly_loads.load_mw is not null and productions.load_published_mw is not null
    group by all

),

-- A sum that is held in part is compared with nothing.
levels as (

    select
        sums.territory_level_code,
        sums.territory_code,
        sums.calendar_year,
        published.dataset_code,
        'lower_level_against_published' as quality_reason_code,
        sums.energy_observed_mwh as energy_mwh,
        published.energy_observed_mwh as energy_published_mwh
    from territory_energies as sums
    inner join territory_energies as published
        on
            sums.territory_level_code = published.territory_level_code
            and sums.territory_code = published.territory_code
            and sums.calendar_year = published.calendar_year
            and sums.client_type_code = published.client_type_code
    where
        sums.is_sum_of_lower_level
        and not published.is_sum_of_lower_level
        and sums.client_type_code = 'all'
        and sums.territory_level_code <> 'epci'
        and {{ is_whole('sums.territory_coverage_share') }}

),

sectors_of_the_wide_form as (

    {% for level, model, code in ore_wide_forms() -%}
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        calendar_year,
        '{{ ore_wide_dataset(level) }}' as dataset_code,
        'sectors_against_published_total' as quality_reason_code,
        sum(
            {%- for sector in ore_sectors() %}
            coalesce({{ sector }}_energy_published_mwh, 0){{ ' +' if not loop.last }}
            {%- endfor %}
        ) as energy_mwh,
        sum(total_energy_published_mwh) as energy_published_mwh
    from {{ ref(model) }}
    where is_electricity
    group by calendar_year
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

borders as (

    select
        'country' as territory_level_code,
        'FR' as territory_code,
        year(date_day) as calendar_year,
        'imports-exports-commerciaux' as dataset_code,
        'borders_against_published_exports' as quality_reason_code,
        sum(
            export_to_gb_published_mwh + export_to_cwe_published_mwh + export_to_ch_published_mwh
            + export_to_it_published_mwh + export_to_es_published_mwh
        ) as energy_mwh,
        sum(export_published_mwh) as energy_published_mwh
    from exchanges
    group by year(date_day)

),

compared as (

    select * from loads_by_year
    union all by name
    select * from loads_of_two_sources
    union all by name
    select * from levels
    union all by name
    select * from sectors_of_the_wide_form
    union all by name
    select * from borders

)

select * from compared
