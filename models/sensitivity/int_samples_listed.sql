with

products as (select * from {{ ref('int_products_accumulated') }}),

series as (select * from {{ ref('int_load_series_listed') }}),

windows as (select * from {{ ref('windows') }}),

window_segments as (

    select distinct
        window_code,
        season_regime_code,
        segment_start_on
    from {{ ref('int_window_days_listed') }}

),

hold_outs as (

    select
        series_code,
        window_code,
        hold_out_quarter_code
    from {{ ref('int_answers_asked') }}

),

held as (

    select
        series.series_code,
        series.series_number,
        series.is_daily,
        windows.window_code,
        windows.window_kind_code = 'all' and series.is_daily as is_tried_further,
        products.season_regime_code,
        products.day_class_code,
        products.calendar_quarter_code,
        hold_outs.hold_out_quarter_code
    from products
    inner join series using (series_number)
    inner join window_segments using (season_regime_code, segment_start_on)
    inner join windows using (window_code)
    left join hold_outs using (series_code, window_code)

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
