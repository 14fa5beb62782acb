{% macro heating_degrees(temperature, balance_point) -%}
    greatest({{ balance_point }} - {{ temperature }}, 0)
{%- endmacro %}

{% macro cooling_degrees(temperature, balance_point) -%}
    greatest({{ temperature }} - {{ balance_point }}, 0)
{%- endmacro %}


{# The temperature that buildings answer to: that of the day, half that of the day before, a quarter of that before. #}
{% macro smoothed_temperature(temperature, days) -%}
    (
        {{ temperature }}
        + 0.5 * lag({{ temperature }}, 1) over {{ days }}
        + 0.25 * lag({{ temperature }}, 2) over {{ days }}
    ) / 1.75
{%- endmacro %}
