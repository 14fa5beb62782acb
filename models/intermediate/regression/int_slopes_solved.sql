with

moments as (

    select
        *,
        false as is_with_waves
    from {{ ref('int_window_moments_summed') }}
    union all by name
    select
        *,
        true as is_with_waves
    from {{ ref('int_harmonic_moments_reduced') }}

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

-- The moments of heating do not depend on the cooling balance point: any one row per heating balance point will do.
one_slope as (

    select
        * exclude (cooling_balance_point_c),
        cast(null as double) as cooling_balance_point_c,
        'heating' as form_code,
        hy_mw_c / hh_c2 as heating_slope_mw_per_c,
        cast(0 as double) as cooling_slope_mw_per_c
    from moments
    where hh_c2 > 1e-6
    qualify
        row_number() over (
            partition by window_code, series_code, left_out_code, is_with_waves, heating_balance_point_c
            order by cooling_balance_point_c desc
        ) = 1

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
