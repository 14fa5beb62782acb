with

regions as (select * from {{ ref('regions') }}),

dates as (select * from {{ ref('int_dates_described') }}),

territories as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        school_zone_code
    from regions
    union all
    -- France is on school holiday when all of its zones are.
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        'all' as school_zone_code

),

days as (

    select
        territories.territory_level_code,
        territories.territory_code,
        dates.date_day,
        dates.iso_weekday,
        dates.is_public_holiday,
        dates.is_lockdown,
        dates.is_christmas_period,
        dates.is_bridge_day,
        dates.season_regime_code,
        dates.calendar_quarter_code,
        case territories.school_zone_code
            when 'A' then dates.is_school_holiday_zone_a
            when 'B' then dates.is_school_holiday_zone_b
            when 'C' then dates.is_school_holiday_zone_c
            when 'all'
                then
                    dates.is_school_holiday_zone_a
                    and dates.is_school_holiday_zone_b
                    and dates.is_school_holiday_zone_c
        end as is_school_holiday,
        month(dates.date_day) = 8 as is_august
    from territories
    cross join dates

),

classified as (

    select
        territory_level_code,
        territory_code,
        date_day,
        season_regime_code,
        calendar_quarter_code,
        is_school_holiday,
        -- The first that applies, so that each day has exactly one class.
        case
            when is_lockdown then 'lockdown'
            when is_public_holiday then 'public_holiday'
            when is_christmas_period then 'christmas'
            when is_bridge_day then 'bridge_day'
            when iso_weekday = 6 then 'saturday'
            when iso_weekday = 7 then 'sunday'
            when is_august then 'august_weekday'
            else
                case iso_weekday when 1 then 'monday' when 5 then 'friday' else 'midweek' end
                || case when is_school_holiday then '_school_holiday' else '' end
        end as day_class_code
    from days

),

coded as (

    select
        *,
        season_regime_code || '|' || day_class_code as calendar_cell_code
    from classified

)

select * from coded
