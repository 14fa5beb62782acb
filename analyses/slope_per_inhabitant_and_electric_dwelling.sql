-- Who is most sensitive once size is set aside: per inhabitant, and per dwelling heated by electricity?
-- W/°C per inhabitant mostly says how common electric heating is. W/°C per electrically heated main dwelling is
-- nearer to how well those dwellings hold their heat, but offices and shops heat too and are in the slope: it is no
-- measure of walls. The two ranks differ most where few dwellings heat by electricity. Where populations or the
-- census are not available there is no rank either.
select
    territory_label_fr,
    round(heating_slope_mw_per_c, 1) as heating_slope_mw_per_c,
    round(heating_slope_w_per_c_per_inhabitant, 1) as heating_slope_w_per_c_per_inhabitant,
    case
        when heating_slope_w_per_c_per_inhabitant is not null
            then rank() over (order by heating_slope_w_per_c_per_inhabitant desc nulls last)
    end as rank_per_inhabitant,
    round(heating_slope_w_per_c_per_electric_dwelling, 1) as heating_slope_w_per_c_per_electric_dwelling,
    case
        when heating_slope_w_per_c_per_electric_dwelling is not null
            then rank() over (order by heating_slope_w_per_c_per_electric_dwelling desc nulls last)
    end as rank_per_electric_dwelling,
    heating_fit_status,
    is_simulated
from {{ schema_and_table('weather_sensitivity') }}
where
    window_code = 'all'
    and specification_code = 'common'
    and client_type_code = 'all'
    and territory_level_code = 'region'
    and heating_slope_mw_per_c is not null
order by rank_per_inhabitant asc, territory_label_fr asc
