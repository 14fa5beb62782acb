{%- set long_forms = ore_long_forms() -%}
{%- set wide_forms = ore_wide_forms() -%}
{%- set kinds = ['thermal', 'nuclear', 'wind', 'solar', 'hydro', 'bioenergy'] -%}
{%- set client_loads = [
    ('conso-inf36-region', 'stg_enedis__half_hourly_small_customer_energies'),
    ('conso-sup36-region', 'stg_enedis__half_hourly_large_customer_energies'),
] -%}
{%- set thermosensitivities = ['commune', 'epci', 'iris'] -%}
-- Rows of the sources beside the load, by year and reason, for France or, where half-hours are counted, by region.
with

annual_consumptions as (select * from {{ ref('fct_annual_consumption') }}),

productions as (select * from {{ ref('stg_odre__half_hourly_productions') }}),

production_ranges as (select * from {{ ref('production_ranges') }}),

produced as (select * from {{ ref('fct_half_hourly_production') }}),

client_half_hours as (select * from {{ ref('fct_half_hourly_client_load') }}),

gaps as (select * from {{ ref('int_gaps_listed') }}),

dates as (select * from {{ ref('dim_dates') }}),

exchanges as (select * from {{ ref('fct_daily_exchange') }}),

commune_populations as (select * from {{ ref('stg_insee__commune_populations') }}),

housing as (select * from {{ ref('fct_commune_housing') }}),

housing_observations as (select * from {{ ref('stg_melodi__housing_observations') }}),

station_temperatures as (select * from {{ ref('stg_meteofrance__daily_station_temperatures') }}),

territories as (select * from {{ ref('dim_territories') }}),

known_sectors as (select * from {{ ref('consumption_sectors') }}),

known_categories as (select * from {{ ref('consumption_categories') }}),

territory_energies as (select * from {{ ref('int_territory_sector_energies_united') }}),

synop_observations as (select * from {{ ref('stg_meteofrance__synop_observations') }}),

island_days as (select * from {{ ref('int_daily_island_loads_averaged') }}),

coming_temperatures as (select * from {{ ref('stg_own__coming_temperatures') }}),

temperatures as (select * from {{ ref('int_daily_temperatures_smoothed') }}),

{% for level, model, code in long_forms -%}
long_{{ level }} as (

    select
        '{{ ore_long_dataset(level) }}' as dataset_code,
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        calendar_year,
        1 as sectors_count,
        is_electricity,
        is_electricity and is_secret as is_secret,
        is_electricity and is_above_subscribed_power as is_above_subscribed_power,
        is_electricity and is_per_site_doubtful as is_per_site_doubtful,
        is_electricity and sector_published_code is null as is_sector_missing,
        is_electricity and sector_published_code not in (select sector_published_code from known_sectors)
            as is_sector_unknown,
        is_electricity and consumption_category_code not in (
            select consumption_category_published_code from known_categories
        ) as is_category_unknown,
        is_electricity and thermosensitive_share is null
        and thermosensitive_published_pct is not null and thermosensitive_energy_published_mwh is not null
            as is_thermosensitive_unit_unknown,
        is_electricity and (
            thermosensitive_published_pct / 100 <> thermosensitive_share
            or thermosensitive_energy_published_mwh <> thermosensitive_energy_mwh
        ) as is_thermosensitive_unit_repaired
    from {{ ref(model) }}

),

{% endfor -%}
{% for level, model, code in wide_forms -%}
wide_{{ level }} as (

    select
        '{{ ore_wide_dataset(level) }}' as dataset_code,
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        calendar_year,
        -- One row of the wide form is one row of each of its five sectors.
        5 as sectors_count,
        is_electricity,
        is_electricity and is_a_sector_secret as is_secret,
        is_electricity and is_per_site_doubtful as is_per_site_doubtful
    from {{ ref(model) }}

),

{% endfor -%}
consumption_rows as (

    {% for level, model, code in long_forms -%}
    select * from long_{{ level }}
    union all by name
    {% endfor -%}
    {% for level, model, code in wide_forms -%}
    select * from wide_{{ level }}
    {{ 'union all by name' if not loop.last }}
    {% endfor %}

),

consumption_counts as (

    select
        consumption_rows.dataset_code,
        consumption_rows.calendar_year,
        count(*) filter (not consumption_rows.is_electricity) as other_energy_carrier,
        {%- for reason, flag in [
            ('all_secret', 'is_secret'),
            ('above_subscribed_power', 'is_above_subscribed_power'),
            ('energy_per_site_doubtful', 'is_per_site_doubtful'),
            ('sector_missing', 'is_sector_missing'),
            ('sector_code_unknown', 'is_sector_unknown'),
            ('category_code_unknown', 'is_category_unknown'),
            ('thermosensitive_unit_unknown', 'is_thermosensitive_unit_unknown'),
            ('thermosensitive_unit_repaired', 'is_thermosensitive_unit_repaired'),
        ] %}
        count(*) filter (consumption_rows.{{ flag }}) as {{ reason }},
        {%- endfor %}
        coalesce(sum(consumption_rows.sectors_count) filter (
            consumption_rows.is_electricity and upper(consumption_rows.territory_code) in ('FR', 'XX')
        ), 0) as territory_not_assigned,
        coalesce(sum(consumption_rows.sectors_count) filter (
            consumption_rows.is_electricity and territories.territory_code is null
            and coalesce(upper(consumption_rows.territory_code) not in ('FR', 'XX'), true)
        ), 0) as territory_unknown,
        coalesce(sum(consumption_rows.sectors_count) filter (
            consumption_rows.is_electricity and territories.territory_code is not null
        ), 0) as placed_rows_count
    from consumption_rows
    left join territories
        on
            consumption_rows.territory_level_code = territories.territory_level_code
            and consumption_rows.territory_code = territories.territory_code
    group by consumption_rows.dataset_code, consumption_rows.calendar_year

),

-- A value ten times, or a tenth of, what its territory and sector have in the middle of the years held.
usual_energies as (

    select
        *,
        median(energy_published_mwh) over (
            partition by territory_level_code, territory_code, client_type_code
        ) as usual_energy_mwh,
        count(*) over (partition by territory_level_code, territory_code, client_type_code) as years_count
    from annual_consumptions
    where energy_published_mwh > 0

),

used_rows as (

    select
        dataset_code,
        calendar_year,
        sum(source_rows_count) as source_rows_count
    from annual_consumptions
    group by dataset_code, calendar_year

),

consumption_defects as (

    {% for reason in [
        'other_energy_carrier', 'all_secret', 'above_subscribed_power', 'energy_per_site_doubtful', 'sector_missing',
        'sector_code_unknown', 'category_code_unknown', 'thermosensitive_unit_unknown', 'thermosensitive_unit_repaired',
        'territory_not_assigned', 'territory_unknown',
    ] -%}
    select
        dataset_code,
        calendar_year,
        '{{ reason }}' as quality_reason_code,
        {{ reason }} as affected_count
    from consumption_counts
    union all
    {% endfor -%}
    select
        consumption_counts.dataset_code,
        consumption_counts.calendar_year,
        'other_form_used' as quality_reason_code,
        consumption_counts.placed_rows_count - coalesce(used_rows.source_rows_count, 0) as affected_count
    from consumption_counts
    left join used_rows
        on
            consumption_counts.dataset_code = used_rows.dataset_code
            and consumption_counts.calendar_year = used_rows.calendar_year
    union all
    select
        dataset_code,
        calendar_year,
        consumption_correction_code as quality_reason_code,
        count(*) as affected_count
    from annual_consumptions
    where consumption_correction_code = 'sector_not_split'
    group by all
    union all
    select
        dataset_code,
        calendar_year,
        'energy_ten_times_usual' as quality_reason_code,
        count(*) as affected_count
    from usual_energies
    where
        years_count >= 3
        and client_type_code <> 'unknown'
        and (energy_published_mwh >= 10 * usual_energy_mwh or energy_published_mwh <= usual_energy_mwh / 10)
    group by all
    union all
    select
        split_part(dataset_code, ',', 1) as dataset_code,
        calendar_year,
        consumption_correction_code as quality_reason_code,
        count(*) as affected_count
    from territory_energies
    where consumption_correction_code = 'territory_in_part' and client_type_code = 'all'
    group by all

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

national_load_defects as (

    {% for reason, flag in [
        ('phantom_hour', 'is_phantom_hour'), ('missing_value', 'load_forecast_day_before_mw is null')
    ] -%}
    select
        'eco2mix-national-cons-def' as dataset_code,
        year(date_day) as calendar_year,
        '{{ reason }}' as quality_reason_code,
        count(*) as affected_count
    from {{ ref('stg_odre__half_hourly_national_loads') }}
    where {{ flag }} {{ 'and not is_phantom_hour' if not loop.first }}
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

produced_by_kind as (

    {% for kind in kinds -%}
    select
        region_code,
        date_day,
        '{{ kind }}' as production_kind_code,
        {{ kind }}_production_mw as kind_production_mw
    from produced
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

production_contradictions as (

    select
        'eco2mix-regional-cons-def' as dataset_code,
        produced_by_kind.region_code,
        year(produced_by_kind.date_day) as calendar_year,
        'production_out_of_range' as quality_reason_code,
        count(*) as affected_count
    from produced_by_kind
    inner join production_ranges
        on
            produced_by_kind.region_code = production_ranges.region_code
            and produced_by_kind.production_kind_code = production_ranges.production_kind_code
    where
        not produced_by_kind.kind_production_mw
        between production_ranges.production_lowest_mw and production_ranges.production_highest_mw
    group by all
    union all
    -- What is produced and what comes in is what is consumed and pumped: published values are rounded, no more.
    select
        'eco2mix-regional-cons-def' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        'parts_contradict_load' as quality_reason_code,
        count(*) as affected_count
    from produced
    where abs(production_mw + pumping_mw + physical_exchange_mw - load_published_mw) > 0.05 * load_published_mw
    group by all

),

-- Half-hours of a category that are published without their energy, and days that lie between others and are not held.
client_load_gaps as (

    select
        case client_type_code when 'enedis_enterprise' then 'conso-sup36-region' else 'conso-inf36-region' end
            as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        'energy_withheld' as quality_reason_code,
        count(*) as affected_count
    from client_half_hours
    where load_mw is null
    group by all
    union all
    select
        gaps.dataset_code,
        gaps.region_code,
        dates.calendar_year,
        'day_not_held' as quality_reason_code,
        count(*) as affected_count
    from gaps
    inner join dates on dates.date_day between gaps.first_day and gaps.last_day
    group by all

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

dwelling_defects as (

    select
        'FD_LOGEMT' as dataset_code,
        census_year as calendar_year,
        floor_area_correction_code as quality_reason_code,
        count(*) as affected_count
    from housing
    where floor_area_correction_code is not null
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

merger_defects as (

    select
        'consommation-electrique-par-secteur-dactivite-commune' as dataset_code,
        published.calendar_year,
        'commune_merged_since' as quality_reason_code,
        count(*) as affected_count
    from {{ ref('stg_enedis__annual_commune_thermosensitivities') }} as published
    inner join {{ ref('int_commune_successors_resolved') }} as successors
        on published.commune_code = successors.former_commune_code
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
    union all
    select
        'dpe03existant' as dataset_code,
        year(older.established_on) as calendar_year,
        'certificate_replaced' as quality_reason_code,
        count(distinct older.certificate_code) as affected_count
    from {{ ref('stg_ademe__energy_certificates') }} as older
    inner join {{ ref('stg_ademe__energy_certificates') }} as newer
        on older.certificate_code = newer.replaced_certificate_code
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

island_load_defects as (

    select
        'courbe-de-charge-de-la-production-delectricite-par-filiere' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        'hour_not_published' as quality_reason_code,
        sum(hours_in_local_day_count - hours_valid_count) as affected_count
    from island_days
    where hours_valid_count < hours_in_local_day_count
    group by all

),

last_observed as (

    select
        region_code,
        max(date_day) as last_day
    from temperatures
    where temperature_mean_c is not null
    group by region_code

),

-- Imported forecasts of days that are observed by now: nothing is forecast from them any more.
forecast_temperature_defects as (

    select
        'temperatures-prevues-regionales' as dataset_code,
        coming_temperatures.region_code,
        year(coming_temperatures.date_day) as calendar_year,
        'day_already_observed' as quality_reason_code,
        count(*) as affected_count
    from coming_temperatures
    inner join last_observed on coming_temperatures.region_code = last_observed.region_code
    where coming_temperatures.date_day <= last_observed.last_day
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
    select * from production_contradictions
    union all
    select * from client_load_gaps
    union all
    select * from client_load_defects
    union all
    select * from island_load_defects
    union all
    select * from forecast_temperature_defects

),

national as (

    select * from consumption_defects
    union all
    select * from national_load_defects
    union all
    select * from exchange_defects
    union all
    select * from population_defects
    union all
    select * from housing_defects
    union all
    select * from dwelling_defects
    union all
    select * from station_defects
    union all
    select * from synop_defects
    union all
    select * from thermosensitivity_defects
    union all
    select * from certificate_defects
    union all
    select * from merger_defects

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
