with

day_groups as (

    select distinct
        day_group_number,
        season_regime_code,
        day_class_code,
        calendar_quarter_code,
        segment_start_on
    from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

window_scopes as (

    select distinct
        regime_scope_code,
        season_regime_code,
        segment_start_on
    from {{ ref('int_window_days_listed') }}

),

-- Calendar cells as far as windows hold them, and the groups of days that they are made of.
scope_days as (

    select
        window_scopes.regime_scope_code,
        day_groups.day_group_number,
        day_groups.season_regime_code,
        day_groups.day_class_code,
        day_groups.calendar_quarter_code
    from day_groups
    inner join window_scopes using (season_regime_code, segment_start_on)

),

hold_outs as (

    select distinct calendar_quarter_code as left_out_code
    from scope_days

),

-- Which days leave in which leave-out; a year that is held out may begin with any quarter. A whole window is what it
-- loses when everything leaves, so that there is one way to every sum.
departures as (

    {% for kind_code, left_out_code in {
        'none': "'none'",
        'quarter': 'calendar_quarter_code',
        'season': season_code('season_regime_code'),
        'day_class': 'day_class_code',
    }.items() -%}
    select
        *,
        '{{ kind_code }}' as left_out_kind_code,
        {{ left_out_code }} as left_out_code
    from scope_days
    union all
    {% endfor -%}
    select
        scope_days.*,
        'hold_out' as left_out_kind_code,
        hold_outs.left_out_code
    from scope_days
    inner join hold_outs on scope_days.calendar_quarter_code >= hold_outs.left_out_code

),

final as (

    select
        regime_scope_code,
        day_group_number,
        left_out_kind_code,
        left_out_code,
        cast(dense_rank() over (order by regime_scope_code, left_out_kind_code, left_out_code) as integer)
            as part_number,
        cast(dense_rank() over (order by regime_scope_code, day_class_code) as integer) as scope_cell_number
    from departures

)

select * from final
