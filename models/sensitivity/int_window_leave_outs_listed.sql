with

quarter_sums as (

    select * from {{ ref('int_cell_loads_accumulated') }}

),

left_out_quarters as (

    select * from {{ ref('int_left_out_quarters_listed') }}

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

spans as (

    select * from {{ ref('int_windows_spanned') }}

),

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

listed as (

    select
        windows.window_code,
        touched_regimes.series_code,
        touched_regimes.season_regime_code,
        touched_regimes.left_out_code as regime_left_out_code,
        case
            when touched_regimes.left_out_code = spans.hold_out_code then 'hold_out'
            else touched_regimes.left_out_code
        end as left_out_code
    from touched_regimes
    inner join windows on touched_regimes.season_regime_code = windows.season_regime_code
    left join spans
        on
            windows.window_code = spans.window_code
            and touched_regimes.series_code = spans.series_code
    -- Each window has its own hold-out; those of other windows do not concern it.
    where
        touched_regimes.left_out_code not like 'from_%'
        or touched_regimes.left_out_code = spans.hold_out_code

)

select * from listed
