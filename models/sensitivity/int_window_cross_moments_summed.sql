with

cell_degrees as (

    select
        series_code,
        season_regime_code,
        calendar_cell_code,
        left_out_code,
        side_code,
        balance_point_c,
        days_count,
        degrees_sum_c
    from {{ ref('int_cell_degree_leave_outs_summed') }}

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

leave_outs as (

    select * from {{ ref('int_window_leave_outs_listed') }}

),

-- The balance points lie at least 2 °C apart, so that no day has both kinds of degrees: only the means of cells that
-- have days of both kinds remain.
regime_sums as (

    select
        heating.series_code,
        heating.season_regime_code,
        heating.left_out_code,
        heating.balance_point_c as heating_balance_point_c,
        cooling.balance_point_c as cooling_balance_point_c,
        coalesce(sum(-heating.degrees_sum_c * cooling.degrees_sum_c / nullif(heating.days_count, 0)), 0) as hc_c2
    from cell_degrees as heating
    inner join cell_degrees as cooling
        on
            heating.series_code = cooling.series_code
            and heating.calendar_cell_code = cooling.calendar_cell_code
            and heating.left_out_code = cooling.left_out_code
            and cooling.balance_point_c >= heating.balance_point_c + 2
    where
        heating.side_code = 'heating'
        and cooling.side_code = 'cooling'
    group by all

),

{{ window_sums('regime_sums', ['heating_balance_point_c', 'cooling_balance_point_c'], ['hc_c2']) }}

select * from summed
