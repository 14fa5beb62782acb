{% macro paris_local_timestamp(instant) -%}
    ({{ instant }} at time zone 'Europe/Paris')
{%- endmacro %}


{% macro clock_time(local_timestamp) -%}
    strftime({{ local_timestamp }}, '%H:%M')
{%- endmacro %}


{% macro iso_weekday(day) -%}
    -- 1 Monday .. 7 Sunday, counted from a known Monday: engines number the days of a week differently.
    (((datediff('day', date '2001-01-01', {{ day }}) % 7) + 7) % 7 + 1)
{%- endmacro %}


{% macro hours_in_local_day(day) -%}
    -- European clock changes: 23 hours on the last Sunday of March, 25 on the last Sunday of October.
    case
        when {{ iso_weekday(day) }} = 7 and month({{ day }}) = 3 and day({{ day }}) >= 25 then 23
        when {{ iso_weekday(day) }} = 7 and month({{ day }}) = 10 and day({{ day }}) >= 25 then 25
        else 24
    end
{%- endmacro %}


{% macro heating_season_start_year(day) -%}
    (year({{ day }}) - case when month({{ day }}) < 7 then 1 else 0 end)
{%- endmacro %}


{% macro calendar_quarter_code(day) -%}
    (cast(year({{ day }}) as varchar) || 'Q' || cast(quarter({{ day }}) as varchar))
{%- endmacro %}


{# The day class that a plain day of this weekday has. #}
{% macro weekday_code(iso_weekday) -%}
    case {{ iso_weekday }}
        when 1 then 'monday' when 5 then 'friday' when 6 then 'saturday' when 7 then 'sunday' else 'midweek'
    end
{%- endmacro %}


{# The same number every year; the 29th of February is as normal as the day before it. #}
{% macro day_of_year_number(day) -%}
    (
        least(month({{ day }}) * 100 + day({{ day }}), 228)
        + greatest(month({{ day }}) * 100 + day({{ day }}) - 300, 0)
    )
{%- endmacro %}
