{%- set drivers = ['temperature', 'wind', 'light', 'day_class', 'holidays', 'regime', 'rest'] -%}
{%- set covariances = {} -%}
{%- for driver in drivers -%}
    {%- for other in drivers[loop.index0:] -%}
        {%- set name = driver ~ '_' ~ other ~ '_mw2' -%}
        {%- do covariances.update({(driver, other): name, (other, driver): name}) -%}
    {%- endfor -%}
{%- endfor -%}
with

answers as (

    select * from {{ ref('weather_sensitivity') }}
    where
        window_code = 'all'
        and specification_code = 'predictive'

),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where is_daily

),

drivers as (select * from {{ ref('drivers') }}),

parts as (select * from {{ ref('int_daily_load_parts_separated') }}),

share_errors as (select * from {{ ref('int_driver_share_errors_estimated') }}),

student_t as (select * from {{ ref('student_t_quantiles') }}),

dates as (select * from {{ ref('dim_dates') }}),

-- How days differ, and together: every covariance of two parts, once.
moments as (

    select
        parts.series_code,
        count(*) as days_count,
        avg(parts.load_mean_mw) as load_mean_mw,
        var_pop(parts.load_mean_mw) as load_variance_mw2,
        sum(parts.load_mean_mw * dates.hours_in_local_day_count) as load_energy_mwh,
        {%- for driver in drivers %}
        sum(parts.{{ driver }}_part_mw * dates.hours_in_local_day_count) as {{ driver }}_energy_mwh,
        {%- for other in drivers[loop.index0:] %}
        covar_pop(coalesce(parts.{{ driver }}_part_mw, 0), coalesce(parts.{{ other }}_part_mw, 0))
            as {{ covariances[(driver, other)] }}{{ ',' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    from parts
    inner join dates using (date_day)
    group by parts.series_code

),

-- A driver that joins others adds its own variance and twice its covariance with each of them. Over all orders each
-- other one is there before it half the time, so that the mean (Shapley's value) is its covariance with the load; at
-- least and at most come where all those with a negative, or a positive, covariance are there before it.
shared as (

    {% for driver in drivers -%}
    select
        series_code,
        days_count,
        load_mean_mw,
        load_variance_mw2,
        load_energy_mwh,
        '{{ driver }}' as driver_code,
        {{ driver }}_energy_mwh as energy_mwh,
        {{ covariances[(driver, driver)] }}
        {%- for other in drivers if other != driver %}
        + {{ covariances[(driver, other)] }}
        {%- endfor %} as variance_mw2,
        {%- for bound in ['least', 'greatest'] %}
        {{ covariances[(driver, driver)] }}
        {%- for other in drivers if other != driver %}
        + 2 * {{ bound }}({{ covariances[(driver, other)] }}, 0)
        {%- endfor %} as variance_{{ bound }}_mw2{{ ',' if not loop.last }}
        {%- endfor %}
    from moments
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

joined as (

    select
        answers.territory_level_code,
        answers.territory_code,
        answers.territory_label_fr,
        answers.client_type_code,
        drivers.driver_code,
        answers.is_simulated,
        answers.is_load_partly_modelled,
        shared.days_count,
        share_errors.quarters_count,
        shared.load_mean_mw,
        case
            when shared.series_code is null then 'no_fit'
            when shared.energy_mwh is null and answers.territory_level_code <> 'region' then 'not_in_every_region'
            when shared.energy_mwh is null then 'no_term'
        end as driver_reason_code,
        shared.energy_mwh,
        shared.load_energy_mwh,
        shared.variance_mw2,
        shared.variance_least_mw2,
        shared.variance_greatest_mw2,
        shared.load_variance_mw2,
        student_t.quantile_975 * share_errors.energy_share_se as energy_share_half_width,
        student_t.quantile_975 * share_errors.variance_share_se as variance_share_half_width,
        answers.left_out_term_codes
    from answers
    cross join drivers
    left join series
        on
            answers.territory_level_code = series.territory_level_code
            and answers.territory_code = series.territory_code
            and answers.client_type_code = series.client_type_code
    left join shared
        on
            series.series_code = shared.series_code
            and drivers.driver_code = shared.driver_code
    left join share_errors
        on
            shared.series_code = share_errors.series_code
            and shared.driver_code = share_errors.driver_code
    left join student_t
        on
            share_errors.quarters_count - 1 = student_t.degrees_of_freedom
            and share_errors.quarters_count >= {{ fewest_quarters() }}

),

shares as (

    select
        *,
        energy_mwh / load_energy_mwh as energy_share,
        {% for bound in ['', '_least', '_greatest'] -%}
        case when driver_reason_code is null then variance{{ bound }}_mw2 / load_variance_mw2 end
            as variance_share{{ bound }}{{ ',' if not loop.last }}
        {% endfor %}
    from joined

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        client_type_code,
        driver_code,
        is_simulated,
        is_load_partly_modelled,
        cast(days_count as integer) as days_count,
        cast(quarters_count as integer) as quarters_count,
        load_mean_mw,
        energy_mwh,
        energy_share,
        energy_share - energy_share_half_width as energy_share_ci95_low,
        energy_share + energy_share_half_width as energy_share_ci95_high,
        variance_share,
        variance_share - variance_share_half_width as variance_share_ci95_low,
        variance_share + variance_share_half_width as variance_share_ci95_high,
        variance_share_least,
        variance_share_greatest,
        driver_reason_code,
        left_out_term_codes
    from shares

)

select * from final
