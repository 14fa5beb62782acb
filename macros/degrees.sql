{% macro heating_degrees(temperature, balance_point) -%}
    greatest({{ balance_point }} - {{ temperature }}, 0)
{%- endmacro %}

{% macro cooling_degrees(temperature, balance_point) -%}
    greatest({{ temperature }} - {{ balance_point }}, 0)
{%- endmacro %}
