{% test unique_grain(model, columns) %}
{# One row per combination of the columns: each row returned is a combination that stands more than once, or has a null in it. #}
select
    {{ columns | join(', ') }},
    count(*) as rows_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% for column in columns -%}
or {{ column }} is null
{% endfor %}
{% endtest %}
