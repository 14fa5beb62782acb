-- Detects a wrong calendar: bridge days, seasons, clock changes, the lockdown and school zones on days known from
-- official calendars. A row is a day of dim_dates that differs.
with

expected (
    date_day,
    season_regime_code,
    is_public_holiday,
    is_bridge_day,
    is_school_holiday_zone_b,
    hours_in_local_day_count,
    is_lockdown
) as (

    values
    (date '2017-05-26', '2016', false, true, false, 24, false),
    (date '2018-04-30', '2017', false, true, true, 24, false),
    (date '2018-05-11', '2017', false, true, false, 24, false),
    (date '2020-03-16', '2019', false, false, false, 24, false),
    (date '2020-03-17', '2019', false, false, false, 24, true),
    (date '2020-05-10', '2019', false, false, false, 24, true),
    (date '2020-05-11', '2019', false, false, false, 24, false),
    (date '2022-06-30', '2021', false, false, false, 24, false),
    (date '2022-07-01', '2022a', false, false, false, 24, false),
    (date '2022-07-14', '2022a', true, false, true, 24, false),
    (date '2022-07-15', '2022a', false, true, true, 24, false),
    (date '2022-09-14', '2022a', false, false, false, 24, false),
    (date '2022-09-15', '2022b', false, false, false, 24, false),
    (date '2022-10-30', '2022b', false, false, true, 25, false),
    (date '2022-10-31', '2022b', false, true, true, 24, false),
    (date '2022-11-10', '2022b', false, false, false, 24, false),
    (date '2023-03-26', '2022b', false, false, false, 23, false),
    (date '2023-07-01', '2023', false, false, false, 24, false)

),

dates as (select * from {{ ref('dim_dates') }}),

different as (

    select expected.*
    from expected
    left join dates
        on
            expected.date_day = dates.date_day
            and expected.season_regime_code = dates.season_regime_code
            and expected.is_public_holiday = dates.is_public_holiday
            and expected.is_bridge_day = dates.is_bridge_day
            and expected.is_school_holiday_zone_b = dates.is_school_holiday_zone_b
            and expected.hours_in_local_day_count = dates.hours_in_local_day_count
            and expected.is_lockdown = dates.is_lockdown
    where dates.date_day is null

)

select * from different
