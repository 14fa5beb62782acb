{# Regressors of the prediction: yearly waves, degrees at the common balance points; the load last. #}
{%- set regressors = [] -%}
{%- for order in [1, 2, 3] -%}
    {%- do regressors.extend(['sine_' ~ order, 'cosine_' ~ order]) -%}
{%- endfor -%}
{%- do regressors.extend(['h', 'c']) -%}
{%- set variables = regressors + ['y'] -%}
with

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where
        exclusion_code is null
        and series_code like '%|daily'

),

spans as (

    select * from {{ ref('int_windows_spanned') }}
    where hold_out_code is not null

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

left_out_quarters as (

    select * from {{ ref('int_left_out_quarters_listed') }}

),

regressed as (

    select
        spans.window_code,
        days.series_code,
        days.date_day,
        days.season_regime_code,
        days.day_class_code,
        days.calendar_cell_code,
        left_out_quarters.left_out_code is not null as is_held_out,
        {% for order in [1, 2, 3] -%}
        sin({{ order }} * 2 * pi() * (dayofyear(days.date_day) - 1) / 365.25) as sine_{{ order }},
        cos({{ order }} * 2 * pi() * (dayofyear(days.date_day) - 1) / 365.25) as cosine_{{ order }},
        {% endfor -%}
        {{ heating_degrees('days.temperature_c', var('common_heating_balance_point_c')) }} as h,
        {{ cooling_degrees('days.temperature_c', var('common_cooling_balance_point_c')) }} as c,
        days.load_mean_mw as y
    from days
    inner join windows on days.season_regime_code = windows.season_regime_code
    inner join spans
        on
            windows.window_code = spans.window_code
            and days.series_code = spans.series_code
    left join left_out_quarters
        on
            days.series_code = left_out_quarters.series_code
            and spans.hold_out_code = left_out_quarters.left_out_code
            and days.calendar_quarter_code = left_out_quarters.calendar_quarter_code

),

training_cells as (

    select
        window_code,
        series_code,
        season_regime_code,
        day_class_code,
        calendar_cell_code,
        {% for variable in variables -%}
        avg({{ variable }}) as {{ variable }}{{ ',' if not loop.last }}
        {% endfor %}
    from regressed
    where not is_held_out
    group by all

),

-- The normal equations inside cells; row and column names tell which product a moment is.
moments_0 as (

    select
        regressed.window_code,
        regressed.series_code
        {%- for first in variables -%}
        {%- for second in variables[loop.index0:] %},
        sum((regressed.{{ first }} - cells.{{ first }}) * (regressed.{{ second }} - cells.{{ second }}))
            as {{ first }}_{{ second }}
        {%- endfor -%}
        {%- endfor %}
    from regressed
    inner join training_cells as cells
        on
            regressed.window_code = cells.window_code
            and regressed.series_code = cells.series_code
            and regressed.calendar_cell_code = cells.calendar_cell_code
    where not regressed.is_held_out
    group by all

),

-- Forward: each regressor is taken out of those after it; its own row is kept for the way back.
{% for pivot in regressors -%}
{%- set step = loop.index -%}
{%- set kept = variables[:step] -%}
{%- set left = variables[step:] -%}
moments_{{ step }} as (

    select
        window_code,
        series_code
        {%- for first in kept -%}
        {%- for second in variables[loop.index0:] %},
        {{ first }}_{{ second }}
        {%- endfor -%}
        {%- endfor -%}
        {%- for first in left -%}
        {%- for second in left[loop.index0:] %},
        {{ first }}_{{ second }} - coalesce(
            {{ pivot }}_{{ first }} * {{ pivot }}_{{ second }}
            / case when {{ pivot }}_{{ pivot }} > 1e-6 then {{ pivot }}_{{ pivot }} end, 0
        ) as {{ first }}_{{ second }}
        {%- endfor -%}
        {%- endfor %}
    from moments_{{ step - 1 }}

),

{% endfor -%}
-- Back: the last regressor first. One that does not vary in the training days gets no coefficient.
coefficients_{{ regressors | length }} as (

    select * from moments_{{ regressors | length }}

),

{% for pivot in regressors | reverse -%}
{%- set position = regressors | length - loop.index0 -%}
coefficients_{{ position - 1 }} as (

    select
        *,
        coalesce(
            (
                {{ pivot }}_y
                {%- for later in regressors[position:] %}
                - {{ pivot }}_{{ later }} * {{ later }}_coefficient
                {%- endfor %}
            ) / case when {{ pivot }}_{{ pivot }} > 1e-6 then {{ pivot }}_{{ pivot }} end, 0
        ) as {{ pivot }}_coefficient
    from coefficients_{{ position }}

),

{% endfor -%}
-- The latest training regime that knows the day class.
class_effects as (

    select
        cells.window_code,
        cells.series_code,
        cells.day_class_code,
        cells.y
        {%- for regressor in regressors %}
        - solved.{{ regressor }}_coefficient * cells.{{ regressor }}
        {%- endfor %} as cell_effect_mw
    from training_cells as cells
    inner join coefficients_0 as solved
        on
            cells.window_code = solved.window_code
            and cells.series_code = solved.series_code
    qualify
        row_number() over (
            partition by cells.window_code, cells.series_code, cells.day_class_code
            order by cells.season_regime_code desc
        ) = 1

),

predicted as (

    select
        held_out.window_code,
        held_out.series_code,
        'lower_bound' as specification_code,
        held_out.date_day,
        held_out.y as load_mean_mw,
        class_effects.cell_effect_mw
        {%- for regressor in regressors %}
        + solved.{{ regressor }}_coefficient * held_out.{{ regressor }}
        {%- endfor %} as load_predicted_mw
    from regressed as held_out
    inner join coefficients_0 as solved
        on
            held_out.window_code = solved.window_code
            and held_out.series_code = solved.series_code
    left join class_effects
        on
            held_out.window_code = class_effects.window_code
            and held_out.series_code = class_effects.series_code
            and held_out.day_class_code = class_effects.day_class_code
    where held_out.is_held_out

)

select * from predicted
