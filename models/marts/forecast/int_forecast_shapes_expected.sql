{%- set half_hours = range(1, 49) -%}
with

days as (select * from {{ ref('int_forecast_days_prepared') }}),

terms as (select * from {{ ref('int_forecast_terms_valued') }}),

fits as (select * from {{ ref('int_forecast_shapes_solved') }}),

expected as (

    select
        fits.region_code,
        fits.fit_month_on,
        terms.date_day,
        [
            {%- for half_hour in half_hours %}
            sum(terms.term_value * fits.shape_coefficients[{{ half_hour }}]){{ ',' if not loop.last }}
            {%- endfor %}
        ] as shape_expected_mw
    from fits
    inner join terms
        on
            fits.region_code = terms.region_code
            and fits.term_number = terms.term_number
            and terms.date_day between
            fits.fit_month_on - {{ shape_training_days() }} and fits.fit_month_on + 31 + {{ half_hourly_horizons() }}
    group by fits.region_code, fits.fit_month_on, terms.date_day

),

compared as (

    select
        expected.*,
        days.first_fit_month_on,
        days.load_lag_days,
        case
            when days.shape_mw is not null
                then list_transform(
                    list_zip(days.shape_mw, expected.shape_expected_mw),
                    lambda pair: pair[1] - pair[2]
                )
        end as residual_shape_mw
    from expected
    inner join days using (region_code, date_day)

),

-- What is left of the shape in the week up to each day.
remembered as (

    select
        *,
        case
            when count(residual_shape_mw) over last_week > 0
                then [
                    {%- for half_hour in half_hours %}
                    avg(residual_shape_mw[{{ half_hour }}]) over last_week{{ ',' if not loop.last }}
                    {%- endfor %}
                ]
        end as last_week_shape_mw
    from compared
    window last_week as (
        partition by region_code, fit_month_on order by date_day
        range between interval 6 day preceding and current row
    )

)

select
    *,
    -- The last day beside its week.
    case
        when residual_shape_mw is not null
            then list_transform(list_zip(residual_shape_mw, last_week_shape_mw), lambda pair: pair[1] - pair[2])
    end as last_day_shape_mw
from remembered
