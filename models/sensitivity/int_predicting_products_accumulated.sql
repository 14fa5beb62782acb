with

series as (

    select * from {{ ref('int_load_series_listed') }}

),

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

segments as (

    select distinct
        date_day,
        segment_start_on
    from {{ ref('int_window_days_listed') }}

),

day_groups as (

    select * from {{ ref('int_day_groups_numbered') }}

),

{{ accumulated_products('predicting', 'series.is_daily') }}

select * from accumulated_predicting
