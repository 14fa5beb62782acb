{%- set loads_begun = [] -%}
{%- for part in forecast_begun_parts() %}{% do loads_begun.append('load_begun_' ~ part) %}{% endfor -%}
with recursive

{{ forecast_fits_solved('is_of_load', ['load'] + loads_begun, 0) }}

select
    moments_solved.region_code,
    moments_solved.fit_month_on,
    term_numbers.published_term_number as term_number,
    moments_solved.load_coefficient,
    [
        {%- for load in loads_begun %}
        moments_solved.{{ load }}_coefficient{{ ',' if not loop.last }}
        {%- endfor %}
    ] as load_begun_coefficients
from moments_solved
inner join term_numbers using (term_number)
