{%- set terms = fit_terms('predicting') -%}
{%- set weights = {
    'sum': '',
    'load_sum': ' * loads.load_mean_mw',
    'hours_sum': ' * dates.hours_in_local_day_count',
} -%}
with

parts as (

    select * from {{ ref('int_leave_outs_of_sums_listed') }}
    where left_out_code = 'none'

),

fitted_days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

dates as (select * from {{ ref('dim_dates') }}),

-- A day that lacks a region is no day of a sum.
loads as (

    select
        parts.sum_series_code,
        fitted_days.date_day,
        sum(fitted_days.load_mean_mw) as load_mean_mw
    from fitted_days
    inner join parts using (series_code)
    group by parts.sum_series_code, fitted_days.date_day
    having count(*) = max(parts.regions_count)

),

grouped as (

    select
        fitted_days.series_code,
        loads.sum_series_code,
        fitted_days.season_regime_code,
        fitted_days.day_class_code,
        {{ weekday_code('dates.iso_weekday') }} as weekday_code,
        fitted_days.calendar_quarter_code,
        count(*) as days_count,
        sum(dates.hours_in_local_day_count) as hours_count,
        sum(loads.load_mean_mw) as load_sum_mw,
        sum(loads.load_mean_mw * loads.load_mean_mw) as load_square_sum_mw2,
        sum(loads.load_mean_mw * dates.hours_in_local_day_count) as load_energy_mwh,
        [
            {%- for term in terms %}
            {%- set value = term_value(
                term.shape_code, term.parameter, day_quantities('fitted_days')[term.quantity_code]
            ) %}
            {
                'term_code': '{{ term.left_term_code }}'
                {%- for name, weight in weights.items() %},
                'term_{{ name }}': sum({{ value }}{{ weight }})
                {%- endfor %}
            }{{ ',' if not loop.last }}
            {%- endfor %}
        ] as terms
    from fitted_days
    inner join parts using (series_code)
    inner join loads using (sum_series_code, date_day)
    inner join dates using (date_day)
    group by all

)

select * from grouped
