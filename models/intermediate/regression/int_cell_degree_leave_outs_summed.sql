with

quarter_sums as (

    select * from {{ ref('int_cell_degrees_accumulated') }}

),

left_out_quarters as (

    select * from {{ ref('int_left_out_quarters_listed') }}

),

cell_loads as (

    select * from {{ ref('int_cell_load_leave_outs_summed') }}

),

totals as (

    select
        series_code,
        calendar_cell_code,
        side_code,
        balance_point_c,
        {% for measure in degree_measures() -%}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from quarter_sums
    group by all

),

left_out_sums as (

    select
        quarter_sums.series_code,
        quarter_sums.calendar_cell_code,
        left_out_quarters.left_out_code,
        quarter_sums.side_code,
        quarter_sums.balance_point_c,
        {% for measure in degree_measures() -%}
        sum(quarter_sums.{{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from quarter_sums
    inner join left_out_quarters
        on
            quarter_sums.series_code = left_out_quarters.series_code
            and quarter_sums.calendar_quarter_code = left_out_quarters.calendar_quarter_code
    group by all

),

-- Beside the degrees of each cell stand its days and its load, degrees or none; `none` has nothing to take away.
reduced as (

    select
        cell_loads.series_code,
        cell_loads.season_regime_code,
        cell_loads.day_class_code,
        cell_loads.calendar_cell_code,
        cell_loads.left_out_code,
        totals.side_code,
        totals.balance_point_c,
        cell_loads.days_count,
        cell_loads.load_sum_mw,
        {% for measure in degree_measures() -%}
        totals.{{ measure }} - coalesce(left_out_sums.{{ measure }}, 0) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from cell_loads
    inner join totals
        on
            cell_loads.series_code = totals.series_code
            and cell_loads.calendar_cell_code = totals.calendar_cell_code
    left join left_out_sums
        on
            totals.series_code = left_out_sums.series_code
            and totals.calendar_cell_code = left_out_sums.calendar_cell_code
            and totals.side_code = left_out_sums.side_code
            and totals.balance_point_c = left_out_sums.balance_point_c
            and cell_loads.left_out_code = left_out_sums.left_out_code

)

select * from reduced
