{# Regressors of `season_adjusted`: degrees at the common balance points, yearly waves, and the load. #}
{%- set waves = yearly_waves() -%}
{%- set targets = {'h': 'heating_degrees_c', 'c': 'cooling_degrees_c', 'y': 'load_mw'} -%}
{%- set variables = waves + (targets | list) -%}
{%- set pairs = [] -%}
{%- for first in variables -%}
    {%- for second in variables[loop.index0:] -%}
        {%- do pairs.append(first ~ '_' ~ second) -%}
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

),

cell_loads as (

    select * from {{ ref('int_cell_load_leave_outs_summed') }}

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

leave_outs as (

    select * from {{ ref('int_window_leave_outs_listed') }}

),

regressors as (

    select
        series_code,
        calendar_cell_code,
        calendar_quarter_code,
        {% for wave in waves -%}
        {{ yearly_wave(wave, 'date_day') }} as {{ wave }},
        {% endfor -%}
        {{ heating_degrees('temperature_c', var('common_heating_balance_point_c')) }} as h,
        {{ cooling_degrees('temperature_c', var('common_cooling_balance_point_c')) }} as c,
        load_mean_mw as y
    from days

),

quarter_sums as (

    select
        series_code,
        calendar_cell_code,
        calendar_quarter_code
        {%- for variable in variables %},
        sum({{ variable }}) as {{ variable }}
        {%- endfor %}
        {%- for first in variables -%}
        {%- for second in variables[loop.index0:] %},
        sum({{ first }} * {{ second }}) as {{ first }}_{{ second }}
        {%- endfor %}
        {%- endfor %}
    from regressors
    group by all

),

{{ cell_leave_outs([], variables + pairs) }},

regime_sums as (

    select
        series_code,
        season_regime_code,
        left_out_code,
        sum(days_count) as days_count,
        count(case when days_count > 0 then 1 end) as cells_count,
        sum(y) as load_sum_mw
        {%- for first in variables -%}
        {%- for second in variables[loop.index0:] %},
        coalesce(sum({{ within_moment('days_count', first, second, first ~ '_' ~ second) }}), 0)
            as {{ first }}_{{ second }}
        {%- endfor %}
        {%- endfor %}
    from reduced
    group by all

),

{{ window_sums('regime_sums', [], ['days_count', 'cells_count', 'load_sum_mw'] + pairs) }},

-- One wave after the other is taken out of everything after it (successive orthogonalisation), until only the degrees
-- and the load remain, as if they had been demeaned by the waves too; what each wave shared is kept for the way back.
moments_0 as (

    select
        *
        {%- for wave in waves %},
        {{ wave }}_{{ wave }} as {{ wave }}_whole
        {%- endfor %}
    from summed

),

{% for wave in waves -%}
{%- set step = loop.index -%}
{%- set left = variables[step:] -%}
moments_{{ step }} as (

    select
        * replace (
            {%- for first in left -%}
            {%- for second in left[loop.index0:] %}
            {{ first }}_{{ second }} - {{ wave }}_{{ first }} * {{ wave }}_{{ second }}
            -- A wave that the calendar and the waves before it already hold has no share of its own: no fit.
            / case
                when {{ wave }}_{{ wave }} > {{ least_wave_tolerance() }} * {{ wave }}_whole
                    then {{ wave }}_{{ wave }}
            end as {{ first }}_{{ second }}
            {{- ',' if not loop.last }}
            {%- endfor -%}
            {{- ',' if not loop.last }}
            {%- endfor %}
        )
    from moments_{{ step - 1 }}

),

{% endfor -%}
-- The way back, the last wave first: how much of each wave the degrees and the load hold.
shares_{{ waves | length }} as (

    select * from moments_{{ waves | length }}

),

{% for wave in waves | reverse -%}
{%- set position = waves | length - loop.index0 -%}
shares_{{ position - 1 }} as (

    select
        *
        {%- for target in targets %},
        (
            {{ wave }}_{{ target }}
            {%- for later in waves[position:] %}
            - {{ wave }}_{{ later }} * {{ later }}_of_{{ targets[target] }}
            {%- endfor %}
        ) / {{ wave }}_{{ wave }} as {{ wave }}_of_{{ targets[target] }}
        {%- endfor %}
    from shares_{{ position }}

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
        {%- for target in targets.values() -%}
        {%- for wave in waves %},
        {{ wave }}_of_{{ target }}
        {%- endfor -%}
        {%- endfor %}
    from shares_0
    where h_h is not null

)

select * from final
