{# Regressors of `lower_bound`: degrees at the common balance points, three yearly waves, and the load. #}
{%- set waves = [] -%}
{%- for order in [1, 2, 3] -%}
    {%- do waves.extend(['sine_' ~ order, 'cosine_' ~ order]) -%}
{%- endfor -%}
{%- set variables = waves + ['h', 'c', 'y'] -%}
{%- set pairs = [] -%}
{%- for first in variables -%}
    {%- for second in variables[loop.index0:] -%}
        {%- do pairs.append((first, second)) -%}
    {%- endfor -%}
{%- endfor -%}
with

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where
        exclusion_code is null
        and series_code like '%|daily'

),

left_out_quarters as (

    select * from {{ ref('int_left_out_quarters_listed') }}
    -- No hold-out: a bound is not for predicting.
    where left_out_code not like 'from_%'

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

regressors as (

    select
        series_code,
        season_regime_code,
        calendar_cell_code,
        calendar_quarter_code,
        {% for order in [1, 2, 3] -%}
        sin({{ order }} * 2 * pi() * (dayofyear(date_day) - 1) / 365.25) as sine_{{ order }},
        cos({{ order }} * 2 * pi() * (dayofyear(date_day) - 1) / 365.25) as cosine_{{ order }},
        {% endfor -%}
        {{ heating_degrees('temperature_c', var('common_heating_balance_point_c')) }} as h,
        {{ cooling_degrees('temperature_c', var('common_cooling_balance_point_c')) }} as c,
        load_mean_mw as y
    from days

),

quarter_sums as (

    select
        series_code,
        season_regime_code,
        calendar_cell_code,
        calendar_quarter_code,
        count(*) as days_count
        {%- for variable in variables %},
        sum({{ variable }}) as {{ variable }}
        {%- endfor %}
        {%- for first, second in pairs %},
        sum({{ first }} * {{ second }}) as {{ first }}_{{ second }}
        {%- endfor %}
    from regressors
    group by all

),

totals as (

    select
        series_code,
        season_regime_code,
        calendar_cell_code,
        'none' as left_out_code,
        sum(days_count) as days_count
        {%- for variable in variables %},
        sum({{ variable }}) as {{ variable }}
        {%- endfor %}
        {%- for first, second in pairs %},
        sum({{ first }}_{{ second }}) as {{ first }}_{{ second }}
        {%- endfor %}
    from quarter_sums
    group by all

),

touched_cells as (

    select
        quarter_sums.*,
        left_out_quarters.left_out_code
    from quarter_sums
    inner join left_out_quarters
        on
            quarter_sums.series_code = left_out_quarters.series_code
            and quarter_sums.calendar_quarter_code = left_out_quarters.calendar_quarter_code

),

-- A cell without one of its quarters is its total less that quarter.
reduced as (

    select
        totals.series_code,
        totals.season_regime_code,
        totals.calendar_cell_code,
        touched_cells.left_out_code,
        totals.days_count - touched_cells.days_count as days_count
        {%- for variable in variables %},
        totals.{{ variable }} - touched_cells.{{ variable }} as {{ variable }}
        {%- endfor %}
        {%- for first, second in pairs %},
        totals.{{ first }}_{{ second }} - touched_cells.{{ first }}_{{ second }} as {{ first }}_{{ second }}
        {%- endfor %}
    from totals
    inner join touched_cells
        on
            totals.series_code = touched_cells.series_code
            and totals.calendar_cell_code = touched_cells.calendar_cell_code

),

all_cells as (

    select * from totals
    union all
    select * from reduced

),

within_cells as (

    select
        series_code,
        season_regime_code,
        calendar_cell_code,
        left_out_code,
        days_count,
        case when days_count > 0 then 1 else 0 end as cells_count,
        y as load_sum_mw
        {%- for first, second in pairs %},
        coalesce({{ within_moment('days_count', first, second, first ~ '_' ~ second) }}, 0) as {{ first }}_{{ second }}
        {%- endfor %}
    from all_cells

),

{% set measures = ['days_count', 'cells_count', 'load_sum_mw'] -%}
{%- for first, second in pairs -%}
    {%- do measures.append(first ~ '_' ~ second) -%}
{%- endfor -%}
whole as (

    select
        windows.window_code,
        within_cells.series_code
        {%- for measure in measures %},
        sum(within_cells.{{ measure }}) as {{ measure }}
        {%- endfor %}
    from within_cells
    inner join windows on within_cells.season_regime_code = windows.season_regime_code
    where within_cells.left_out_code = 'none'
    group by all

),

changes as (

    select
        windows.window_code,
        without_quarter.series_code,
        without_quarter.left_out_code
        {%- for measure in measures %},
        sum(without_quarter.{{ measure }} - with_quarter.{{ measure }}) as {{ measure }}
        {%- endfor %}
    from within_cells as without_quarter
    inner join within_cells as with_quarter
        on
            without_quarter.series_code = with_quarter.series_code
            and without_quarter.calendar_cell_code = with_quarter.calendar_cell_code
    inner join windows on without_quarter.season_regime_code = windows.season_regime_code
    where
        without_quarter.left_out_code <> 'none'
        and with_quarter.left_out_code = 'none'
    group by all

),

moments_0 as (

    select
        *,
        'none' as left_out_code
    from whole
    union all by name
    select
        whole.window_code,
        whole.series_code,
        changes.left_out_code
        {%- for measure in measures %},
        whole.{{ measure }} + changes.{{ measure }} as {{ measure }}
        {%- endfor %}
    from whole
    inner join changes
        on
            whole.window_code = changes.window_code
            and whole.series_code = changes.series_code

),

-- One wave after the other is taken out of everything that is left (successive orthogonalisation), until only the
-- degrees and the load remain, as if they had been demeaned by the waves too.
{% for wave in waves -%}
{%- set step = loop.index -%}
{%- set left = variables[step:] -%}
moments_{{ step }} as (

    select
        window_code,
        series_code,
        left_out_code,
        days_count,
        cells_count,
        load_sum_mw
        {%- for first in left -%}
        {%- for second in left[loop.index0:] %},
        {{ first }}_{{ second }} - {{ wave }}_{{ first }} * {{ wave }}_{{ second }}
        / case when {{ wave }}_{{ wave }} > 1e-6 then {{ wave }}_{{ wave }} end as {{ first }}_{{ second }}
        {%- endfor -%}
        {%- endfor %}
    from moments_{{ step - 1 }}

),

{% endfor -%}
final as (

    select
        window_code,
        series_code,
        left_out_code,
        cast({{ var('common_heating_balance_point_c') }} as double) as heating_balance_point_c,
        cast({{ var('common_cooling_balance_point_c') }} as double) as cooling_balance_point_c,
        days_count,
        -- The waves cost parameters, as cells do.
        cells_count + {{ waves | length }} as cells_count,
        load_sum_mw,
        y_y as yy_mw2,
        h_h as hh_c2,
        h_c as hc_c2,
        c_c as cc_c2,
        h_y as hy_mw_c,
        c_y as cy_mw_c
    from moments_{{ waves | length }}
    where h_h is not null

)

select * from final
