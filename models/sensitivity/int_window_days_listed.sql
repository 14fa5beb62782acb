with

windows as (select * from {{ ref('windows') }}),

dates as (

    select
        date_day,
        season_regime_code
    from {{ ref('dim_dates') }}

),

cuts as (

    select first_day as cut_on from windows
    union
    select last_day + 1 as cut_on from windows

),

-- A segment is a stretch of days that no window cuts: every window holds it whole or not at all.
segmented as (

    select
        dates.date_day,
        dates.season_regime_code,
        coalesce(
            max(cuts.cut_on) over (order by dates.date_day rows between unbounded preceding and current row),
            date '0001-01-01'
        ) as segment_start_on
    from dates
    left join cuts on dates.date_day = cuts.cut_on

),

windowed as (

    select
        windows.window_code,
        segmented.date_day,
        segmented.season_regime_code,
        segmented.segment_start_on,
        min(segmented.segment_start_on) over by_regime as first_segment_start_on,
        max(segmented.segment_start_on) over by_regime as last_segment_start_on
    from segmented
    inner join windows
        on
            (windows.first_day is null or segmented.date_day >= windows.first_day)
            and (windows.last_day is null or segmented.date_day <= windows.last_day)
    window by_regime as (partition by windows.window_code, segmented.season_regime_code)

),

-- What windows hold of a regime; those that hold the same of it share its sums.
scoped as (

    select
        window_code,
        date_day,
        season_regime_code,
        segment_start_on,
        concat_ws(
            '|',
            season_regime_code,
            cast(first_segment_start_on as varchar),
            cast(last_segment_start_on as varchar)
        ) as regime_scope_code
    from windowed

)

select * from scoped
