-- Detects a wrong unit or factor where no load stands beside: homes use 3 to 8 MWh a year and site in France (4.6 to
-- 5.8 in real files 2011-2021), a tenth of a MWh to 1.3 in a month, and small professionals a little more. A row is a
-- territory, a period and a client type outside.
with

figures as (select * from {{ ref('consumption_by_client_type') }}),

off as (

    select
        territory_level_code,
        territory_code,
        period_year,
        period_of_year_code,
        client_type_code,
        energy_per_delivery_point_mwh
    from figures
    where
        (
            territory_level_code = 'country' and period_kind_code = 'year' and client_type_code = 'residential'
            and not energy_per_delivery_point_mwh between 3 and 8
        )
        or (
            territory_level_code = 'region' and period_kind_code = 'year' and client_type_code = 'residential'
            and not energy_per_delivery_point_mwh between 2 and 10
        )
        or (
            territory_level_code = 'country' and period_kind_code = 'year' and client_type_code = 'all'
            and not energy_per_inhabitant_mwh between 4 and 9
        )
        or (
            period_kind_code = 'month' and client_type_code = 'enedis_residential'
            and not energy_per_delivery_point_mwh between 0.1 and 1.3
        )
        or (
            period_kind_code = 'month' and client_type_code = 'enedis_professional'
            and not energy_per_delivery_point_mwh between 0.2 and 3
        )
        or (
            period_kind_code = 'month' and client_type_code = 'enedis_enterprise'
            and not energy_per_delivery_point_mwh between 5 and 150
        )

)

select * from off
