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


{% macro cell_sum_measures() -%}
    {{ return([
        'days_count', 'load_sum_mw', 'load_square_sum_mw2', 'degrees_sum_c', 'degrees_square_sum_c2',
        'degrees_load_sum_mw_c',
    ]) }}
{%- endmacro %}


{% macro moment_measures() -%}
    {{ return([
        'days_count', 'cells_count', 'load_sum_mw', 'yy_mw2', 'hh_c2', 'hc_c2', 'cc_c2', 'hy_mw_c', 'cy_mw_c',
    ]) }}
{%- endmacro %}


{% macro day_exclusion_codes() -%}
    {{ return(['load_not_published', 'load_incomplete', 'temperature_missing']) }}
{%- endmacro %}
