with

quarter_sums as (

    select * from {{ ref('int_cell_sums_accumulated') }}

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
        'none' as left_out_code,
        side_code,
        balance_point_c,
        {% for measure in cell_sum_measures() -%}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from quarter_sums
    group by all

),

-- Every cell of a regime gets a row for every leave-out that touches the regime, whether it touches the cell or not, so
-- that a regime without the left-out days is the plain sum of its cells.
touched_regimes as (

    select distinct
        quarter_sums.series_code,
        quarter_sums.season_regime_code,
        left_out_quarters.left_out_code
    from quarter_sums
    inner join left_out_quarters
        on
            quarter_sums.series_code = left_out_quarters.series_code
            and quarter_sums.calendar_quarter_code = left_out_quarters.calendar_quarter_code

),

left_out_sums as (

    select
        quarter_sums.series_code,
        quarter_sums.calendar_cell_code,
        left_out_quarters.left_out_code,
        quarter_sums.side_code,
        quarter_sums.balance_point_c,
        {% for measure in cell_sum_measures() -%}
        sum(quarter_sums.{{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from quarter_sums
    inner join left_out_quarters
        on
            quarter_sums.series_code = left_out_quarters.series_code
            and quarter_sums.calendar_quarter_code = left_out_quarters.calendar_quarter_code
    group by all

),

-- A cell without some of its quarters is its total less those quarters: no day is read again.
reduced as (

    select
        totals.series_code,
        totals.season_regime_code,
        totals.day_class_code,
        totals.calendar_cell_code,
        touched_regimes.left_out_code,
        totals.side_code,
        totals.balance_point_c,
        {% for measure in cell_sum_measures() -%}
        totals.{{ measure }} - coalesce(left_out_sums.{{ measure }}, 0) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
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
            and totals.side_code = left_out_sums.side_code
            and totals.balance_point_c = left_out_sums.balance_point_c

),

unioned as (

    select * from totals
    union all
    select * from reduced

)

select * from unioned
