with

quarter_sums as (

    select * from {{ ref('int_cell_loads_accumulated') }}

),

spans as (

    select * from {{ ref('int_windows_spanned') }}

),

quarters as (

    select distinct
        series_code,
        calendar_quarter_code
    from quarter_sums

),

single_quarters as (

    select
        series_code,
        calendar_quarter_code as left_out_code,
        calendar_quarter_code
    from quarters

),

hold_outs as (

    select distinct
        series_code,
        hold_out_code
    from spans
    where hold_out_code is not null

),

-- Leaving out the hold-out leaves the training days.
hold_out_quarters as (

    select
        hold_outs.series_code,
        hold_outs.hold_out_code as left_out_code,
        quarters.calendar_quarter_code
    from hold_outs
    inner join quarters
        on
            hold_outs.series_code = quarters.series_code
            and hold_outs.hold_out_code <= 'from_' || quarters.calendar_quarter_code

),

unioned as (

    select * from single_quarters
    union all
    select * from hold_out_quarters

)

select * from unioned
