-- Detects a zero kept where everything is withheld: nowhere does a zero stand as an energy beside a count of secret
-- meshes. A row is such a zero.
with

off as (

    {% for level in ['region', 'departement', 'commune'] -%}
    select
        'stg_ore__annual_{{ level }}_consumptions' as table_name,
        calendar_year,
        region_code as territory_code
    from {{ ref('stg_ore__annual_' ~ level ~ '_consumptions') }}
    where energy_mwh = 0 and secret_meshes_count > 0
    union all
    {% endfor -%}
    {% for sector in ['agriculture', 'industry', 'tertiary', 'residential', 'unknown'] -%}
    select
        'stg_ore__wide_annual_sector_consumptions' as table_name,
        calendar_year,
        departement_code as territory_code
    from {{ ref('stg_ore__wide_annual_sector_consumptions') }}
    where {{ sector }}_energy_mwh = 0 and {{ sector }}_secret_meshes_count > 0
    union all
    {% endfor -%}
    select
        'fct_annual_consumption' as table_name,
        calendar_year,
        territory_code
    from {{ ref('fct_annual_consumption') }}
    where energy_mwh = 0 and secret_meshes_count > 0
    union all
    select
        'consumption_by_client_type' as table_name,
        period_year as calendar_year,
        territory_code
    from {{ ref('consumption_by_client_type') }}
    where energy_mwh = 0 and secrecy_share > 0 and client_type_code = 'all'

)

select * from off
