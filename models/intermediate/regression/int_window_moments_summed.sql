with

regime_moments as (

    select * from {{ ref('int_regime_moments_summed') }}

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

spans as (

    select * from {{ ref('int_windows_spanned') }}

),

whole as (

    select
        windows.window_code,
        regime_moments.series_code,
        'none' as left_out_code,
        regime_moments.heating_balance_point_c,
        regime_moments.cooling_balance_point_c,
        {% for measure in moment_measures() -%}
        sum(regime_moments.{{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from regime_moments
    inner join windows on regime_moments.season_regime_code = windows.season_regime_code
    where regime_moments.left_out_code = 'none'
    group by all

),

-- What a window loses with the left-out days: only the regimes that they touch change.
changes as (

    select
        windows.window_code,
        without_quarter.series_code,
        case
            when without_quarter.left_out_code = spans.hold_out_code then 'hold_out'
            else without_quarter.left_out_code
        end as left_out_code,
        without_quarter.heating_balance_point_c,
        without_quarter.cooling_balance_point_c,
        {% for measure in moment_measures() -%}
        sum(without_quarter.{{ measure }} - regime_moments.{{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from regime_moments as without_quarter
    inner join regime_moments
        on
            without_quarter.series_code = regime_moments.series_code
            and without_quarter.season_regime_code = regime_moments.season_regime_code
            and without_quarter.heating_balance_point_c = regime_moments.heating_balance_point_c
            and without_quarter.cooling_balance_point_c = regime_moments.cooling_balance_point_c
    inner join windows on regime_moments.season_regime_code = windows.season_regime_code
    inner join spans
        on
            windows.window_code = spans.window_code
            and regime_moments.series_code = spans.series_code
    where
        without_quarter.left_out_code <> 'none'
        and regime_moments.left_out_code = 'none'
        -- Each window has its own hold-out; those of other windows do not concern it.
        and (
            without_quarter.left_out_code not like 'from_%'
            or without_quarter.left_out_code = spans.hold_out_code
        )
    group by all

),

without_quarter as (

    select
        whole.window_code,
        whole.series_code,
        changes.left_out_code,
        whole.heating_balance_point_c,
        whole.cooling_balance_point_c,
        {% for measure in moment_measures() -%}
        whole.{{ measure }} + changes.{{ measure }} as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from whole
    inner join changes
        on
            whole.window_code = changes.window_code
            and whole.series_code = changes.series_code
            and whole.heating_balance_point_c = changes.heating_balance_point_c
            and whole.cooling_balance_point_c = changes.cooling_balance_point_c

),

unioned as (

    select * from whole
    union all
    select * from without_quarter

)

select * from unioned
