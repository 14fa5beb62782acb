-- Communes as they are for INSEE, and those that other sources still list: merged ones, with the code they had.
with

published_populations as (select * from {{ ref('stg_insee__commune_populations') }}),

long_consumptions as (select * from {{ ref('stg_ore__annual_commune_consumptions') }}),

wide_consumptions as (select * from {{ ref('stg_ore__wide_annual_commune_consumptions') }}),

housing as (select * from {{ ref('int_commune_dwellings_counted') }}),

epcis as (select * from {{ ref('int_commune_epcis_listed') }}),

successors as (select * from {{ ref('int_commune_successors_resolved') }}),

-- Where Paris, Lyon or Marseille do not stand for themselves, they are their arrondissements put together.
yearly_populations as (

    select
        {{ commune_of_arrondissement('commune_code') }} as commune_code,
        coalesce(population_year, 0) as population_year,
        min(regexp_replace(commune_label_fr, ' \d+er?e? Arrondissement$', '')) as commune_label_fr,
        coalesce(
            sum(case when not is_municipal_arrondissement then population_count end), sum(population_count)
        ) as population_count
    from published_populations
    group by all

),

-- A lake may hold several years: the newest counts.
populations as (

    select
        commune_code,
        nullif(max(population_year), 0) as population_year,
        arg_max(commune_label_fr, population_year) as commune_label_fr,
        arg_max(population_count, population_year) as population_count
    from yearly_populations
    group by commune_code

),

consumptions as (

    {% for form in ['long', 'wide'] -%}
    select
        commune_code,
        commune_label_fr,
        epci_code,
        calendar_year
    from {{ form }}_consumptions
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

consumers as (

    select
        {{ commune_of_arrondissement('commune_code') }} as commune_code,
        arg_max(
            regexp_replace(commune_label_fr, ' \d+er?e? Arrondissement$', ''), calendar_year
        ) as commune_label_fr,
        arg_max(epci_code, calendar_year) as epci_code
    from consumptions
    group by all

),

dwellers as (

    select distinct commune_code from housing

),

listed as (

    select commune_code from populations
    union
    select commune_code from consumers
    union
    select commune_code from dwellers

),

final as (

    select
        listed.commune_code,
        coalesce(populations.commune_label_fr, consumers.commune_label_fr) as commune_label_fr,
        {{ departement_of_commune('listed.commune_code') }} as departement_code,
        -- The list of EPCI takes precedence over sources that repeat them beside consumption.
        coalesce(epcis.epci_code, consumers.epci_code) as epci_code,
        successors.commune_code as successor_commune_code,
        cast(populations.population_count as integer) as population_count,
        cast(populations.population_year as integer) as population_year
    from listed
    left join populations on listed.commune_code = populations.commune_code
    left join consumers on listed.commune_code = consumers.commune_code
    left join epcis on listed.commune_code = epcis.commune_code
    left join successors on listed.commune_code = successors.former_commune_code

)

select * from final
