{%- set half_hours = [] -%}
{%- for number in range(1, 49) %}{% do half_hours.append('half_hour_' ~ number) %}{% endfor -%}
with recursive

{{ forecast_fits_solved('is_of_shape', half_hours, -1 - forecast_begun_parts() | max, half_hourly_months()) }}

select
    moments_solved.region_code,
    moments_solved.fit_month_on,
    term_numbers.published_term_number as term_number,
    [
        {%- for half_hour in half_hours %}
        moments_solved.{{ half_hour }}_coefficient{{ ',' if not loop.last }}
        {%- endfor %}
    ] as shape_coefficients
from moments_solved
inner join term_numbers using (term_number)
