with

cell_degrees as (

    select * from {{ ref('int_cell_degree_leave_outs_summed') }}

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
        side_code,
        balance_point_c,
        sum(degree_days_count) as degree_days_count,
        coalesce(
            sum({{ within_moment('days_count', 'degrees_sum_c', 'degrees_sum_c', 'degrees_square_sum_c2') }}), 0
        ) as degrees_degrees_c2,
        coalesce(
            sum({{ within_moment('days_count', 'degrees_sum_c', 'load_sum_mw', 'degrees_load_sum_mw_c') }}), 0
        ) as degrees_load_mw_c
    from cell_degrees
    group by all

),

{{ window_sums(
    'regime_sums',
    ['side_code', 'balance_point_c'],
    ['degree_days_count', 'degrees_degrees_c2', 'degrees_load_mw_c'],
) }}

select * from summed
