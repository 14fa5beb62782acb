with

days as (select * from {{ ref('int_days_classified') }}),

dates as (select * from {{ ref('dim_dates') }}),

described as (

    select
        days.territory_level_code,
        days.territory_code,
        days.date_day,
        dates.hours_in_local_day_count,
        dates.calendar_year,
        dates.calendar_month,
        dates.heating_season_start_year,
        dates.iso_weekday,
        -- The ISO week belongs to the year of its Thursday.
        dates.date_day + (4 - dates.iso_weekday) as thursday_on,
        days.is_school_holiday,
        days.day_class_code
    from days
    inner join dates on days.date_day = dates.date_day

),

listed as (

    {% for kind, year, part in [
        ('year', 'calendar_year', "'all'"),
        ('season', 'heating_season_start_year', "'all'"),
        ('month', 'calendar_year', "lpad(cast(calendar_month as varchar), 2, '0')"),
        ('iso_week', 'year(thursday_on)', "'W' || lpad(cast(cast(floor((dayofyear(thursday_on) + 6) / 7) as integer) as varchar), 2, '0')"),
        ('day', 'calendar_year', "strftime(date_day, '%m-%d')"),
        ('day_class', 'calendar_year', 'day_class_code'),
        ('weekday_or_weekend', 'calendar_year', "case when iso_weekday >= 6 then 'weekend' else 'weekday' end"),
        ('school_holiday', 'calendar_year', "case when is_school_holiday then 'school_holiday' else 'school_term' end"),
    ] -%}
    select
        territory_level_code,
        territory_code,
        date_day,
        hours_in_local_day_count,
        '{{ kind }}' as period_kind_code,
        cast({{ year }} as integer) as period_year,
        {{ part }} as period_of_year_code
    from described
    {{ 'where is_school_holiday is not null' if kind == 'school_holiday' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from listed
