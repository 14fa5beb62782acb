-- How far ahead can a day's consumption be predicted, and how much better than by looking at last week?
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
        round(avg(scores.mape_pct) filter (scores.forecast_code = 'dataelec'), 2) as mape_pct,
        round(avg(scores.half_hourly_mape_pct) filter (scores.forecast_code = 'dataelec'), 2)
            as half_hourly_mape_pct,
        round(avg(scores.mape_pct) filter (scores.forecast_code = 'dataelec_forecast_temperatures'), 2)
            as forecast_temperatures_mape_pct,
        round(avg(scores.mape_pct) filter (scores.forecast_code = 'rte'), 2) as rte_mape_pct,
        round(avg(scores.mape_pct) filter (scores.forecast_code = 'same_weekday'), 2) as same_weekday_mape_pct,
        round(avg(scores.mape_pct) filter (scores.forecast_code = 'persistence'), 2) as persistence_mape_pct,
        round(avg(scores.coverage_80_pct) filter (scores.forecast_code = 'dataelec'), 1) as coverage_80_pct,
        round(avg(scores.coverage_95_pct) filter (scores.forecast_code = 'dataelec'), 1) as coverage_95_pct
    from scores
    inner join newest on scores.period_code = newest.period_code
    group by scores.period_code, scores.territory_level_code, scores.horizon_days, scores.is_simulated

)

select * from compared
order by territory_level_code, horizon_days
