with

held_days as (

    select
        series_code,
        season_regime_code,
        day_class_code,
        calendar_quarter_code,
        year(date_day) * 4 + quarter(date_day) as quarter_number,
        segment_start_on,
        count(case when exclusion_code is null then 1 end) > 0 as is_fitted
    from {{ ref('int_regression_days_prepared') }}
    group by all

),

series as (select * from {{ ref('int_load_series_listed') }}),

windows as (select * from {{ ref('windows') }}),

window_segments as (

    select distinct
        window_code,
        season_regime_code,
        segment_start_on
    from {{ ref('int_window_days_listed') }}

),

quarters as (

    select distinct
        calendar_quarter_code,
        quarter_number
    from held_days

),

-- The last year is held out, in whole quarters, so that training is again a sum of sums; a window under two years has
-- none.
hold_outs as (

    select
        held_days.series_code,
        window_segments.window_code,
        max(held_days.quarter_number) - 3 as hold_out_quarter_number
    from held_days
    inner join series using (series_code)
    inner join window_segments using (season_regime_code, segment_start_on)
    -- Hours and other variants are not held out.
    where series.is_daily
    group by held_days.series_code, window_segments.window_code
    having max(held_days.quarter_number) - min(held_days.quarter_number) >= 7

),

held as (

    select
        series.series_code,
        series.series_number,
        series.is_daily,
        windows.window_code,
        windows.window_kind_code = 'all' and series.is_daily as is_tried_further,
        held_days.season_regime_code,
        held_days.day_class_code,
        held_days.calendar_quarter_code,
        quarters.calendar_quarter_code as hold_out_quarter_code
    from held_days
    inner join series using (series_code)
    inner join window_segments using (season_regime_code, segment_start_on)
    inner join windows using (window_code)
    left join hold_outs using (series_code, window_code)
    left join quarters on hold_outs.hold_out_quarter_number = quarters.quarter_number
    where held_days.is_fitted

),

-- The days that a fit sees: a window whole, without each quarter, without its last year; of the longest window also
-- without each season and each class of days.
sampled as (

    {% for kind_code, left_out_code, condition in [
        ('none', "'none'", 'true'),
        ('quarter', 'calendar_quarter_code', 'true'),
        ('hold_out', 'hold_out_quarter_code', 'hold_out_quarter_code is not null'),
        ('season', season_code('season_regime_code'), 'is_tried_further'),
        ('day_class', 'day_class_code', 'is_tried_further'),
    ] -%}
    select distinct
        series_code,
        series_number,
        is_daily,
        window_code,
        '{{ kind_code }}' as left_out_kind_code,
        {{ left_out_code }} as left_out_code
    from held
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

numbered as (

    select
        *,
        cast(row_number() over (order by series_code, window_code, left_out_kind_code, left_out_code) as integer)
            as sample_number
    from sampled

),

final as (

    select
        *,
        min(case when left_out_kind_code = 'none' then sample_number end)
            over (partition by series_code, window_code) as whole_sample_number
    from numbered

)

select * from final
