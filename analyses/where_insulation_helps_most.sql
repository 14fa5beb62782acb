-- In which départements does insulating electrically heated homes help most, and how sure is the rank?
-- One row per département, the first rank first. `estimate_code` says whether the figure rests on a measurement
-- (`shrunk`) or homes alone (`allocated`); `priority_rank_ci90_low` to `priority_rank_ci90_high` hold the rank in nine
-- draws of ten. `peak_load_avoided_mw` and `energy_avoided_gwh_per_year` are what `saving_pct` less heat avoids.
select
    priority_rank,
    priority_rank_ci90_low,
    priority_rank_ci90_high,
    territory_label_fr,
    estimate_code,
    round(heating_slope_mw_per_c, 1) as heating_slope_mw_per_c,
    round(loss_w_per_c_per_electric_dwelling, 1) as loss_w_per_c_per_electric_dwelling,
    round(efficiency_ratio, 2) as efficiency_ratio,
    round(top_tenth_share, 3) as top_tenth_share,
    round(saving_pct, 1) as saving_pct,
    round(peak_load_avoided_mw, 1) as peak_load_avoided_mw,
    round(energy_avoided_gwh_per_year, 1) as energy_avoided_gwh_per_year,
    is_simulated
from {{ schema_and_table('insulation_priority') }}
where territory_level_code = 'departement' and priority_rank is not null
order by priority_rank, territory_code
