with

cell_sums as (

    select * from {{ ref('int_cell_leave_outs_summed') }}

),

heating as (

    select
        *,
        {{ within_moment('days_count', 'load_sum_mw', 'load_sum_mw', 'load_square_sum_mw2') }} as yy_mw2,
        {{ within_moment('days_count', 'degrees_sum_c', 'degrees_sum_c', 'degrees_square_sum_c2') }} as hh_c2,
        {{ within_moment('days_count', 'degrees_sum_c', 'load_sum_mw', 'degrees_load_sum_mw_c') }} as hy_mw_c
    from cell_sums
    where side_code = 'heating'

),

cooling as (

    select
        *,
        {{ within_moment('days_count', 'degrees_sum_c', 'degrees_sum_c', 'degrees_square_sum_c2') }} as cc_c2,
        {{ within_moment('days_count', 'degrees_sum_c', 'load_sum_mw', 'degrees_load_sum_mw_c') }} as cy_mw_c
    from cell_sums
    where side_code = 'cooling'

),

summed as (

    select
        heating.series_code,
        heating.season_regime_code,
        heating.left_out_code,
        heating.balance_point_c as heating_balance_point_c,
        cooling.balance_point_c as cooling_balance_point_c,
        sum(heating.days_count) as days_count,
        -- A cell that the left-out quarter emptied has null moments and adds nothing.
        count(case when heating.days_count > 0 then 1 end) as cells_count,
        sum(heating.load_sum_mw) as load_sum_mw,
        coalesce(sum(heating.yy_mw2), 0) as yy_mw2,
        coalesce(sum(heating.hh_c2), 0) as hh_c2,
        -- The balance points lie at least 2 °C apart, so that no day has both kinds of degrees: only the means remain.
        coalesce(sum(-heating.degrees_sum_c * cooling.degrees_sum_c / nullif(heating.days_count, 0)), 0) as hc_c2,
        coalesce(sum(cooling.cc_c2), 0) as cc_c2,
        coalesce(sum(heating.hy_mw_c), 0) as hy_mw_c,
        coalesce(sum(cooling.cy_mw_c), 0) as cy_mw_c
    from heating
    inner join cooling
        on
            heating.series_code = cooling.series_code
            and heating.calendar_cell_code = cooling.calendar_cell_code
            and heating.left_out_code = cooling.left_out_code
            and cooling.balance_point_c >= heating.balance_point_c + 2
    group by all

)

select * from summed
