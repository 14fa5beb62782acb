with

series as (

    select * from {{ ref('int_load_series_listed') }}

),

chosen as (

    select distinct
        chosen.fit_number,
        chosen.series_code,
        chosen.window_code,
        chosen.specification_code,
        chosen.form_code
    from {{ ref('int_forms_chosen') }} as chosen
    inner join series on chosen.series_code = series.series_code
    where series.is_daily

),

combinations as (

    select * from {{ ref('int_term_combinations_listed') }}

),

moments as (

    select * from {{ ref('int_moments_summed') }}

),

coefficients as (

    select
        chosen.fit_number,
        chosen.series_code,
        chosen.window_code,
        solved.sample_number,
        solved.combination_number,
        solved.slot_number,
        solved.regressor_code,
        solved.coefficient,
        solved.parameter,
        solved.squared_error_sum_mw2,
        solved.days_count,
        solved.days_count - solved.parameters_count as error_degrees_of_freedom,
        pairs.term_kind_code
    from {{ ref('int_fits_solved') }} as solved
    inner join chosen
        on
            solved.series_code = chosen.series_code
            and solved.window_code = chosen.window_code
            and solved.specification_code = chosen.specification_code
            and solved.form_code = chosen.form_code
    inner join {{ ref('int_term_pairs_listed') }} as pairs
        on
            solved.term_code = pairs.left_term_code
            and pairs.is_square
    where
        solved.is_selected
        and solved.left_out_kind_code = 'none'

),

window_days as (

    select
        window_code,
        date_day
    from {{ ref('int_window_days_listed') }}

),

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

residuals as (

    select * from {{ ref('int_fit_residuals_computed') }}
    where not is_held_out

),

dates as (

    select * from {{ ref('dim_dates') }}

),

-- The rows of (X'X)^-1 that belong to slopes: the same elimination, with ones in the places of the load.
{% for form in fit_forms() if form.slopes -%}
{%- set name, slots, slopes = form.name, form.slots, form.slopes -%}
{%- set units = [] -%}
{%- for slope in range(slots - slopes + 1, slots + 1) -%}
    {%- do units.append('unit_' ~ slope) -%}
{%- endfor -%}
{{ name }}_fits as (

    select
        coefficients.fit_number,
        coefficients.series_code,
        coefficients.window_code,
        coefficients.sample_number,
        coefficients.combination_number,
        coefficients.squared_error_sum_mw2,
        coefficients.days_count,
        coefficients.error_degrees_of_freedom,
        {{ fits_by_slot(slots) }}
    from coefficients
    inner join (
        select distinct combination_number
        from combinations
        where slots_count = {{ slots }} and slopes_count = {{ slopes }}
    ) as combinations_of_form on coefficients.combination_number = combinations_of_form.combination_number
    group by
        coefficients.fit_number,
        coefficients.series_code,
        coefficients.window_code,
        coefficients.sample_number,
        coefficients.combination_number,
        coefficients.squared_error_sum_mw2,
        coefficients.days_count,
        coefficients.error_degrees_of_freedom

),

{{ name }}_candidates as (

    select
        sample_number,
        unnest({{ candidates_by_slot(form.combinations) }}) as candidate
    from moments
    where sample_number in (select sample_number from coefficients)

),

{{ name }} as (

    select
        fits.*
        {%- for row in range(1, slots + 1) -%}
        {%- for column in range(row, slots + 1) %},
        candidates.candidate.moment_{{ row }}_{{ column }}
        {%- endfor -%}
        {%- for unit in units %},
        {{ 1.0 if unit == 'unit_' ~ row else 0.0 }} as {{ unit }}_{{ row }}
        {%- endfor -%}
        {%- endfor %}
    from {{ name }}_fits as fits
    inner join {{ name }}_candidates as candidates
        on
            fits.sample_number = candidates.sample_number
            and fits.combination_number = candidates.candidate.combination_number

),

{{ elimination(name, slots, units) }},

{{ name }}_days as (

    select
        fits.fit_number,
        days.season_regime_code,
        days.day_class_code,
        days.date_day
        {%- for unit in units %},
        {% for slot in range(1, slots + 1) -%}
        {{ '+ ' if not loop.first }}fits.{{ unit }}_solution_{{ slot }}
        * {{ term_value_of_row('fits.term_kind_code_' ~ slot, 'fits.parameter_' ~ slot, 'days') }}
        {% endfor -%}
        as {{ unit }}_direction
        {%- endfor %}
    from {{ name }}_solved_1 as fits
    inner join window_days on fits.window_code = window_days.window_code
    inner join days
        on
            fits.series_code = days.series_code
            and window_days.date_day = days.date_day

),

{{ name }}_cells as (

    select
        fit_number,
        season_regime_code,
        day_class_code
        {%- for unit in units %},
        avg({{ unit }}_direction) as {{ unit }}_direction
        {%- endfor %}
    from {{ name }}_days
    group by fit_number, season_regime_code, day_class_code

),

{% endfor -%}
-- How much each day moves each slope: the rows of (X'X)^-1 X'e. Their sums carry over to sums of territories.
influences as (

    {% for form in fit_forms() if form.slopes -%}
    {%- set slots_of_form = form.slots -%}
    {%- for slope in range(form.slots - form.slopes + 1, form.slots + 1) -%}
    select
        days.fit_number,
        {{ slope - form.slots + form.slopes }} as slope_number,
        days.date_day,
        (days.unit_{{ slope }}_direction - cells.unit_{{ slope }}_direction) * residuals.residual_mw
        as influence
    from {{ form.name }}_days as days
    inner join {{ form.name }}_cells as cells
        on
            days.fit_number = cells.fit_number
            and days.season_regime_code = cells.season_regime_code
            and days.day_class_code = cells.day_class_code
    inner join residuals
        on
            days.fit_number = residuals.fit_number
            and days.date_day = residuals.date_day
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- The textbook error, as if days were independent: stated to show how much too small it is.
ordinary as (

    {% for form in fit_forms() if form.slopes -%}
    {%- for slope in range(form.slots - form.slopes + 1, form.slots + 1) -%}
    select
        fits.fit_number,
        {{ slope - form.slots + form.slopes }} as slope_number,
        combinations.regressor_code,
        fits.days_count / nullif(cast(fits.error_degrees_of_freedom as double), 0) as degrees_of_freedom_factor,
        sqrt(
            fits.squared_error_sum_mw2
            / nullif(cast(fits.error_degrees_of_freedom as double), 0)
            * fits.unit_{{ slope }}_solution_{{ slope }}
        ) as coefficient_ols_se
    from {{ form.name }}_solved_1 as fits
    inner join combinations
        on
            fits.combination_number = combinations.combination_number
            and combinations.slot_number = {{ slope }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- A fit of a region is its own sum. A slope of France has an error where every region has the slope.
territory_slopes as (

    select
        ordinary.fit_number,
        ordinary.slope_number,
        ordinary.regressor_code,
        sqrt(ordinary.degrees_of_freedom_factor) as influence_factor,
        chosen.series_code,
        chosen.window_code,
        chosen.specification_code,
        ordinary.coefficient_ols_se
    from ordinary
    inner join chosen on ordinary.fit_number = chosen.fit_number
    union all
    select
        ordinary.fit_number,
        ordinary.slope_number,
        ordinary.regressor_code,
        sqrt(ordinary.degrees_of_freedom_factor) as influence_factor,
        series.country_series_code as series_code,
        chosen.window_code,
        chosen.specification_code,
        null as coefficient_ols_se
    from ordinary
    inner join chosen on ordinary.fit_number = chosen.fit_number
    inner join series on chosen.series_code = series.series_code

),

numbered_slopes as (

    select
        *,
        cast(
            dense_rank() over (order by series_code, window_code, specification_code, regressor_code) as integer
        ) as territory_slope_number
    from territory_slopes

),

territory_influences as (

    select
        numbered_slopes.territory_slope_number,
        influences.date_day,
        sum(influences.influence * numbered_slopes.influence_factor) as influence
    from influences
    inner join numbered_slopes
        on
            influences.fit_number = numbered_slopes.fit_number
            and influences.slope_number = numbered_slopes.slope_number
    group by numbered_slopes.territory_slope_number, influences.date_day

),

territory_spans as (

    select
        territory_slope_number,
        min(date_day) as first_day,
        max(date_day) as last_day
    from territory_influences
    group by territory_slope_number

),

-- Newey and West's weights 1 - lag / 15 are what remains when every stretch of 15 consecutive days is summed, squared
-- and averaged: no product by lag is needed. Days that are missing count as zero; 14 more after the end close the last
-- stretches.
calendar as (

    select
        territory_spans.territory_slope_number,
        dates.date_day,
        coalesce(territory_influences.influence, 0) as influence
    from territory_spans
    inner join dates on dates.date_day between territory_spans.first_day and territory_spans.last_day + 14
    left join territory_influences
        on
            territory_spans.territory_slope_number = territory_influences.territory_slope_number
            and dates.date_day = territory_influences.date_day

),

stretches as (

    select
        territory_slope_number,
        sum(influence) over (
            partition by territory_slope_number
            order by date_day
            rows between 14 preceding and current row
        ) as influence
    from calendar

),

newey_west as (

    select
        territory_slope_number,
        sqrt(sum(influence * influence) / 15) as coefficient_hac_se
    from stretches
    group by territory_slope_number

),

compared as (

    select
        numbered_slopes.series_code,
        numbered_slopes.window_code,
        numbered_slopes.specification_code,
        numbered_slopes.regressor_code,
        -- Where a region left its term out, the sum of the others' errors is none of the sum's.
        case
            when
                count(distinct numbered_slopes.fit_number)
                = max(fits_of_territory.fits_count)
                then max(newey_west.coefficient_hac_se)
        end as coefficient_hac_se,
        max(numbered_slopes.coefficient_ols_se) as coefficient_ols_se
    from numbered_slopes
    inner join newey_west on numbered_slopes.territory_slope_number = newey_west.territory_slope_number
    inner join (
        select
            series_code,
            window_code,
            specification_code,
            count(distinct fit_number) as fits_count
        from territory_slopes
        group by series_code, window_code, specification_code
    ) as fits_of_territory
        on
            numbered_slopes.series_code = fits_of_territory.series_code
            and numbered_slopes.window_code = fits_of_territory.window_code
            and numbered_slopes.specification_code = fits_of_territory.specification_code
    group by
        numbered_slopes.series_code,
        numbered_slopes.window_code,
        numbered_slopes.specification_code,
        numbered_slopes.regressor_code

)

select * from compared
