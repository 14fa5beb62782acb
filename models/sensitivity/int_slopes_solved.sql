{{ config(materialized='view') }}

with

loads as (

    select * from {{ ref('int_window_loads_summed') }}

),

degree_moments as (

    select * from {{ ref('int_window_degree_moments_summed') }}
    -- Below this the sums hold only rounding: no day beyond the balance point.
    where degrees_degrees_c2 > 1e-6

),

cross_moments as (

    select * from {{ ref('int_window_cross_moments_summed') }}

),

with_waves as (

    select
        window_code,
        series_code,
        left_out_code,
        heating_balance_point_c,
        cooling_balance_point_c,
        {{ moment_measures() | join(',\n        ') }}
    from {{ ref('int_wave_moments_reduced') }}
    where hh_c2 > 1e-6

),

heating as (

    select
        loads.*,
        degree_moments.balance_point_c as heating_balance_point_c,
        degree_moments.degrees_degrees_c2 as hh_c2,
        degree_moments.degrees_load_mw_c as hy_mw_c
    from loads
    inner join degree_moments
        on
            loads.window_code = degree_moments.window_code
            and loads.series_code = degree_moments.series_code
            and loads.left_out_code = degree_moments.left_out_code
    where degree_moments.side_code = 'heating'

),

moments_of_two as (

    select
        heating.*,
        cooling.balance_point_c as cooling_balance_point_c,
        -- A pair that no calendar cell holds has nothing in common.
        coalesce(cross_moments.hc_c2, 0) as hc_c2,
        cooling.degrees_degrees_c2 as cc_c2,
        cooling.degrees_load_mw_c as cy_mw_c,
        false as is_with_waves
    from heating
    inner join degree_moments as cooling
        on
            cooling.side_code = 'cooling'
            and heating.window_code = cooling.window_code
            and heating.series_code = cooling.series_code
            and heating.left_out_code = cooling.left_out_code
            and cooling.balance_point_c >= heating.heating_balance_point_c + 2
    left join cross_moments
        on
            heating.window_code = cross_moments.window_code
            and heating.series_code = cross_moments.series_code
            and heating.left_out_code = cross_moments.left_out_code
            and heating.heating_balance_point_c = cross_moments.heating_balance_point_c
            and cooling.balance_point_c = cross_moments.cooling_balance_point_c
    union all by name
    select
        *,
        true as is_with_waves
    from with_waves
    where cc_c2 > 1e-6

),

two_slopes as (

    select
        *,
        'heating_and_cooling' as form_code,
        {{ heating_slope_two('hh_c2', 'hc_c2', 'cc_c2', 'hy_mw_c', 'cy_mw_c') }} as heating_slope_mw_per_c,
        {{ cooling_slope_two('hh_c2', 'hc_c2', 'cc_c2', 'hy_mw_c', 'cy_mw_c') }} as cooling_slope_mw_per_c
    from moments_of_two

),

moments_of_one as (

    select
        *,
        false as is_with_waves
    from heating
    union all by name
    select
        * exclude (cooling_balance_point_c, hc_c2, cc_c2, cy_mw_c),
        true as is_with_waves
    from with_waves

),

one_slope as (

    select
        *,
        cast(null as double) as cooling_balance_point_c,
        cast(null as double) as hc_c2,
        cast(null as double) as cc_c2,
        cast(null as double) as cy_mw_c,
        'heating' as form_code,
        hy_mw_c / hh_c2 as heating_slope_mw_per_c,
        cast(0 as double) as cooling_slope_mw_per_c
    from moments_of_one

),

unioned as (

    select * from two_slopes
    union all by name
    select * from one_slope

),

solved as (

    select
        *,
        yy_mw2 - heating_slope_mw_per_c * hy_mw_c - cooling_slope_mw_per_c * coalesce(cy_mw_c, 0)
            as squared_error_sum_mw2
    from unioned

)

select * from solved
