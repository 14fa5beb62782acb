with recursive

{{ forecast_fits_solved('is_of_load', ['load', 'load_begun'], 0) }}

select
    moments_solved.region_code,
    moments_solved.fit_month_on,
    term_numbers.published_term_number as term_number,
    moments_solved.load_coefficient,
    moments_solved.load_begun_coefficient
from moments_solved
inner join term_numbers using (term_number)
