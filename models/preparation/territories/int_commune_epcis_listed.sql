-- The EPCI of each commune in the newest year available.
with

epcis as (select * from {{ ref('stg_etalab__epcis') }}),

newest as (

    select *
    from epcis
    qualify coalesce(territory_year, 0) = max(coalesce(territory_year, 0)) over ()

),

members as (

    select
        unnest(member_commune_codes) as commune_code,
        epci_code,
        epci_label_fr
    from newest

),

final as (

    -- Since 2016 a commune is part of one with a tax of its own.
    select
        commune_code,
        min(epci_code) as epci_code,
        arg_min(epci_label_fr, epci_code) as epci_label_fr
    from members
    group by commune_code

)

select * from final
