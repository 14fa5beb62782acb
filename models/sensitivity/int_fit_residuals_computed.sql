with

chosen as (

    select distinct
        chosen.fit_number,
        chosen.series_code,
        chosen.window_code,
        chosen.specification_code,
        chosen.form_code
    from {{ ref('int_forms_chosen') }} as chosen
    -- Hours and other variants are shown with their jackknife interval alone.
    inner join {{ ref('int_load_series_listed') }} as series on chosen.series_code = series.series_code
    where series.is_daily

),

coefficients as (

    select
        chosen.fit_number,
        chosen.series_code,
        chosen.window_code,
        solved.left_out_kind_code,
        solved.left_out_code,
        solved.slot_number,
        solved.coefficient,
        solved.parameter,
        pairs.term_kind_code
    from {{ ref('int_fits_solved') }} as solved
    inner join chosen
        on
            solved.series_code = chosen.series_code
            and solved.window_code = chosen.window_code
            and solved.specification_code = chosen.specification_code
            and solved.form_code = chosen.form_code
    left join {{ ref('int_term_pairs_listed') }} as pairs
        on
            solved.term_code = pairs.left_term_code
            and pairs.is_square
    where
        solved.is_selected
        and solved.left_out_kind_code in ('none', 'hold_out')

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

-- What the weather and the season of a day explain of its load, by the fit whole and by the one without the last year.
{% for slots in fit_forms() | map(attribute='slots') | unique -%}
fits_of_{{ slots }} as (

    select
        coefficients.fit_number,
        coefficients.series_code,
        coefficients.window_code,
        coefficients.left_out_kind_code,
        coefficients.left_out_code,
        {{ fits_by_slot(slots) }}
    from coefficients
    group by
        coefficients.fit_number,
        coefficients.series_code,
        coefficients.window_code,
        coefficients.left_out_kind_code,
        coefficients.left_out_code
    having max(coefficients.slot_number) = {{ slots }}

),

{% endfor -%}
explained as (

    {% for slots in fit_forms() | map(attribute='slots') | unique -%}
    select
        fits.fit_number,
        fits.left_out_kind_code = 'hold_out' as is_without_last_year,
        fits.left_out_kind_code = 'hold_out' and days.calendar_quarter_code >= fits.left_out_code as is_held_out,
        days.date_day,
        days.season_regime_code,
        days.day_class_code,
        days.load_mean_mw,
        {% for slot in range(1, slots + 1) -%}
        {{ '+ ' if not loop.first }}fits.coefficient_{{ slot }}
        * {{ term_value_of_row('fits.term_kind_code_' ~ slot, 'fits.parameter_' ~ slot, 'days') }}
        {% endfor -%}
        as load_explained_mw
    from fits_of_{{ slots }} as fits
    inner join window_days on fits.window_code = window_days.window_code
    inner join days
        on
            fits.series_code = days.series_code
            and window_days.date_day = days.date_day
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

cell_effects as (

    select
        fit_number,
        is_without_last_year,
        season_regime_code,
        day_class_code,
        avg(load_mean_mw) as load_mean_mw,
        avg(load_mean_mw - load_explained_mw) as effect_mw
    from explained
    where not is_held_out
    group by fit_number, is_without_last_year, season_regime_code, day_class_code

),

-- Of days that the fit did not see, the latest regime before them that knows their class.
latest_effects as (

    select * from cell_effects
    where is_without_last_year
    qualify row_number() over (partition by fit_number, day_class_code order by season_regime_code desc) = 1

),

computed as (

    select
        explained.fit_number,
        explained.date_day,
        explained.day_class_code,
        false as is_held_out,
        explained.load_mean_mw,
        explained.load_mean_mw - cell_effects.load_mean_mw as load_within_mw,
        explained.load_mean_mw - explained.load_explained_mw - cell_effects.effect_mw as residual_mw
    from explained
    inner join cell_effects
        on
            explained.fit_number = cell_effects.fit_number
            and explained.season_regime_code = cell_effects.season_regime_code
            and explained.day_class_code = cell_effects.day_class_code
            and not cell_effects.is_without_last_year
    where not explained.is_without_last_year
    union all
    select
        explained.fit_number,
        explained.date_day,
        explained.day_class_code,
        true as is_held_out,
        explained.load_mean_mw,
        cast(null as double) as load_within_mw,
        explained.load_mean_mw - explained.load_explained_mw - latest_effects.effect_mw as residual_mw
    from explained
    left join latest_effects
        on
            explained.fit_number = latest_effects.fit_number
            and explained.day_class_code = latest_effects.day_class_code
    where explained.is_held_out

)

select * from computed
