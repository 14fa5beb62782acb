-- National public holidays by day: the portal's for the years that it lists whole, and the seed's for the others.
with

published as (select * from {{ ref('stg_holidays__public_holidays') }}),

seed as (select * from {{ ref('public_holidays') }}),

-- France has eleven a year: of a year of which a few are listed, the others are as the seed has them.
whole_years as (

    select year(date_day) as calendar_year
    from published
    where is_public_holiday
    group by year(date_day)
    having count(distinct date_day) >= 11

),

days as (

    select
        date_day,
        public_holiday_label_fr,
        'portal' as calendar_source_code
    from published
    where is_public_holiday
    union all
    select
        seed.date_day,
        seed.holiday_label_fr as public_holiday_label_fr,
        'seed' as calendar_source_code
    from seed
    anti join whole_years on year(seed.date_day) = whole_years.calendar_year
    -- A row of the portal says it of its day, either way.
    anti join published on seed.date_day = published.date_day

),

final as (

    select
        date_day,
        max(public_holiday_label_fr) as public_holiday_label_fr,
        min(calendar_source_code) as calendar_source_code
    from days
    group by date_day

)

select * from final
