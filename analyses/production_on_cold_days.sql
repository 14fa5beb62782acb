-- On the coldest days, what did France produce, use and exchange?
-- A row is one of the twenty coldest days available (temperature of the regions weighted by load): energies of the
-- day in GWh. Exports above imports mean that France sold on balance even then. Production sums what regions publish
-- by filière: a filière without a value counts for nothing, so it is a lower bound where
-- `production_half_hours_count` is under the twelve regions' 576.
with

coldest as (

    select
        period_start_on as date_day,
        temperature_mean_c,
        energy_mwh,
        is_simulated
    from {{ schema_and_table('consumption_by_period') }}
    where territory_level_code = 'country' and period_kind_code = 'day' and temperature_mean_c is not null

),

productions as (

    select
        date_day,
        sum(
            coalesce(thermal_production_mw, 0)
            + coalesce(nuclear_production_mw, 0)
            + coalesce(wind_production_mw, 0)
            + coalesce(solar_production_mw, 0)
            + coalesce(hydro_production_mw, 0)
            + coalesce(bioenergy_production_mw, 0)
        ) * 0.5 as production_mwh,
        sum(nuclear_production_mw) * 0.5 as nuclear_production_mwh,
        count(thermal_production_mw) as production_half_hours_count
    from {{ schema_and_table('fct_half_hourly_production') }}
    group by date_day

),

exchanges as (

    select
        date_day,
        sum(export_mwh) as export_mwh,
        sum(import_mwh) as import_mwh
    from {{ schema_and_table('fct_daily_exchange') }}
    group by date_day

)

select
    coldest.date_day,
    round(coldest.temperature_mean_c, 1) as temperature_mean_c,
    round(coldest.energy_mwh / 1000, 1) as energy_gwh,
    round(productions.production_mwh / 1000, 1) as production_gwh,
    round(productions.nuclear_production_mwh / 1000, 1) as nuclear_production_gwh,
    productions.production_half_hours_count,
    round(exchanges.export_mwh / 1000, 1) as export_gwh,
    round(exchanges.import_mwh / 1000, 1) as import_gwh,
    round((exchanges.export_mwh - exchanges.import_mwh) / 1000, 1) as net_export_gwh,
    coldest.is_simulated
from coldest
inner join productions on coldest.date_day = productions.date_day
inner join exchanges on coldest.date_day = exchanges.date_day
order by coldest.temperature_mean_c
limit 20
