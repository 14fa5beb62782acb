with

forecasts as (select * from {{ ref('int_forecasts_issued') }}),

{{ conformal_intervals('forecasts', ['forecast_code', 'territory_level_code', 'territory_code', 'horizon_days']) }}

select * from calibrated
