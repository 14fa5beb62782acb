{% macro period_energy_mwh(load_mean_mw, days_counted, days_in_period, hours_in_period) -%}
    case when {{ days_counted }} >= 0.95 * {{ days_in_period }} then {{ load_mean_mw }} * {{ hours_in_period }} end
{%- endmacro %}
