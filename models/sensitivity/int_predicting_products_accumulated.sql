with

series as (select * from {{ ref('int_load_series_listed') }}),

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

{{ accumulated_products('predicting', 'series.is_daily') }}

select * from accumulated_predicting
