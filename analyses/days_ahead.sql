-- How far ahead can a day's consumption be told, and how much better than by looking at last week?
-- Mean absolute error of the newest whole year, in % of the day, by horizon: the regions' mean and France, which is
-- their sum. Forecasts know what is known at the hour of issue, and the temperatures that were observed afterwards:
-- with forecast temperatures errors grow, by assumed errors of weather forecasts. RTE's is of the next day. Coverage
-- should be near 80 and 95; where it is not, earlier errors were of another kind.
with

scores as (

    select * from {{ schema_and_table('forecast_score') }}
    where period_kind_code = 'year'

),

newest as (

    select max(period_code) as period_code
    from scores
    where days_count >= 350

),

compared as (

    select
        scores.period_code,
        scores.territory_level_code,
        scores.horizon_days,
        scores.is_simulated,
        avg(case when scores.forecast_code = 'dataelec' then scores.mape_pct end) as mape_pct,
        avg(case when scores.forecast_code = 'dataelec' then scores.half_hourly_mape_pct end) as half_hourly_mape_pct,
        avg(case when scores.forecast_code = 'dataelec_forecast_temperatures' then scores.mape_pct end)
            as forecast_temperatures_mape_pct,
        avg(case when scores.forecast_code = 'rte' then scores.mape_pct end) as rte_mape_pct,
        avg(case when scores.forecast_code = 'same_weekday' then scores.mape_pct end) as same_weekday_mape_pct,
        avg(case when scores.forecast_code = 'persistence' then scores.mape_pct end) as persistence_mape_pct,
        avg(case when scores.forecast_code = 'dataelec' then scores.coverage_80_pct end) as coverage_80_pct,
        avg(case when scores.forecast_code = 'dataelec' then scores.coverage_95_pct end) as coverage_95_pct
    from scores
    inner join newest on scores.period_code = newest.period_code
    group by scores.period_code, scores.territory_level_code, scores.horizon_days, scores.is_simulated

)

select * from compared
order by territory_level_code, horizon_days
