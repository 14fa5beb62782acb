{%- set forms = fit_forms() -%}
with

moments as not materialized (select * from {{ ref('int_moments_summed') }}),

predicting_fits as (select * from {{ ref('int_predicting_fits_solved') }}),

samples as (select * from {{ ref('int_samples_listed') }}),

combinations as (select * from {{ ref('int_term_combinations_listed') }}),

forms as (

    select
        combination_number,
        specification_code,
        form_code,
        cast(dense_rank() over (order by specification_code, form_code) as integer) as form_number,
        slots_count,
        slopes_count,
        bool_or(is_searched) as is_searched
    from combinations
    group by combination_number, specification_code, form_code, slots_count, slopes_count

),

-- The day is fitted by every specification; its variants, and what leaves out more than a quarter, by some.
daily_samples as ( -- noqa: ST03

    select * from samples
    where
        is_daily
        and left_out_kind_code in ('none', 'quarter', 'hold_out')

),

{% for form in forms -%}
{%- set name, slots, slopes = form.name, form.slots, form.slopes -%}
{% if slopes -%}
{{ name }} as (

    {% for is_fitted_to_variants, combinations in form.combinations | groupby('is_fitted_to_variants') -%}
    {{ candidates(combinations, 'samples' if is_fitted_to_variants else 'daily_samples') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

{{ elimination(name, slots, ['load']) }},

{{ name }}_fits as (

    select
        sample_number,
        combination_number,
        {% for slot in range(1, slots + 1) -%}
        load_solution_{{ slot }} as coefficient_{{ slot }},
        {% endfor -%}
        load_square_moment_mw2,
        {% for slot in range(1, slots + 1) -%}
        {{ '+ ' if not loop.first }}load_solution_{{ slot }} * load_moment_{{ slot }}
        {% endfor -%}
        as explained_mw2,
        least(
            {%- for slot in range(slots - slopes + 1, slots + 1) %}
            load_solution_{{ slot }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) as least_slope
    from {{ name }}_solved_1
    where load_solution_1 is not null

),

{% else -%}
{{ name }}_fits as (

    select
        *,
        null as least_slope
    from predicting_fits
    where slots_count = {{ slots }}

),

{% endif -%}
{% endfor -%}
tried as (

    {% for form in forms -%}
    select
        sample_number,
        combination_number,
        load_square_moment_mw2,
        explained_mw2,
        least_slope
    from {{ form.name }}_fits
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

errors as (

    select
        tried.sample_number,
        tried.combination_number,
        forms.form_number,
        tried.load_square_moment_mw2 - tried.explained_mw2 as squared_error_sum_mw2,
        -- Equal but for rounding is equal: a single hot day fits several cooling balance points alike.
        round(1 - tried.explained_mw2 / tried.load_square_moment_mw2, 11) as squared_error_share,
        -- With a term that may be dropped, a search looks for positive slopes.
        not forms.is_searched or forms.form_code = 'reduced' or tried.least_slope > 0 as is_admissible
    from tried
    inner join forms using (combination_number)

),

least_errors as (

    select
        sample_number,
        form_number,
        min(squared_error_share) as squared_error_share
    from errors
    where is_admissible
    group by sample_number, form_number

),

-- Of the combinations that a specification searches, the one with the least squared error, in every leave-out anew.
best as (

    select
        errors.sample_number,
        errors.form_number,
        min(errors.combination_number) as combination_number
    from errors
    inner join least_errors using (sample_number, form_number, squared_error_share)
    where errors.is_admissible
    group by errors.sample_number, errors.form_number

),

-- Of whole windows all that was tried, to see how the error grows beside the best.
kept as (

    select
        errors.sample_number,
        errors.combination_number,
        errors.squared_error_sum_mw2,
        errors.is_admissible,
        best.sample_number is not null as is_selected
    from errors
    inner join samples using (sample_number)
    left join best using (sample_number, combination_number)
    where best.sample_number is not null or samples.left_out_kind_code = 'none'

),

slots as (

    select distinct slot_number
    from combinations

),

coefficients as (

    {% for form in forms -%}
    select
        kept.*,
        slots.slot_number,
        {% if form.slopes -%}
        case slots.slot_number
            {% for slot in range(1, form.slots + 1) -%}
            when {{ slot }} then fits.coefficient_{{ slot }}
            {% endfor %}
        end as coefficient
        {%- else -%}
        fits.coefficients[slots.slot_number] as coefficient
        {%- endif %}
    from {{ form.name }}_fits as fits
    inner join kept using (sample_number, combination_number)
    inner join slots on slots.slot_number <= {{ form.slots }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

solved as (

    select
        coefficients.*,
        samples.series_code,
        samples.window_code,
        samples.left_out_kind_code,
        samples.left_out_code,
        combinations.specification_code,
        combinations.form_code,
        combinations.regressor_code,
        combinations.term_code,
        combinations.parameter,
        combinations.is_grid_edge
    from coefficients
    inner join samples using (sample_number)
    inner join combinations using (combination_number, slot_number)

),

selected as (

    select distinct
        sample_number,
        series_code,
        window_code,
        left_out_kind_code,
        left_out_code,
        specification_code,
        form_code,
        combination_number,
        squared_error_sum_mw2
    from solved
    where is_selected

),

-- A form that is fitted without some quarter is asked for in all of the window.
asked as (

    select distinct
        series_code,
        window_code,
        specification_code,
        form_code
    from selected
    where left_out_kind_code <> 'hold_out'

),

fitted_samples as (

    select distinct
        sample_number,
        series_code,
        window_code,
        left_out_kind_code,
        left_out_code
    from selected

),

-- A leave-out that the full form cannot fit falls back on the reduced one.
completed as (

    select
        fitted_samples.*,
        asked.specification_code,
        asked.form_code,
        same_form.combination_number is null as is_fallback,
        -- Zero where nothing fits.
        coalesce(same_form.combination_number, reduced_form.combination_number, 0) as combination_number,
        coalesce(same_form.squared_error_sum_mw2, reduced_form.squared_error_sum_mw2) as squared_error_sum_mw2
    from asked
    inner join fitted_samples using (series_code, window_code)
    left join selected as same_form using (sample_number, specification_code, form_code)
    left join selected as reduced_form
        on
            fitted_samples.sample_number = reduced_form.sample_number
            and asked.specification_code = reduced_form.specification_code
            and reduced_form.form_code = 'reduced'

),

-- Every regressor of the full form, in its slot of the form or in none; the one term of those that are not searched has
-- its days whether it is fitted or not.
form_regressors as (

    select
        forms.specification_code,
        forms.form_code,
        forms.slots_count,
        forms.slopes_count,
        full_form.regressor_code,
        max(
            case when full_form.combination_number = forms.combination_number then full_form.slot_number end
        ) as slot_number,
        case
            when min(full_form.term_code) = max(full_form.term_code) then min(full_form.term_code)
        end as only_term_code
    from forms
    inner join combinations as full_form using (specification_code)
    where full_form.form_code in ('full', forms.form_code)
    group by forms.specification_code, forms.form_code, forms.slots_count, forms.slopes_count, full_form.regressor_code

),

term_numbers as (

    select
        left_term_code as term_code,
        left_term_number as term_number
    from {{ ref('int_term_pairs_listed') }}
    where is_square

),

final as (

    select
        completed.*,
        true as is_selected,
        true as is_admissible,
        form_regressors.regressor_code,
        form_regressors.slot_number,
        form_regressors.slots_count,
        form_regressors.slopes_count,
        solved.term_code,
        solved.parameter,
        coalesce(solved.is_grid_edge, false) as is_grid_edge,
        -- A term that the fallback lacks moves nothing; where there is no fit at all, nothing is known.
        case
            when completed.combination_number > 0 and form_regressors.slot_number is not null
                then coalesce(solved.coefficient, 0)
        end as coefficient,
        case
            when completed.left_out_kind_code = 'none'
                then cast(moments.days_counts[term_numbers.term_number] as integer)
        end as regressor_days_count,
        moments.days_count,
        moments.cells_count + form_regressors.slots_count as parameters_count,
        moments.load_sum_mw / moments.days_count as load_mean_mw
    from completed
    inner join moments using (sample_number)
    inner join form_regressors using (specification_code, form_code)
    left join solved using (sample_number, combination_number, regressor_code)
    left join term_numbers on coalesce(solved.term_code, form_regressors.only_term_code) = term_numbers.term_code
    union all by name
    select
        solved.*,
        false as is_fallback,
        forms.slots_count,
        forms.slopes_count,
        moments.days_count,
        moments.cells_count + forms.slots_count as parameters_count,
        moments.load_sum_mw / moments.days_count as load_mean_mw
    from solved
    inner join forms using (combination_number)
    inner join moments using (sample_number)
    where not solved.is_selected

)

select * from final
