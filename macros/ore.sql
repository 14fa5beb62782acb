{% macro ore_long_form(source_name, territory_columns) -%}
with

source as (

    select * from {{ source('ore', source_name) }}

),

renamed as (

    select
        operateur as operator_label_fr,
        annee as calendar_year,
        filiere as energy_carrier_label_fr,
        {%- for column in territory_columns %}
        {{ column }},
        {%- endfor %}
        {{ two_characters('code_region') }} as region_code,
        upper(trim(code_categorie_consommation)) as consumption_category_code,
        nullif(upper(strip_accents(trim(code_grand_secteur))), '') as sector_published_code,
        code_secteur_naf2 as naf_division_code,
        conso_totale_mwh as energy_published_mwh,
        nb_sites as delivery_points_count,
        nombre_de_mailles_secretisees as secret_meshes_count,
        part_thermosensible as thermosensitive_published_pct,
        conso_totale_usages_thermosensibles_mwh as thermosensitive_energy_published_mwh,
        thermosensibilite_totale_kwh_dju as thermosensitivity_published_kwh_per_dju,
        taux_de_chauffage_electrique as electric_heating_pct,
        nombre_d_habitants as population_count,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

tested as (

    select
        *,
        -- The share is labelled % but per mille in some years, the energy beside it MWh but kWh in some: the two are
        -- believed in the units in which one follows from the other, else not at all.
        {%- for per, thousand in [(100, 1), (1000, 1), (100, 1000), (1000, 1000)] %}
        abs(
            thermosensitive_published_pct / {{ per }} * energy_published_mwh
            - thermosensitive_energy_published_mwh / {{ thousand }}
        ) <= 0.001 * abs(energy_published_mwh) + 0.01 as is_per_{{ per }}_and_per_{{ thousand }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from renamed

),

flagged as (

    select
        * exclude (
            is_per_100_and_per_1, is_per_1000_and_per_1, is_per_100_and_per_1000, is_per_1000_and_per_1000
        ),
        -- Where all that was consumed is secret, zero is published in place of a missing value.
        case
            when energy_published_mwh = 0 and secret_meshes_count > 0 then null
            else energy_published_mwh
        end as energy_mwh,
        case
            when is_per_100_and_per_1 or is_per_100_and_per_1000 then thermosensitive_published_pct / 100
            when is_per_1000_and_per_1 or is_per_1000_and_per_1000 then thermosensitive_published_pct / 1000
        end as thermosensitive_share,
        case
            when is_per_100_and_per_1 or is_per_1000_and_per_1 then thermosensitive_energy_published_mwh
            when is_per_100_and_per_1000 or is_per_1000_and_per_1000 then thermosensitive_energy_published_mwh / 1000
        end as thermosensitive_energy_mwh,
        -- Gas stands beside electricity in the same file.
        lower(strip_accents(energy_carrier_label_fr)) = 'electricite' as is_electricity,
        coalesce(energy_published_mwh = 0 and secret_meshes_count > 0, false) as is_secret,
        -- Contracts of residents and professionals go up to 36 kVA: all the hours of a year at 36 kW are 316.2 MWh.
        coalesce(
            consumption_category_code in ('RES', 'PRO')
            and delivery_points_count > 0
            and energy_published_mwh > 316.2 * delivery_points_count,
            false
        ) as is_above_subscribed_power,
        -- Homes and small professionals in one row, until 2017: as impossible, and kept, since the frozen form, which
        -- cannot be told, has the same value.
        coalesce(
            consumption_category_code = 'RES-PRO'
            and delivery_points_count > 0
            and energy_published_mwh > 316.2 * delivery_points_count,
            false
        ) as is_per_site_doubtful
    from tested

)

select * from flagged
{%- endmacro %}


{% macro ore_wide_form(source_name, territory_columns) -%}
{# One column per sector, as the frozen form of 2011-2021 has them. #}
{%- set sectors = [
    ('a', 'agriculture'),
    ('i', 'industry'),
    ('t', 'tertiary'),
    ('r', 'residential'),
    ('na', 'unknown'),
] -%}
with

source as (

    select * from {{ source('ore', source_name) }}

),

renamed as (

    select
        operateur as operator_label_fr,
        annee as calendar_year,
        filiere as energy_carrier_label_fr,
        {%- for column in territory_columns %}
        {{ column }},
        {%- endfor %}
        {{ two_characters('code_region') }} as region_code,
        libelle_region as region_label_fr,
        {%- for letter, sector in sectors %}
        conso{{ letter }} as {{ sector }}_energy_published_mwh,
        pdl{{ letter }} as {{ sector }}_delivery_points_count,
        nombre_maille_secretisees_{{ letter }} as {{ sector }}_secret_meshes_count,
        {%- endfor %}
        consototale as total_energy_published_mwh,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

flagged as (

    select
        *,
        {%- for letter, sector in sectors %}
        -- Where all that a sector consumed is secret, zero is published in place of a missing value.
        case
            when {{ sector }}_energy_published_mwh = 0 and {{ sector }}_secret_meshes_count > 0 then null
            else {{ sector }}_energy_published_mwh
        end as {{ sector }}_energy_mwh,
        {%- endfor %}
        -- Gas stands beside electricity in the same file.
        lower(strip_accents(energy_carrier_label_fr)) = 'electricite' as is_electricity,
        coalesce(
            {%- for letter, sector in sectors %}
            ({{ sector }}_energy_published_mwh = 0 and {{ sector }}_secret_meshes_count > 0)
            {{- ' or' if not loop.last }}
            {%- endfor %},
            false
        ) as is_a_sector_secret,
        -- Homes that would draw more than 36 kW at every hour of the year: kWh, most likely.
        coalesce(
            residential_delivery_points_count > 0
            and residential_energy_published_mwh > 316.2 * residential_delivery_points_count,
            false
        ) as is_per_site_doubtful
    from renamed

)

select * from flagged
{%- endmacro %}


{% macro ore_sectors() -%}
    {{ return(['agriculture', 'industry', 'tertiary', 'residential', 'unknown']) }}
{%- endmacro %}


{% macro ore_long_forms() -%}
    {{ return([
        ('region', 'stg_ore__annual_region_consumptions', 'region_code'),
        ('departement', 'stg_ore__annual_departement_consumptions', 'departement_code'),
        ('epci', 'stg_ore__annual_epci_consumptions', 'epci_code'),
        ('commune', 'stg_ore__annual_commune_consumptions', commune_of_arrondissement('commune_code')),
    ]) }}
{%- endmacro %}


{% macro ore_wide_forms() -%}
    {{ return([
        ('region', 'stg_ore__wide_annual_region_consumptions', 'region_code'),
        ('departement', 'stg_ore__wide_annual_departement_consumptions', 'departement_code'),
        ('commune', 'stg_ore__wide_annual_commune_consumptions', commune_of_arrondissement('commune_code')),
    ]) }}
{%- endmacro %}


{% macro ore_long_dataset(level) -%} consommation-annuelle-d-electricite-et-gaz-par-{{ level }} {%- endmacro %}


{% macro ore_wide_dataset(level) -%} conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-{{ level }} {%- endmacro %}
