with

forecasts as (select * from {{ ref('int_half_hourly_forecasts_issued') }}),

{{ conformal_intervals(
    'forecasts', ['territory_level_code', 'territory_code', 'horizon_days', 'half_hour_number']
) }}

select * from calibrated
