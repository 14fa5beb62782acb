with

series as (

    select * from {{ ref('int_load_series_listed') }}

),

sums as (

    select
        series_number,
        season_regime_code,
        segment_start_on,
        day_class_code,
        calendar_quarter_code
    from {{ ref('int_products_accumulated') }}

),

windows as (

    select * from {{ ref('windows') }}

),

window_segments as (

    select distinct
        window_code,
        season_regime_code,
        segment_start_on
    from {{ ref('int_window_days_listed') }}

),

spans as (

    select * from {{ ref('int_answers_asked') }}

),

held as (

    select
        windows.window_code,
        windows.window_kind_code,
        series.series_code,
        series.is_daily,
        sums.*
    from sums
    inner join series on sums.series_number = series.series_number
    inner join window_segments
        on
            sums.season_regime_code = window_segments.season_regime_code
            and sums.segment_start_on = window_segments.segment_start_on
    inner join windows on window_segments.window_code = windows.window_code

),

-- The days that a fit sees: a window whole, without each quarter, without its last year; of the longest window also
-- without each season and each class of days.
sampled as (

    select distinct
        series_code,
        window_code,
        'none' as left_out_kind_code,
        'none' as left_out_code
    from held
    union all
    select distinct
        series_code,
        window_code,
        'quarter' as left_out_kind_code,
        calendar_quarter_code as left_out_code
    from held
    union all
    select
        held.series_code,
        held.window_code,
        'hold_out' as left_out_kind_code,
        min(spans.hold_out_quarter_code) as left_out_code
    from held
    inner join spans
        on
            held.series_code = spans.series_code
            and held.window_code = spans.window_code
    where spans.hold_out_quarter_code is not null
    group by held.series_code, held.window_code
    union all
    select distinct
        series_code,
        window_code,
        'season' as left_out_kind_code,
        'season_' || substr(season_regime_code, 1, 4) as left_out_code
    from held
    where
        window_kind_code = 'all'
        and is_daily
    union all
    select distinct
        series_code,
        window_code,
        'day_class' as left_out_kind_code,
        day_class_code as left_out_code
    from held
    where
        window_kind_code = 'all'
        and is_daily

),

numbered as (

    select
        cast(row_number() over (order by series_code, window_code, left_out_kind_code, left_out_code) as integer)
            as sample_number,
        *
    from sampled

)

select * from numbered
