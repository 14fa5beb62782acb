-- Averages per site and the rates of the housing stock by period of construction stay behind.
{%- set floor_areas = [
    ('30_m2', 'under_30_m2'),
    ('30_a_40_m2', '30_to_40_m2'),
    ('40_a_60_m2', '40_to_60_m2'),
    ('60_a_80_m2', '60_to_80_m2'),
    ('80_a_100_m2', '80_to_100_m2'),
    ('plus_de_100_m2', 'over_100_m2'),
] %}
{%- set sectors = [
    ('residentiel', 'residential'),
    ('professionnel', 'professional'),
    ('agriculture', 'agriculture'),
    ('industrie', 'industry'),
    ('tertiaire', 'tertiary'),
    ('secteur_non_affecte', 'unknown'),
] %}

with

source as (select * from {{ source('enedis', 'consommation_par_secteur_departement') }}),

renamed as (

    select
        {{ two_characters('code_departement') }} as departement_code,
        nom_departement as departement_label_fr,
        code_region as region_code,
        nom_region as region_label_fr,
        annee as calendar_year,
        {%- for published, sector in sectors %}
        conso_totale_{{ published }}_mwh as {{ sector }}_energy_published_mwh,
        nb_sites_{{ published }} as {{ sector }}_delivery_points_count,
        {%- endfor %}
        nombre_d_habitants as population_count,
        taux_de_chauffage_electrique as electric_heating_pct,
        taux_de_logements_collectifs as flats_pct,
        taux_de_residences_principales as main_residences_pct,
        {%- for published, area in floor_areas %}
        superficie_des_logements_{{ published }} as dwellings_{{ area }}_pct,
        {%- endfor %}
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
