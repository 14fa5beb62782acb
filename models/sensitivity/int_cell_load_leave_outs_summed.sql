with

quarter_sums as (

    select * from {{ ref('int_cell_loads_accumulated') }}

),

left_out_quarters as (

    select * from {{ ref('int_left_out_quarters_listed') }}

),

totals as (

    select
        series_code,
        season_regime_code,
        day_class_code,
        calendar_cell_code,
        sum(days_count) as days_count,
        sum(load_sum_mw) as load_sum_mw,
        sum(load_square_sum_mw2) as load_square_sum_mw2
    from quarter_sums
    group by all

),

-- Every cell of a regime gets a row for every leave-out that touches the regime, whether it touches the cell or not, so
-- that a regime without the left-out days is the plain sum of its cells.
touched_regimes as (

    select distinct
        series_code,
        season_regime_code,
        regime_left_out_code as left_out_code
    from {{ ref('int_window_leave_outs_listed') }}

),

left_out_sums as (

    select
        quarter_sums.series_code,
        quarter_sums.calendar_cell_code,
        left_out_quarters.left_out_code,
        sum(quarter_sums.days_count) as days_count,
        sum(quarter_sums.load_sum_mw) as load_sum_mw,
        sum(quarter_sums.load_square_sum_mw2) as load_square_sum_mw2
    from quarter_sums
    inner join left_out_quarters
        on
            quarter_sums.series_code = left_out_quarters.series_code
            and quarter_sums.calendar_quarter_code = left_out_quarters.calendar_quarter_code
    group by all

),

-- A cell without some of its quarters is its total less those quarters: no day is read again.
unioned as (

    select
        *,
        'none' as left_out_code
    from totals
    union all by name
    select
        totals.* exclude (days_count, load_sum_mw, load_square_sum_mw2),
        touched_regimes.left_out_code,
        totals.days_count - coalesce(left_out_sums.days_count, 0) as days_count,
        totals.load_sum_mw - coalesce(left_out_sums.load_sum_mw, 0) as load_sum_mw,
        totals.load_square_sum_mw2 - coalesce(left_out_sums.load_square_sum_mw2, 0) as load_square_sum_mw2
    from totals
    inner join touched_regimes
        on
            totals.series_code = touched_regimes.series_code
            and totals.season_regime_code = touched_regimes.season_regime_code
    left join left_out_sums
        on
            totals.series_code = left_out_sums.series_code
            and totals.calendar_cell_code = left_out_sums.calendar_cell_code
            and touched_regimes.left_out_code = left_out_sums.left_out_code

)

select * from unioned
