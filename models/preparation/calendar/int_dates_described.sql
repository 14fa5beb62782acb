with

level_breaks as (select * from {{ ref('level_breaks') }}),

public_holidays as (select * from {{ ref('int_public_holidays_merged') }}),

seed_school_holidays as (select * from {{ ref('school_holidays') }}),

school_holidays as (select * from {{ ref('int_school_holidays_merged') }}),

-- Which calendar is used: of a school year by its holidays, of a calendar year by its public holidays.
school_years as (

    select
        year(date_day) - case when month(date_day) < 8 then 1 else 0 end as school_year_start,
        case
            when count(distinct calendar_source_code) > 1 then 'portal_and_seed'
            else min(calendar_source_code)
        end as calendar_source_code
    from school_holidays
    -- What is left of a summer in August belongs to the school year before.
    where month(date_day) <> 8
    group by all

),

public_years as (

    select
        year(date_day) as calendar_year,
        case
            when count(distinct calendar_source_code) > 1 then 'portal_and_seed'
            else min(calendar_source_code)
        end as calendar_source_code
    from public_holidays
    group by all

),

days as (

    -- As long as the two calendars reach; a test fails when data outgrows them.
    select cast(spine_day as date) as date_day
    from (
        select unnest(
            generate_series(
                (select min(first_day) from seed_school_holidays),
                (select max(last_day) from seed_school_holidays),
                interval 1 day
            )
        ) as spine_day
    ) as series

),

school_zones as (

    select
        days.date_day,
        {% for zone in ['A', 'B', 'C'] -%}
        coalesce(bool_or(school_holidays.school_zone_code = '{{ zone }}'), false)
            as is_school_holiday_zone_{{ zone | lower }},
        {% endfor -%}
        max(school_holidays.school_holiday_label_fr) as school_holiday_label_fr
    from days
    left join school_holidays
        on days.date_day = school_holidays.date_day
    group by days.date_day

),

described as (

    select
        school_zones.date_day,
        {{ iso_weekday('school_zones.date_day') }} as iso_weekday,
        {{ hours_in_local_day('school_zones.date_day') }} as hours_in_local_day_count,
        {{ heating_season_start_year('school_zones.date_day') }} as heating_season_start_year,
        {{ calendar_quarter_code('school_zones.date_day') }} as calendar_quarter_code,
        public_holidays.date_day is not null as is_public_holiday,
        public_holidays.public_holiday_label_fr,
        eve.date_day is not null as is_day_after_public_holiday,
        morrow.date_day is not null as is_day_before_public_holiday,
        school_zones.is_school_holiday_zone_a,
        school_zones.is_school_holiday_zone_b,
        school_zones.is_school_holiday_zone_c,
        school_zones.school_holiday_label_fr,
        coalesce(school_years.calendar_source_code, 'seed') as school_calendar_source_code,
        coalesce(public_years.calendar_source_code, 'seed') as public_holiday_source_code
    from school_zones
    left join school_years
        on
            year(school_zones.date_day) - case when month(school_zones.date_day) < 9 then 1 else 0 end
            = school_years.school_year_start
    left join public_years on year(school_zones.date_day) = public_years.calendar_year
    left join public_holidays on school_zones.date_day = public_holidays.date_day
    left join public_holidays as eve on school_zones.date_day = eve.date_day + 1
    left join public_holidays as morrow on school_zones.date_day = morrow.date_day - 1

),

-- A day on which the level breaks starts a regime of its own inside its season.
regimes as (

    select
        described.date_day,
        cast(described.heating_season_start_year as varchar) || case
            when count(level_breaks.break_on) = 0 then ''
            else chr(97 + cast(count(case when level_breaks.break_on <= described.date_day then 1 end) as integer))
        end as season_regime_code
    from described
    left join level_breaks
        on described.heating_season_start_year = {{ heating_season_start_year('level_breaks.break_on') }}
    group by described.date_day, described.heating_season_start_year

),

final as (

    select
        described.date_day,
        cast(year(described.date_day) as integer) as calendar_year,
        cast(month(described.date_day) as integer) as calendar_month,
        cast(calendar_quarter_code as varchar) as calendar_quarter_code,
        cast(iso_weekday as integer) as iso_weekday,
        cast(hours_in_local_day_count as integer) as hours_in_local_day_count,
        cast(heating_season_start_year as integer) as heating_season_start_year,
        cast(regimes.season_regime_code as varchar) as season_regime_code,
        is_public_holiday,
        cast(public_holiday_label_fr as varchar) as public_holiday_label_fr,
        is_school_holiday_zone_a,
        is_school_holiday_zone_b,
        is_school_holiday_zone_c,
        cast(school_holiday_label_fr as varchar) as school_holiday_label_fr,
        cast(school_calendar_source_code as varchar) as school_calendar_source_code,
        cast(public_holiday_source_code as varchar) as public_holiday_source_code,
        described.date_day between date '2020-03-17' and date '2020-05-10' as is_lockdown,
        (month(described.date_day) = 12 and day(described.date_day) >= 22)
        or (month(described.date_day) = 1 and day(described.date_day) <= 3)
            as is_christmas_period,
        (iso_weekday = 5 and is_day_after_public_holiday) or (iso_weekday = 1 and is_day_before_public_holiday)
            as is_bridge_day
    from described
    inner join regimes on described.date_day = regimes.date_day

)

select * from final
