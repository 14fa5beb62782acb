with

days as (

    select * from {{ ref('int_regression_days_prepared') }}

),

regimes as (

    select distinct season_regime_code
    from days

),

windows as (

    select
        'all' as window_code,
        season_regime_code
    from regimes

)

select * from windows
