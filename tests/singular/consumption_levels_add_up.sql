-- Detects a territory lost or counted twice between levels, and a sector counted twice: sectors add up to all
-- clients; communes, départements and regions to the levels above where nothing in them is withheld or left out, and
-- never to more. Simulated levels add up exactly but for what was left out. A row is a territory, a year and a sector
-- that is off.
with

figures as (

    select * from {{ ref('consumption_by_client_type') }}
    where period_kind_code = 'year'

),

territories as (select * from {{ ref('dim_territories') }}),

communes as (select * from {{ ref('dim_communes') }}),

-- Inter-municipalities stand beside départements: what they are part of is France, and communes are part of both.
links as (

    select
        territory_level_code,
        territory_code,
        parent_level_code,
        parent_code
    from territories
    where territory_level_code <> 'epci' and parent_code is not null
    union all
    select
        'commune' as territory_level_code,
        commune_code as territory_code,
        'epci' as parent_level_code,
        epci_code as parent_code
    from communes
    where epci_code is not null

),

sectors as (

    select
        territory_level_code,
        territory_code,
        period_year,
        sum(energy_observed_mwh) filter (client_type_code <> 'all') as sectors_energy_mwh,
        any_value(energy_observed_mwh) filter (client_type_code = 'all') as energy_mwh
    from figures
    group by all

),

parts as (

    select
        links.parent_level_code as territory_level_code,
        links.parent_code as territory_code,
        figures.period_year,
        figures.client_type_code,
        sum(figures.energy_mwh) as parts_energy_mwh,
        max(figures.secrecy_share) as secrecy_share,
        bool_or(coalesce(figures.energy_excluded_share > 0, false)) as is_any_left_out,
        min(figures.coverage_share) as coverage_share
    from figures
    inner join links
        on
            figures.territory_level_code = links.territory_level_code
            and figures.territory_code = links.territory_code
    group by all

),

off as (

    select
        territory_level_code,
        territory_code,
        period_year,
        'all' as client_type_code,
        energy_mwh,
        sectors_energy_mwh as parts_energy_mwh
    from sectors
    where abs(sectors_energy_mwh - energy_mwh) > 1e-9 * abs(energy_mwh)
    union all
    select
        figures.territory_level_code,
        figures.territory_code,
        figures.period_year,
        figures.client_type_code,
        figures.energy_mwh,
        parts.parts_energy_mwh
    from figures
    inner join parts
        on
            figures.territory_level_code = parts.territory_level_code
            and figures.territory_code = parts.territory_code
            and figures.period_year = parts.period_year
            and figures.client_type_code = parts.client_type_code
    where
        parts.parts_energy_mwh > figures.energy_mwh + 0.001 * abs(figures.energy_mwh)
        or (
            parts.parts_energy_mwh < figures.energy_mwh - 1e-9 * abs(figures.energy_mwh)
            and not parts.is_any_left_out
            and parts.coverage_share = 1
            and figures.coverage_share = 1
            and (figures.is_simulated or parts.secrecy_share = 0)
        )

)

select * from off
