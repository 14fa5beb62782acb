-- How much of the published consumption by sector is touched by secrecy?
-- A row is a level of territory, a year and a sector: the share of published rows that secrecy touches, and the
-- territories left without any energy. The smaller the area, the more is withheld: industry in communes most of all.
select
    territory_level_code,
    calendar_year,
    client_type_code,
    round(sum(secret_rows_count) / sum(source_rows_count), 3) as secrecy_share,
    count(*) as territories_count,
    count(*) - count(energy_mwh) as territories_without_energy_count,
    bool_or(is_simulated) as is_simulated
from {{ schema_and_table('fct_annual_consumption') }}
group by all
order by all
