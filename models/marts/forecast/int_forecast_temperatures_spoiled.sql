with

days as (select * from {{ ref('int_forecast_days_prepared') }}),

fits as (select * from {{ ref('int_forecast_fits_solved') }}),

sizes as (select * from {{ ref('forecast_temperature_errors') }}),

terms as (

    select
        *,
        {{ forecast_term_number() }} as term_number
    from {{ ref('forecast_terms') }}

),

-- What goes wrong anew on each day of a weather forecast, everywhere and in the region.
shocks as (

    select
        days.region_code,
        days.date_day as issued_on,
        sizes.horizon_days,
        sizes.error_c,
        sqrt({{ temperature_error_common_share() }})
        * {{ normal_of_text("days.date_day || '/' || sizes.horizon_days") }}
        + sqrt(1 - {{ temperature_error_common_share() }})
        * {{ normal_of_text("days.date_day || '/' || sizes.horizon_days || '/' || days.region_code") }} as shock
    from days
    cross join sizes

),

errors as (

    select
        region_code,
        issued_on,
        horizon_days,
        error_c
        * sum(shock * pow({{ temperature_error_carried_share() }}, -horizon_days)) over ahead
        / sqrt(sum(pow({{ temperature_error_carried_share() }}, -2 * horizon_days)) over ahead) as error_mean_c
    from shocks
    window ahead as (partition by region_code, issued_on order by horizon_days)

),

spoiled as (

    select
        *,
        (
            error_mean_c
            + 0.5 * coalesce(lag(error_mean_c, 1) over ahead, 0)
            + 0.25 * coalesce(lag(error_mean_c, 2) over ahead, 0)
        ) / 1.75 as error_smoothed_c
    from errors
    window ahead as (partition by region_code, issued_on order by horizon_days)

),

-- What the fit of the month makes of the difference.
changes as (

    select
        spoiled.region_code,
        spoiled.issued_on,
        spoiled.horizon_days,
        sum(
            fits.load_coefficient * case
                {% for quantity in ['mean', 'smoothed'] -%}
                {% for shape in ['below', 'above'] -%}
                {%- set observed = 'days.temperature_' ~ quantity ~ '_c' -%}
                {%- set forecast = '(' ~ observed ~ ' + spoiled.error_' ~ quantity ~ '_c)' %}
                when terms.quantity_code = 'temperature_{{ quantity }}_c' and terms.shape_code = '{{ shape }}'
                    then
                        {{ term_value(shape, 'terms.parameter', forecast) }}
                        - {{ term_value(shape, 'terms.parameter', observed) }}
                {% endfor -%}
                {% endfor -%}
            end
        ) as load_change_mw
    from spoiled
    inner join fits
        on
            spoiled.region_code = fits.region_code
            and cast(date_trunc('month', spoiled.issued_on) as date) = fits.fit_month_on
    inner join terms using (term_number)
    inner join days
        on
            spoiled.region_code = days.region_code
            and spoiled.issued_on + spoiled.horizon_days = days.date_day
    where
        spoiled.horizon_days > 0
        and terms.quantity_code in ('temperature_mean_c', 'temperature_smoothed_c')
    group by spoiled.region_code, spoiled.issued_on, spoiled.horizon_days

)

select * from changes
