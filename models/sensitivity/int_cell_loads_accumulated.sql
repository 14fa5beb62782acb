with

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

accumulated as (

    select
        series_code,
        season_regime_code,
        day_class_code,
        calendar_cell_code,
        calendar_quarter_code,
        count(*) as days_count,
        sum(load_mean_mw) as load_sum_mw,
        sum(load_mean_mw * load_mean_mw) as load_square_sum_mw2
    from days
    group by all

)

select * from accumulated
