-- What does a public holiday, a bridge day, a Sunday change at equal temperature, and what each school holiday?
-- MW of the daily mean with its 95 % interval, and % of the territory's mean load over all days. A kind of day is
-- compared with Tuesdays to Thursdays outside school holidays; a school holiday (its working days that are no public
-- holiday and no bridge day) with the same weekdays outside. Both within a July-to-June season, after taking away what
-- heating and cooling explain; every day counts alike. Daylight and what else a time of year brings stay in: August
-- and the summer holidays are compared with other months. France is the sum of the twelve regions. The interval is the
-- jackknife of the slopes, slopes found anew; kinds under ten days are not shown. School holidays lie in few quarters:
-- theirs is rather narrow (it held 54 of 60 effects of known size in simulated data; of the kinds of day, 94 of 96).
select
    effects.territory_label_fr,
    effects.calendar_kind_code,
    labels.label_fr as calendar_kind_label_fr,
    effects.days_count,
    round(effects.effect_mw, 1) as effect_mw,
    round(effects.effect_mw_ci95_low, 1) as effect_mw_ci95_low,
    round(effects.effect_mw_ci95_high, 1) as effect_mw_ci95_high,
    round(effects.effect_pct_of_mean_load, 1) as effect_pct_of_mean_load,
    effects.is_simulated
from {{ schema_and_table('calendar_effects') }} as effects
inner join {{ schema_and_table('dim_labels') }} as labels
    on
        effects.calendar_kind_code = labels.code
        and labels.code_name = 'calendar_kind_code'
where
    effects.client_type_code = 'all'
    and effects.effect_mw is not null
order by effects.territory_code = 'FR' desc, effects.territory_label_fr asc, effects.effect_mw asc
