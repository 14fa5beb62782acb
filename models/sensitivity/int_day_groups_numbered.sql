with

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

window_days as (

    select * from {{ ref('int_window_days_listed') }}

),

segments as (

    select distinct
        date_day,
        segment_start_on
    from window_days

),

-- The days of a calendar cell, quarter and segment always go together.
day_groups as (

    select distinct
        days.season_regime_code,
        days.day_class_code,
        days.calendar_cell_code,
        days.calendar_quarter_code,
        segments.segment_start_on
    from days
    inner join segments using (date_day)

),

numbered as (

    select
        cast(row_number() over (order by calendar_cell_code, calendar_quarter_code, segment_start_on) as integer)
            as day_group_number,
        *
    from day_groups

)

select * from numbered
