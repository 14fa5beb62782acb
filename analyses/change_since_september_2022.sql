-- Did the sensitivity fall after 15 September 2022, when France was asked to save energy?
-- A row is a region or France: the slope before, the slope since, and the change in % with its interval, which uses
-- the same leave-outs on both sides. The change is significant only where `is_change_significant`; a fall may
-- also come from warmer homes being insulated, gas replaced or prices: the figure says how much, not why.
select
    sensitivity.territory_label_fr,
    round(changes.base_heating_slope_mw_per_c, 1) as heating_slope_before_mw_per_c,
    round(changes.heating_slope_mw_per_c, 1) as heating_slope_since_mw_per_c,
    round(changes.heating_slope_change_pct, 1) as heating_slope_change_pct,
    round(changes.heating_slope_change_pct_ci95_low, 1) as heating_slope_change_pct_ci95_low,
    round(changes.heating_slope_change_pct_ci95_high, 1) as heating_slope_change_pct_ci95_high,
    changes.is_change_significant,
    changes.is_simulated
from {{ schema_and_table('sensitivity_change') }} as changes
inner join {{ schema_and_table('weather_sensitivity') }} as sensitivity
    on
        changes.territory_code = sensitivity.territory_code
        and changes.window_code = sensitivity.window_code
        and changes.specification_code = sensitivity.specification_code
        and changes.client_type_code = sensitivity.client_type_code
where
    changes.comparison_code = 'windows'
    and changes.base_window_code = 'before_2022_09_15'
    and changes.window_code = 'since_2022_09_15'
    and changes.specification_code = 'common'
    and changes.client_type_code = 'all'
order by changes.heating_slope_change_pct
