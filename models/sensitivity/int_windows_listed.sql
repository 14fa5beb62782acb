with

days as (

    select * from {{ ref('int_regression_days_prepared') }}

),

regimes as (

    select distinct season_regime_code
    from days

),

-- The codes of regimes sort in time: `2022b` starts at 2022-09-15.
windows as (

    select
        'all' as window_code,
        season_regime_code
    from regimes
    union all
    select
        'season_' || substr(season_regime_code, 1, 4) as window_code,
        season_regime_code
    from regimes
    union all
    select
        case when season_regime_code < '2022b' then 'before_2022_09_15' else 'since_2022_09_15' end as window_code,
        season_regime_code
    from regimes

)

select * from windows
