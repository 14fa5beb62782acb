-- Who consumes in each region, and how has that changed?
-- Shares of the yearly energy by sector (Agence ORE). Sectors were redefined in 2018 and the method changed in
-- 2022: compare inside 2012-2017, 2018-2021 and since 2022, never across. What secrecy hides is in no sector.
select
    territory_label_fr,
    period_year as calendar_year,
    client_type_label_fr,
    round(energy_mwh, 0) as energy_mwh,
    round(energy_share_of_clients, 3) as energy_share_of_clients,
    is_break_on_year_before,
    is_simulated
from {{ schema_and_table('consumption_by_client_type') }}
where
    territory_level_code = 'region'
    and nomenclature_code = 'ore_sector'
    and period_kind_code = 'year'
    and client_type_code <> 'all'
order by territory_label_fr asc, calendar_year asc, energy_share_of_clients desc
