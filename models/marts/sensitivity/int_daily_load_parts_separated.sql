{%- set terms = fit_terms() -%}
with

coefficients as (

    select * from {{ ref('int_slope_leave_outs_united') }}
    where
        window_code = 'all'
        and specification_code = 'predictive'
        and left_out_code = 'none'
        -- A term that the fit leaves out is no term.
        and coefficient <> 0

),

terms as (

    select
        left_term_code as term_code,
        term_kind_code,
        quantity_code
    from {{ ref('int_term_pairs_listed') }}
    where is_square

),

driver_quantities as (select * from {{ ref('driver_quantities') }}),

fitted_days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

dates as (select * from {{ ref('dim_dates') }}),

sums as (select * from {{ ref('int_series_sums_listed') }}),

calendar_parts as (

    select * from {{ ref('int_calendar_parts_compared') }}
    where left_out_code = 'none'

),

driver_terms as (

    select
        coefficients.series_code,
        driver_quantities.driver_code,
        terms.term_kind_code,
        coefficients.parameter,
        coefficients.coefficient
    from coefficients
    inner join terms using (term_code)
    inner join driver_quantities using (quantity_code)

),

-- A driver without a term in the fit has no part, least of all zero.
explained as (

    select
        fitted_days.series_code,
        fitted_days.date_day,
        {% for driver in ['temperature', 'wind', 'light'] -%}
        sum(
            case
                when driver_terms.driver_code = '{{ driver }}'
                    then
                        driver_terms.coefficient
                        * {{ term_value_of_row(
                            terms, 'driver_terms.term_kind_code', 'driver_terms.parameter', 'fitted_days'
                        ) }}
            end
        ) as {{ driver }}_part_mw{{ ',' if not loop.last }}
        {% endfor %}
    from fitted_days
    inner join driver_terms using (series_code)
    group by fitted_days.series_code, fitted_days.date_day

),

regional as (

    select
        explained.*,
        fitted_days.load_mean_mw,
        calendar_parts.day_class_part_mw,
        calendar_parts.holidays_part_mw,
        calendar_parts.regime_part_mw
    from explained
    inner join fitted_days using (series_code, date_day)
    inner join dates using (date_day)
    inner join calendar_parts
        on
            fitted_days.series_code = calendar_parts.series_code
            and fitted_days.season_regime_code = calendar_parts.season_regime_code
            and fitted_days.day_class_code = calendar_parts.day_class_code
            and {{ weekday_code('dates.iso_weekday') }} = calendar_parts.weekday_code

),

summed as (

    select
        sums.sum_series_code as series_code,
        regional.date_day,
        sum(regional.load_mean_mw) as load_mean_mw,
        {% for driver in ['temperature', 'wind', 'light', 'day_class', 'holidays', 'regime'] -%}
        -- What one region lacks the sum lacks.
        case when count(*) = count(regional.{{ driver }}_part_mw) then sum(regional.{{ driver }}_part_mw) end
            as {{ driver }}_part_mw{{ ',' if not loop.last }}
        {% endfor %}
    from regional
    inner join sums using (series_code)
    group by sums.sum_series_code, regional.date_day
    having count(*) = max(sums.regions_count)

),

united as (

    select * from regional
    union all by name
    select * from summed

),

separated as (

    select
        *,
        load_mean_mw
        {%- for driver in ['temperature', 'wind', 'light', 'day_class', 'holidays', 'regime'] %}
        - coalesce({{ driver }}_part_mw, 0)
        {%- endfor %} as rest_part_mw
    from united

)

select * from separated
