with

regions as (select * from {{ ref('dim_regions') }}),

departements as (select * from {{ ref('dim_departements') }}),

communes as (select * from {{ ref('dim_communes') }}),

commune_consumptions as (select * from {{ ref('stg_ore__annual_commune_consumptions') }}),

wide_commune_consumptions as (select * from {{ ref('stg_ore__wide_annual_commune_consumptions') }}),

epci_consumptions as (select * from {{ ref('stg_ore__annual_epci_consumptions') }}),

epcis_listed as (select * from {{ ref('int_commune_epcis_listed') }}),

country as (

    select
        'country' as territory_level_code,
        'FR' as territory_code,
        'France' as territory_label_fr,
        sum(population_count) as population_count,
        max(population_year) as population_year
    from regions

),

regional as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        region_label_fr as territory_label_fr,
        'country' as parent_level_code,
        'FR' as parent_code,
        school_zone_code,
        population_count,
        population_year
    from regions

),

departemental as (

    select
        'departement' as territory_level_code,
        departements.departement_code as territory_code,
        departements.departement_label_fr as territory_label_fr,
        'region' as parent_level_code,
        departements.region_code as parent_code,
        regions.school_zone_code,
        departements.population_count,
        departements.population_year
    from departements
    left join regions on departements.region_code = regions.region_code

),

epcis_published as (

    {% for form in ['commune', 'wide_commune', 'epci'] -%}
    select
        epci_code,
        epci_label_fr,
        calendar_year
    from {{ form }}_consumptions
    union all
    {% endfor -%}
    -- Who lists them names them as they are now.
    select
        epci_code,
        epci_label_fr,
        9999 as calendar_year
    from epcis_listed

),

epci_labels as (

    select
        epci_code,
        arg_max(epci_label_fr, calendar_year) as epci_label_fr
    from epcis_published
    where epci_code is not null
    group by epci_code

),

-- Some lie in two départements or regions: what they are part of is France.
epcis as (

    select
        'epci' as territory_level_code,
        epci_labels.epci_code as territory_code,
        any_value(epci_labels.epci_label_fr) as territory_label_fr,
        'country' as parent_level_code,
        'FR' as parent_code,
        sum(communes.population_count) as population_count,
        max(communes.population_year) as population_year
    from epci_labels
    left join communes on epci_labels.epci_code = communes.epci_code
    group by epci_labels.epci_code

),

municipal as (

    select
        'commune' as territory_level_code,
        communes.commune_code as territory_code,
        communes.commune_label_fr as territory_label_fr,
        'departement' as parent_level_code,
        communes.departement_code as parent_code,
        departemental.school_zone_code,
        communes.population_count,
        communes.population_year
    from communes
    left join departemental on communes.departement_code = departemental.territory_code

),

unioned as (

    select * from country
    union all by name
    select * from regional
    union all by name
    select * from departemental
    union all by name
    select * from epcis
    union all by name
    select * from municipal

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        parent_level_code,
        parent_code,
        school_zone_code,
        cast(population_count as integer) as population_count,
        cast(population_year as integer) as population_year
    from unioned

)

select * from final
