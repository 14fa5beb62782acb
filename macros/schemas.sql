{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

{% macro schema_and_table(name) -%}
    {{ ref(name).include(database=false) }}
{%- endmacro %}
