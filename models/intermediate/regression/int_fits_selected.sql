with

solved as (

    select * from {{ ref('int_slopes_solved') }}

),

-- `common`: the same balance points everywhere, to rank on equal terms.
common as (

    select
        *,
        'common' as specification_code
    from solved
    where
        not is_with_waves
        and heating_balance_point_c = {{ var('common_heating_balance_point_c') }}
        and coalesce(cooling_balance_point_c, {{ var('common_cooling_balance_point_c') }})
        = {{ var('common_cooling_balance_point_c') }}

),

-- `free`: the balance points with the least squared error, both slopes positive; searched again in every leave-out.
free as (

    select
        *,
        'free' as specification_code
    from solved
    where
        not is_with_waves
        and series_code like '%|daily'
        and (form_code = 'heating' or (heating_slope_mw_per_c > 0 and cooling_slope_mw_per_c > 0))
    qualify
        row_number() over (
            partition by window_code, series_code, left_out_code, form_code
            -- Equal but for rounding is equal: a single hot day fits several cooling balance points alike.
            order by round(squared_error_sum_mw2 / yy_mw2, 11), heating_balance_point_c, cooling_balance_point_c
        ) = 1

),

-- `lower_bound`: the common balance points beside yearly waves, which take for season what may be temperature.
lower_bound as (

    select
        *,
        'lower_bound' as specification_code
    from solved
    where is_with_waves

),

selected as (

    select * from common
    union all
    select * from free
    union all
    select * from lower_bound

),

whole_forms as (

    select
        window_code,
        series_code,
        specification_code,
        form_code
    from selected
    where left_out_code = 'none'

),

leave_outs as (

    select distinct
        window_code,
        series_code,
        left_out_code
    from solved

),

-- A leave-out that no pair of balance points fits falls back on heating alone.
completed as (

    select
        whole_forms.window_code,
        whole_forms.series_code,
        whole_forms.specification_code,
        whole_forms.form_code,
        leave_outs.left_out_code,
        {% for measure in moment_measures() + [
            'heating_balance_point_c', 'cooling_balance_point_c', 'heating_slope_mw_per_c', 'cooling_slope_mw_per_c',
            'squared_error_sum_mw2',
        ] -%}
        case when same_form.form_code is null then heating_alone.{{ measure }} else same_form.{{ measure }} end
            as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from whole_forms
    inner join leave_outs
        on
            whole_forms.window_code = leave_outs.window_code
            and whole_forms.series_code = leave_outs.series_code
    left join selected as same_form
        on
            whole_forms.window_code = same_form.window_code
            and whole_forms.series_code = same_form.series_code
            and whole_forms.specification_code = same_form.specification_code
            and whole_forms.form_code = same_form.form_code
            and leave_outs.left_out_code = same_form.left_out_code
    left join selected as heating_alone
        on
            whole_forms.window_code = heating_alone.window_code
            and whole_forms.series_code = heating_alone.series_code
            and whole_forms.specification_code = heating_alone.specification_code
            and heating_alone.form_code = 'heating'
            and leave_outs.left_out_code = heating_alone.left_out_code

)

select * from completed
