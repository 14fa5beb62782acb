{% test within_range(model, column_name, minimum, maximum) %}
{# Each row returned lies outside [minimum, maximum]; nulls are left to always_known. #}
select {{ column_name }}
from {{ model }}
where not ({{ column_name }} between {{ minimum }} and {{ maximum }})
{% endtest %}
