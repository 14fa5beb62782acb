{% macro within_moment(count, first_sum, second_sum, product_sum) -%}
    ({{ product_sum }} - {{ first_sum }} * {{ second_sum }} / nullif({{ count }}, 0))
{%- endmacro %}


{% macro heating_slope_two(hh, hc, cc, hy, cy) -%}
    (({{ hy }} * {{ cc }} - {{ cy }} * {{ hc }}) / nullif({{ hh }} * {{ cc }} - {{ hc }} * {{ hc }}, 0))
{%- endmacro %}


{% macro cooling_slope_two(hh, hc, cc, hy, cy) -%}
    (({{ cy }} * {{ hh }} - {{ hy }} * {{ hc }}) / nullif({{ hh }} * {{ cc }} - {{ hc }} * {{ hc }}, 0))
{%- endmacro %}


{% macro jackknife_se(leave_out_estimate) -%}
    -- One leave-out that cannot be fitted leaves no interval.
    case
        when count(*) = count({{ leave_out_estimate }})
            then sqrt((count(*) - 1) * var_pop({{ leave_out_estimate }}))
    end
{%- endmacro %}


{% macro degree_measures() -%}
    {{ return(['degree_days_count', 'degrees_sum_c', 'degrees_square_sum_c2', 'degrees_load_sum_mw_c']) }}
{%- endmacro %}


{% macro moment_measures() -%}
    {{ return([
        'days_count', 'cells_count', 'load_sum_mw', 'yy_mw2', 'hh_c2', 'hc_c2', 'cc_c2', 'hy_mw_c', 'cy_mw_c',
    ]) }}
{%- endmacro %}


{% macro cell_leave_outs(keys, measures) -%}
totals as (

    select
        series_code,
        calendar_cell_code
        {%- for key in keys %},
        {{ key }}
        {%- endfor %}
        {%- for measure in measures %},
        sum({{ measure }}) as {{ measure }}
        {%- endfor %}
    from quarter_sums
    group by all

),

left_out_sums as (

    select
        quarter_sums.series_code,
        quarter_sums.calendar_cell_code,
        left_out_quarters.left_out_code
        {%- for key in keys %},
        quarter_sums.{{ key }}
        {%- endfor %}
        {%- for measure in measures %},
        sum(quarter_sums.{{ measure }}) as {{ measure }}
        {%- endfor %}
    from quarter_sums
    inner join left_out_quarters
        on
            quarter_sums.series_code = left_out_quarters.series_code
            and quarter_sums.calendar_quarter_code = left_out_quarters.calendar_quarter_code
    group by all

),

-- Beside the sums of each cell stand its days and its load; `none` has nothing to take away.
reduced as (

    select
        cell_loads.series_code,
        cell_loads.season_regime_code,
        cell_loads.day_class_code,
        cell_loads.calendar_cell_code,
        cell_loads.left_out_code,
        cell_loads.days_count,
        cell_loads.load_sum_mw
        {%- for key in keys %},
        totals.{{ key }}
        {%- endfor %}
        {%- for measure in measures %},
        totals.{{ measure }} - coalesce(left_out_sums.{{ measure }}, 0) as {{ measure }}
        {%- endfor %}
    from cell_loads
    inner join totals
        on
            cell_loads.series_code = totals.series_code
            and cell_loads.calendar_cell_code = totals.calendar_cell_code
    left join left_out_sums
        on
            cell_loads.series_code = left_out_sums.series_code
            and cell_loads.calendar_cell_code = left_out_sums.calendar_cell_code
            and cell_loads.left_out_code = left_out_sums.left_out_code
            {%- for key in keys %}
            and totals.{{ key }} = left_out_sums.{{ key }}
            {%- endfor %}

)
{%- endmacro %}


{% macro window_sums(regime_sums, keys, measures) -%}
{%- set keys = ['series_code'] + keys -%}
whole as (

    select
        windows.window_code
        {%- for key in keys %},
        regimes.{{ key }}
        {%- endfor %},
        'none' as left_out_code
        {%- for measure in measures %},
        sum(regimes.{{ measure }}) as {{ measure }}
        {%- endfor %}
    from {{ regime_sums }} as regimes
    inner join windows on regimes.season_regime_code = windows.season_regime_code
    where regimes.left_out_code = 'none'
    group by all

),

-- What a window loses with the left-out days: only the regimes that they touch change.
losses as (

    select
        leave_outs.window_code
        {%- for key in keys %},
        reduced.{{ key }}
        {%- endfor %},
        leave_outs.left_out_code
        {%- for measure in measures %},
        sum(regimes.{{ measure }} - reduced.{{ measure }}) as {{ measure }}
        {%- endfor %}
    from leave_outs
    inner join {{ regime_sums }} as reduced
        on
            leave_outs.series_code = reduced.series_code
            and leave_outs.season_regime_code = reduced.season_regime_code
            and leave_outs.regime_left_out_code = reduced.left_out_code
    inner join {{ regime_sums }} as regimes
        on
            reduced.season_regime_code = regimes.season_regime_code
            {%- for key in keys %}
            and reduced.{{ key }} = regimes.{{ key }}
            {%- endfor %}
            and regimes.left_out_code = 'none'
    group by all

),

window_leave_outs as (

    select distinct
        window_code,
        series_code,
        left_out_code
    from leave_outs

),

summed as (

    select * from whole
    union all by name
    select
        whole.window_code
        {%- for key in keys %},
        whole.{{ key }}
        {%- endfor %},
        window_leave_outs.left_out_code
        {%- for measure in measures %},
        whole.{{ measure }} - coalesce(losses.{{ measure }}, 0) as {{ measure }}
        {%- endfor %}
    from whole
    inner join window_leave_outs
        on
            whole.window_code = window_leave_outs.window_code
            and whole.series_code = window_leave_outs.series_code
    left join losses
        on
            whole.window_code = losses.window_code
            {%- for key in keys %}
            and whole.{{ key }} = losses.{{ key }}
            {%- endfor %}
            and window_leave_outs.left_out_code = losses.left_out_code

)
{%- endmacro %}


{% macro day_exclusion_codes() -%}
    {{ return(['load_not_published', 'load_incomplete', 'temperature_missing']) }}
{%- endmacro %}


{% macro yearly_waves() -%}
    {{ return(['sine_1', 'cosine_1', 'sine_2', 'cosine_2', 'sine_3', 'cosine_3']) }}
{%- endmacro %}


{% macro yearly_wave(wave, day) -%}
    {%- set shape, order = wave.split('_') -%}
    {{ {'sine': 'sin', 'cosine': 'cos'}[shape] }}({{ order }} * 2 * pi() * (dayofyear({{ day }}) - 1) / 365.25)
{%- endmacro %}


{# The tolerance of a regressor is the inverse of its variance inflation factor. #}
{% macro least_wave_tolerance() -%} 0.0001 {%- endmacro %}
