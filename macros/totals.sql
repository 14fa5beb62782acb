{% macro whole_from_share() -%} 0.95 {%- endmacro %}


{% macro is_whole(coverage_share) -%}
    coalesce({{ coverage_share }} >= {{ whole_from_share() }}, false)
{%- endmacro %}


{% macro total_if_whole(total, coverage_share) -%}
    case when {{ coverage_share }} >= {{ whole_from_share() }} then {{ total }} end
{%- endmacro %}


{% macro sum_of_all(measure, expected_count) -%}
    case when count({{ measure }}) = {{ expected_count }} then sum({{ measure }}) end
{%- endmacro %}
