-- In which communes did homes cut most since 2019?
-- Residential energy of the latest year against 2019, in communes of 2,000 inhabitants or more where neither year is
-- touched by secrecy. The latest winter may have been milder, and in 2022 the method changed: look at a commune
-- against its neighbours.
with

homes as (

    select
        territory_code,
        territory_label_fr,
        period_year,
        population_count,
        energy_mwh,
        is_simulated
    from {{ schema_and_table('consumption_by_client_type') }}
    where
        territory_level_code = 'commune'
        and client_type_code = 'residential'
        and period_kind_code = 'year'
        and secrecy_share = 0
        and population_count >= 2000

),

latest as (

    select * from homes
    qualify period_year = max(period_year) over ()

)

select
    latest.territory_code,
    latest.territory_label_fr,
    latest.period_year as calendar_year,
    round(base.energy_mwh, 0) as energy_2019_mwh,
    round(latest.energy_mwh, 0) as energy_mwh,
    round(100 * (latest.energy_mwh / base.energy_mwh - 1), 1) as energy_change_pct,
    latest.is_simulated
from latest
inner join homes as base
    on latest.territory_code = base.territory_code and base.period_year = 2019
where base.energy_mwh > 0
order by latest.energy_mwh / base.energy_mwh asc
limit 20
