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

{{ cell_leave_outs(['side_code', 'balance_point_c'], degree_measures()) }}

select * from reduced
