with

-- The search looks at every pair of balance points in every leave-out: no more of each than it needs.
admissible as (

    select
        window_code,
        series_code,
        left_out_code,
        form_code,
        heating_balance_point_c,
        cooling_balance_point_c,
        -- Equal but for rounding is equal: a single hot day fits several cooling balance points alike.
        round(squared_error_sum_mw2 / yy_mw2, 11) as squared_error_share
    from {{ ref('int_slopes_solved') }}
    where
        not is_with_waves
        and series_code like '%|daily'
        and (form_code = 'heating' or (heating_slope_mw_per_c > 0 and cooling_slope_mw_per_c > 0))

),

-- `free`: the balance points with the least squared error, both slopes positive; searched again in every leave-out.
searched as (

    select * from admissible
    qualify
        row_number() over (
            partition by window_code, series_code, left_out_code, form_code
            order by squared_error_share, heating_balance_point_c, cooling_balance_point_c
        ) = 1

),

kept as (

    select
        solved.*,
        searched.series_code is not null as is_least_error
    from {{ ref('int_slopes_solved') }} as solved
    left join searched
        on
            solved.window_code = searched.window_code
            and solved.series_code = searched.series_code
            and solved.left_out_code = searched.left_out_code
            and solved.form_code = searched.form_code
            and solved.heating_balance_point_c = searched.heating_balance_point_c
            and solved.cooling_balance_point_c is not distinct from searched.cooling_balance_point_c
            and not solved.is_with_waves
    where
        searched.series_code is not null
        or (
            -- `season_adjusted` has no others.
            solved.heating_balance_point_c = {{ var('common_heating_balance_point_c') }}
            and coalesce(solved.cooling_balance_point_c, {{ var('common_cooling_balance_point_c') }})
            = {{ var('common_cooling_balance_point_c') }}
        )

),

selected as (

    -- `common`: the same balance points everywhere, to rank on equal terms. `season_adjusted`: the same beside yearly
    -- waves, which take for season what may be temperature.
    select
        * exclude (is_least_error, is_with_waves),
        case when is_with_waves then 'season_adjusted' else 'common' end as specification_code
    from kept
    where
        heating_balance_point_c = {{ var('common_heating_balance_point_c') }}
        and coalesce(cooling_balance_point_c, {{ var('common_cooling_balance_point_c') }})
        = {{ var('common_cooling_balance_point_c') }}
    union all
    select
        * exclude (is_least_error, is_with_waves),
        'free' as specification_code
    from kept
    where is_least_error

),

-- A form that is fitted without some quarter is asked for in all of the window.
forms as (

    select distinct
        window_code,
        series_code,
        specification_code,
        form_code
    from selected
    where left_out_code <> 'hold_out'

),

leave_outs as (

    select distinct
        window_code,
        series_code,
        left_out_code
    from selected

),

-- A leave-out that no pair of balance points fits falls back on heating alone.
completed as (

    select
        forms.window_code,
        forms.series_code,
        forms.specification_code,
        forms.form_code,
        leave_outs.left_out_code,
        {% for measure in moment_measures() + [
            'heating_balance_point_c', 'cooling_balance_point_c', 'heating_slope_mw_per_c', 'cooling_slope_mw_per_c',
            'squared_error_sum_mw2',
        ] -%}
        case when same_form.form_code is null then heating_alone.{{ measure }} else same_form.{{ measure }} end
            as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from forms
    inner join leave_outs
        on
            forms.window_code = leave_outs.window_code
            and forms.series_code = leave_outs.series_code
    left join selected as same_form
        on
            forms.window_code = same_form.window_code
            and forms.series_code = same_form.series_code
            and forms.specification_code = same_form.specification_code
            and forms.form_code = same_form.form_code
            and leave_outs.left_out_code = same_form.left_out_code
    left join selected as heating_alone
        on
            forms.window_code = heating_alone.window_code
            and forms.series_code = heating_alone.series_code
            and forms.specification_code = heating_alone.specification_code
            and heating_alone.form_code = 'heating'
            and leave_outs.left_out_code = heating_alone.left_out_code

)

select * from completed
