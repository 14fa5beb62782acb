-- How much do homes use per site and per inhabitant, against the median département?
-- A row is a département in the latest year. Above the median per site means larger, older or more often electrically
-- heated homes, or fewer second homes that stand empty: housing decides, not manners. `pct_of_median` 110: a tenth
-- above.
with

latest as (

    select
        *,
        1000 * energy_per_delivery_point_mwh as energy_per_site_kwh,
        1000 * energy_per_inhabitant_mwh as energy_per_inhabitant_kwh
    from {{ schema_and_table('consumption_by_client_type') }}
    where
        territory_level_code = 'departement'
        and client_type_code = 'residential'
        and period_kind_code = 'year'
    qualify period_year = max(period_year) over ()

)

select
    territory_code,
    territory_label_fr,
    period_year as calendar_year,
    round(energy_per_site_kwh, 0) as energy_per_site_kwh,
    round(100 * energy_per_site_kwh / median(energy_per_site_kwh) over (), 1) as energy_per_site_pct_of_median,
    round(energy_per_inhabitant_kwh, 0) as energy_per_inhabitant_kwh,
    round(
        100 * energy_per_inhabitant_kwh / median(energy_per_inhabitant_kwh) over (),
        1
    ) as energy_per_inhabitant_pct_of_median,
    is_simulated
from latest
order by energy_per_site_kwh desc nulls last
