{%- set forms = fit_forms() -%}
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
    inner join {{ ref('int_load_series_listed') }} as series using (series_code)
    where series.is_daily

),

moments as not materialized (select * from {{ ref('int_moments_summed') }}),

terms as (

    select
        left_term_code as term_code,
        term_kind_code
    from {{ ref('int_term_pairs_listed') }}
    where is_square

),

coefficients as (

    select
        chosen.fit_number,
        solved.*,
        terms.term_kind_code
    from {{ ref('int_fits_solved') }} as solved
    inner join chosen using (series_code, window_code, specification_code, form_code)
    left join terms using (term_code)
    where
        solved.is_selected
        and solved.slot_number is not null
        and solved.left_out_kind_code in ('none', 'hold_out')

),

window_days as (

    select
        window_code,
        date_day
    from {{ ref('int_window_days_listed') }}

),

days as (

    select days.*
    from {{ ref('int_regression_days_prepared') }} as days -- noqa: RF04
    inner join {{ ref('int_load_series_listed') }} as series using (series_code)
    where
        days.exclusion_code is null
        and series.is_daily

),

whole_samples as (

    select distinct sample_number from coefficients
    where left_out_kind_code = 'none'

),

{% for form in forms -%}
{%- set name, slots = form.name, form.slots -%}
{{ name }}_fits as (

    select
        fit_number,
        series_code,
        window_code,
        sample_number,
        combination_number,
        left_out_kind_code = 'hold_out' as is_without_last_year,
        left_out_code,
        {%- for slot in range(1, slots + 1) -%}
        {%- for measure in ['coefficient', 'parameter', 'term_kind_code'] %}
        max(case when slot_number = {{ slot }} then {{ measure }} end) as {{ measure }}_{{ slot }},
        {%- endfor -%}
        {%- endfor %}
        max(slot_number) as slots_count
    from coefficients
    where
        slots_count = {{ slots }}
        and slopes_count = {{ form.slopes }}
    group by all

),

{% if form.slopes -%}
-- The rows of (X'X)^-1 that belong to slopes: the same elimination, with ones in the places of the load.
{{ name }} as (

    select
        candidates.*
        {%- for row in range(1, slots + 1) -%}
        {%- for slope in form.slope_names %},
        {{ 1.0 if row == slots - form.slopes + loop.index else 0.0 }} as {{ slope }}_{{ row }}
        {%- endfor -%}
        {%- endfor %}
    from (
        {{ candidates(form.combinations, 'whole_samples') }}
    ) as candidates
    inner join {{ name }}_fits using (sample_number, combination_number)

),

{{ elimination(name, slots, form.slope_names) }},

{% endif -%}
{% endfor -%}
-- What the terms explain of the load of a day; and its direction for each slope, which the residual is weighed with
-- where the day moves the slope.
explained as (

    {% for form in forms -%}
    {%- set terms = [] -%}
    {%- for slot in range(1, form.slots + 1) -%}
        {%- do terms.append(
            term_value_of_row(form.terms_by_slot[slot - 1], 'fits.term_kind_code_' ~ slot, 'fits.parameter_' ~ slot, 'days')
        ) -%}
    {%- endfor -%}
    select
        fits.fit_number,
        {{ 'false' if form.slopes else 'true' }} as is_for_prediction,
        fits.is_without_last_year,
        fits.is_without_last_year and days.calendar_quarter_code >= fits.left_out_code as is_held_out,
        days.date_day,
        days.season_regime_code,
        days.day_class_code,
        days.load_mean_mw,
        {% for term in terms -%}
        {{ '+ ' if not loop.first }}{{ explained_by('fits.coefficient_' ~ loop.index, term) }}
        {% endfor -%}
        as load_explained_mw
        {%- for slope in form.slope_names %},
        {% for term in terms -%}
        {{ '+ ' if not loop.first }}solved.{{ slope }}_solution_{{ loop.index }} * {{ term }}
        {% endfor -%}
        as direction_{{ loop.index }}
        {%- endfor %}
    from {{ form.name }}_fits as fits
    {% if form.slopes -%}
    left join {{ form.name }}_solved_1 as solved
        on
            fits.sample_number = solved.sample_number
            and fits.combination_number = solved.combination_number
            and not fits.is_without_last_year
    {% endif -%}
    inner join window_days using (window_code)
    inner join days using (series_code, date_day)
    {{ 'union all by name' if not loop.last }}
    {% endfor %}

),

cell_means as (

    select
        fit_number,
        is_for_prediction,
        is_without_last_year,
        season_regime_code,
        day_class_code,
        count(*) as days_count,
        avg(load_mean_mw) as load_mean_mw,
        avg(load_mean_mw - load_explained_mw) as effect_mw
        {%- for direction in directions() %},
        avg({{ direction }}) as {{ direction }}
        {%- endfor %}
    from explained
    where not is_held_out
    group by fit_number, is_for_prediction, is_without_last_year, season_regime_code, day_class_code

),

-- The latest regime, half a season maybe, tells too little of a class of days: what only predicts takes the level from
-- it and what the class adds from all regimes.
compared as (

    select
        *,
        effect_mw - sum(days_count * effect_mw) over of_class / sum(days_count) over of_class as above_class_mw
    from cell_means
    where is_without_last_year
    window of_class as (partition by fit_number, day_class_code)

),

levelled as (

    select
        *,
        sum(days_count * above_class_mw) over of_regime / sum(days_count) over of_regime as level_mw,
        max(season_regime_code) over (partition by fit_number) as latest_regime_code
    from compared
    window of_regime as (partition by fit_number, season_regime_code)

),

averaged as (

    select
        *,
        sum(days_count * (effect_mw - level_mw)) over of_class / sum(days_count) over of_class
        + max(case when season_regime_code = latest_regime_code then level_mw end) over of_fit as predicted_effect_mw
    from levelled
    window
        of_class as (partition by fit_number, day_class_code),
        of_fit as (partition by fit_number)

),

-- Of days that the fit did not see, the latest regime before them that knows their class.
latest_effects as (

    select
        fit_number,
        day_class_code,
        case when is_for_prediction then predicted_effect_mw else effect_mw end as effect_mw
    from averaged
    qualify row_number() over (partition by fit_number, day_class_code order by season_regime_code desc) = 1

),

computed as (

    select
        explained.fit_number,
        explained.date_day,
        explained.day_class_code,
        false as is_held_out,
        explained.load_mean_mw,
        explained.load_mean_mw - cell_means.load_mean_mw as load_within_mw,
        explained.load_mean_mw - explained.load_explained_mw - cell_means.effect_mw as residual_mw
        {%- for direction in directions() %},
        explained.{{ direction }} - cell_means.{{ direction }} as {{ direction }}
        {%- endfor %}
    from explained
    inner join cell_means using (fit_number, is_without_last_year, season_regime_code, day_class_code)
    where not explained.is_without_last_year
    union all by name
    select
        explained.fit_number,
        explained.date_day,
        explained.day_class_code,
        true as is_held_out,
        explained.load_mean_mw,
        explained.load_mean_mw - explained.load_explained_mw - latest_effects.effect_mw as residual_mw
    from explained
    left join latest_effects using (fit_number, day_class_code)
    where explained.is_held_out

)

select * from computed
