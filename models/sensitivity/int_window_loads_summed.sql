with

cell_loads as (

    select * from {{ ref('int_cell_load_leave_outs_summed') }}

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

leave_outs as (

    select * from {{ ref('int_window_leave_outs_listed') }}

),

regime_sums as (

    select
        series_code,
        season_regime_code,
        left_out_code,
        sum(days_count) as days_count,
        -- A cell that the left-out quarter emptied has null moments and adds nothing.
        count(case when days_count > 0 then 1 end) as cells_count,
        sum(load_sum_mw) as load_sum_mw,
        coalesce(sum({{ within_moment('days_count', 'load_sum_mw', 'load_sum_mw', 'load_square_sum_mw2') }}), 0)
            as yy_mw2
    from cell_loads
    group by all

),

{{ window_sums('regime_sums', [], ['days_count', 'cells_count', 'load_sum_mw', 'yy_mw2']) }}

select * from summed
