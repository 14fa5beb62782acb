-- How much of the differences between regions does the housing stock explain?
-- Over regions: W/°C per inhabitant against electrically heated main dwellings per inhabitant, a straight line.
-- `r2_share` is the part of the differences that goes with housing; `heating_slope_w_per_c_per_dwelling` what one more
-- such dwelling goes with. A dozen points that differ in much else: a correlation, no cause.
with

points as (

    select
        heating_slope_w_per_c_per_inhabitant,
        -- Dwellings per inhabitant: the same slope is shared over both.
        heating_slope_w_per_c_per_inhabitant
        / heating_slope_w_per_c_per_electric_dwelling as electrically_heated_dwellings_per_inhabitant,
        is_simulated
    from {{ schema_and_table('weather_sensitivity') }}
    where
        window_code = 'all'
        and specification_code = 'common'
        and client_type_code = 'all'
        and territory_level_code = 'region'
        and heating_slope_w_per_c_per_electric_dwelling is not null

)

select
    count(*) as regions_count,
    round(regr_r2(heating_slope_w_per_c_per_inhabitant, electrically_heated_dwellings_per_inhabitant), 3) as r2_share,
    round(
        regr_slope(heating_slope_w_per_c_per_inhabitant, electrically_heated_dwellings_per_inhabitant),
        1
    ) as heating_slope_w_per_c_per_dwelling,
    bool_or(is_simulated) as is_simulated
from points
