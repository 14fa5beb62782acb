with

moments as (

    select * from {{ ref('int_window_moments_summed') }}

),

two_slopes as (

    select
        *,
        'heating_and_cooling' as form_code,
        {{ heating_slope_two('hh_c2', 'hc_c2', 'cc_c2', 'hy_mw_c', 'cy_mw_c') }} as heating_slope_mw_per_c,
        {{ cooling_slope_two('hh_c2', 'hc_c2', 'cc_c2', 'hy_mw_c', 'cy_mw_c') }} as cooling_slope_mw_per_c
    from moments
    -- Below this the sums hold only rounding: no day above the balance point.
    where hh_c2 > 1e-6 and cc_c2 > 1e-6

),

-- The moments of heating do not depend on the cooling balance point: any one row per heating balance point will do, and
-- the highest cooling balance point stands beside every heating one.
one_slope as (

    select
        * exclude (cooling_balance_point_c),
        cast(null as double) as cooling_balance_point_c,
        'heating' as form_code,
        hy_mw_c / hh_c2 as heating_slope_mw_per_c,
        cast(0 as double) as cooling_slope_mw_per_c
    from moments
    where
        hh_c2 > 1e-6
        and cooling_balance_point_c = (
            select max(balance_point_c) from {{ ref('int_balance_points_listed') }}
            where side_code = 'cooling'
        )

),

unioned as (

    select * from two_slopes
    union all by name
    select * from one_slope

),

solved as (

    select
        *,
        yy_mw2 - heating_slope_mw_per_c * hy_mw_c - cooling_slope_mw_per_c * cy_mw_c as squared_error_sum_mw2
    from unioned

)

select * from solved
