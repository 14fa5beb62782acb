-- Detects a wrong closed form: six days whose loads are exactly 50 + 3 h + 2 c must give the slopes 3 and 2, heating
-- alone must give the regression on h, and the jackknife error of 1, 2, 3, 4 is sqrt(3 / 4 * 5). A row is a figure
-- that is off.
with

observations (heating_degrees_c, cooling_degrees_c, load_mw) as (

    values
    (5.0, 0.0, 65.0),
    (3.0, 0.0, 59.0),
    (0.0, 0.0, 50.0),
    (0.0, 2.0, 54.0),
    (0.0, 4.0, 58.0),
    (1.0, 0.0, 53.0)

),

sums as (

    select
        count(*) as n,
        sum(heating_degrees_c) as h,
        sum(cooling_degrees_c) as c,
        sum(load_mw) as y,
        sum(heating_degrees_c * heating_degrees_c) as h_h,
        sum(heating_degrees_c * cooling_degrees_c) as h_c,
        sum(cooling_degrees_c * cooling_degrees_c) as c_c,
        sum(heating_degrees_c * load_mw) as h_y,
        sum(cooling_degrees_c * load_mw) as c_y,
        regr_slope(load_mw, heating_degrees_c) as heating_alone
    from observations

),

moments as (

    select
        {{ within_moment('n', 'h', 'h', 'h_h') }} as hh,
        {{ within_moment('n', 'h', 'c', 'h_c') }} as hc,
        {{ within_moment('n', 'c', 'c', 'c_c') }} as cc,
        {{ within_moment('n', 'h', 'y', 'h_y') }} as hy,
        {{ within_moment('n', 'c', 'y', 'c_y') }} as cy,
        heating_alone
    from sums

),

leave_outs (estimate) as (

    values (1.0), (2.0), (3.0), (4.0)

),

jackknifed as (

    select {{ jackknife_se('estimate') }} as jackknife_se
    from leave_outs

),

figures as (

    select
        'heating slope of two' as figure,
        {{ heating_slope_two('hh', 'hc', 'cc', 'hy', 'cy') }} as computed,
        3.0 as expected
    from moments
    union all
    select
        'cooling slope of two' as figure,
        {{ cooling_slope_two('hh', 'hc', 'cc', 'hy', 'cy') }} as computed,
        2.0 as expected
    from moments
    union all
    select
        'heating slope alone' as figure,
        hy / hh as computed,
        heating_alone as expected
    from moments
    union all
    select
        'jackknife error' as figure,
        jackknife_se as computed,
        sqrt(3.75) as expected
    from jackknifed

)

select *
from figures
where
    computed is null
    or abs(computed - expected) > 1e-12
