with

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    -- Hours and other temperatures are neither counted nor held out.
    where series_code like '%|daily'

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

quarters as (

    select distinct
        calendar_quarter_code,
        year(date_day) * 4 + quarter(date_day) as quarter_number
    from days

),

spanned as (

    select
        windows.window_code,
        days.series_code,
        min(days.date_day) as window_start_on,
        max(days.date_day) as window_end_on,
        count(*) as days_expected_count,
        count(case when days.exclusion_code is null then 1 end) as days_used_count,
        {% for reason in day_exclusion_codes() -%}
        count(case when days.exclusion_code = '{{ reason }}' then 1 end) as days_{{ reason }}_count,
        {% endfor -%}
        min(quarters.quarter_number) as first_quarter_number,
        max(quarters.quarter_number) as last_quarter_number
    from days
    inner join windows on days.season_regime_code = windows.season_regime_code
    inner join quarters on days.calendar_quarter_code = quarters.calendar_quarter_code
    group by all

),

held_out as (

    select
        spanned.* exclude (first_quarter_number, last_quarter_number),
        -- The last year, in whole quarters, so that training is again a sum of sums; a window under two years has none.
        case
            when spanned.last_quarter_number - spanned.first_quarter_number >= 7
                then 'from_' || quarters.calendar_quarter_code
        end as hold_out_code
    from spanned
    left join quarters on spanned.last_quarter_number - 3 = quarters.quarter_number

)

select * from held_out
