-- Detects: wrong factors, a filière forgotten or counted twice, pumping that is not taken off. A row is a year or month
-- whose published rate no edition of the factors explains to 2 g/kWh: RTE has new ones, or we err.
{{ config(severity='warn' if target.name == 'live' else 'error') }}

select
    period_kind_code,
    period_year,
    period_of_year_code,
    min(abs(co2_intensity_g_per_kwh - co2_intensity_published_g_per_kwh)) as difference_g_per_kwh
from {{ ref('carbon_intensity') }}
where period_kind_code <> 'hour_of_day'
group by period_kind_code, period_year, period_of_year_code
having min(abs(co2_intensity_g_per_kwh - co2_intensity_published_g_per_kwh)) > 2
