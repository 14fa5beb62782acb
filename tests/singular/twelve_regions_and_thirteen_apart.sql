-- Detects sums of twelve regions and of thirteen that were mixed: France with Corse is there where Corse is fitted and
-- only there, its slope is that of France and of Corse together, and nothing overseas stands beside them. A row is a
-- territory, window and specification that is off.
with

fits as (

    select * from {{ ref('weather_sensitivity') }}
    where client_type_code = 'all'

),

overseas as (select * from {{ ref('overseas_sensitivity') }}),

compared as (

    select
        country.window_code,
        country.specification_code,
        country.heating_slope_mw_per_c as country_slope,
        corse.heating_slope_mw_per_c as corse_slope,
        wide.heating_slope_mw_per_c as wide_slope
    from fits as country
    inner join fits as corse using (window_code, specification_code)
    left join fits as wide
        on
            country.window_code = wide.window_code
            and country.specification_code = wide.specification_code
            and wide.territory_level_code = 'country_with_corse'
    where
        country.territory_level_code = 'country'
        and corse.territory_code = '94'

),

off as (

    select
        'FR13' as territory_code,
        window_code,
        specification_code
    from compared
    where
        abs(wide_slope - (country_slope + corse_slope)) > 1e-9 * wide_slope
        or (wide_slope is not null and (country_slope is null or corse_slope is null))
        or (wide_slope is null and country_slope is not null and corse_slope is not null)
    union all
    select
        fits.territory_code,
        fits.window_code,
        fits.specification_code
    from fits
    inner join overseas using (territory_code)

)

select * from off
