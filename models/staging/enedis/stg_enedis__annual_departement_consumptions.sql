-- Averages per site and the rates of the housing stock by period of construction stay behind.
{%- set sectors = [
    ('residentiel', 'residential'),
    ('professionnel', 'professional'),
    ('agriculture', 'agriculture'),
    ('industrie', 'industry'),
    ('tertiaire', 'tertiary'),
    ('secteur_non_affecte', 'unknown'),
] %}

with

source as (

    select * from {{ source('enedis', 'consommation_par_secteur_departement') }}

),

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
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
