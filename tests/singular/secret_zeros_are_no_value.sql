-- Detects a zero kept where everything is withheld: nowhere does a zero stand as an energy beside a count of secret
-- meshes. A row is such a zero.
with

off as (

    {% for level, model, code in ore_long_forms() -%}
    select
        '{{ model }}' as table_name,
        calendar_year,
        {{ code }} as territory_code
    from {{ ref(model) }}
    where energy_mwh = 0 and secret_meshes_count > 0
    union all
    {% endfor -%}
    {% for level, model, code in ore_wide_forms() -%}
    {% for sector in ore_sectors() -%}
    select
        '{{ model }}' as table_name,
        calendar_year,
        {{ code }} as territory_code
    from {{ ref(model) }}
    where {{ sector }}_energy_mwh = 0 and {{ sector }}_secret_meshes_count > 0
    union all
    {% endfor -%}
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
