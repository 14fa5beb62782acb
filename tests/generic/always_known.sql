{% test always_known(model, columns) %}
{# Each row returned has a null in one of the columns: one test of a model costs what a `not_null` of one column does. #}
select {{ columns | join(', ') }}
from {{ model }}
where
    {% for column in columns -%}
    {{ 'or ' if not loop.first }}{{ column }} is null
    {% endfor %}
{% endtest %}
