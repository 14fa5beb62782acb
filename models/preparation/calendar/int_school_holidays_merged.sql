-- School holidays by zone and day: the portal's, holiday by holiday, and the seed's for those that the portal lacks.
with

published_periods as (

    select
        school_zone_code,
        academie_label_fr,
        school_holiday_label_fr,
        lower(strip_accents(school_holiday_label_fr)) as holiday_name,
        holiday_start_on as first_day,
        -- A single day off is its own end; otherwise the day of return is not a holiday.
        greatest(holiday_start_on, holiday_return_on - 1) as last_day,
        year(holiday_start_on) - case when month(holiday_start_on) < 8 then 1 else 0 end as school_year_start
    from {{ ref('stg_education__school_holidays') }}
    where
        school_zone_code in ('A', 'B', 'C')
        and not is_for_teachers_only
        -- Some summers are published as the day they begin: that says nothing of their end.
        and not (is_without_duration and lower(strip_accents(school_holiday_label_fr)) like '%ete')

),

seed_periods as (

    select
        school_zone_code,
        school_holiday_label_fr,
        lower(strip_accents(school_holiday_label_fr)) as holiday_name,
        first_day,
        last_day,
        year(first_day) - case when month(first_day) < 8 then 1 else 0 end as school_year_start
    from {{ ref('school_holidays') }}

),

published_holidays as (

    select
        school_zone_code,
        school_year_start,
        holiday_name,
        count(distinct academie_label_fr) as academies_count
    from published_periods
    group by all

),

published_days as (

    select
        school_zone_code,
        school_year_start,
        holiday_name,
        academie_label_fr,
        school_holiday_label_fr,
        cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as date_day
    from published_periods

),

-- The ends of a holiday differ between académies of a zone: a day is one where most of them are on holiday.
published as (

    select
        published_days.school_zone_code,
        published_days.date_day,
        max(published_days.school_holiday_label_fr) as school_holiday_label_fr,
        'portal' as calendar_source_code
    from published_days
    inner join published_holidays
        on
            published_days.school_zone_code = published_holidays.school_zone_code
            and published_days.school_year_start = published_holidays.school_year_start
            and published_days.holiday_name = published_holidays.holiday_name
    group by
        published_days.school_zone_code,
        published_days.date_day,
        published_days.holiday_name,
        published_holidays.academies_count
    having count(distinct published_days.academie_label_fr) * 2 >= published_holidays.academies_count

),

seed_kept as (

    select seed_periods.*
    from seed_periods
    anti join published_holidays
        on
            seed_periods.school_zone_code = published_holidays.school_zone_code
            and seed_periods.school_year_start = published_holidays.school_year_start
            and seed_periods.holiday_name = published_holidays.holiday_name

),

seed_days as (

    select
        school_zone_code,
        cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as date_day,
        school_holiday_label_fr,
        'seed' as calendar_source_code
    from seed_kept

),

days as (

    select * from published
    union all
    select * from seed_days

),

final as (

    select
        school_zone_code,
        date_day,
        max(school_holiday_label_fr) as school_holiday_label_fr,
        min(calendar_source_code) as calendar_source_code
    from days
    group by school_zone_code, date_day

)

select * from final
