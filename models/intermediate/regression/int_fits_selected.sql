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
        heating_balance_point_c = {{ var('common_heating_balance_point_c') }}
        and coalesce(cooling_balance_point_c, {{ var('common_cooling_balance_point_c') }})
        = {{ var('common_cooling_balance_point_c') }}

),

-- `free`: the balance points with the least squared error, both slopes positive; searched again in every leave-out.
free as (

    select
        *,
        'free' as specification_code
    from solved
    where form_code = 'heating' or (heating_slope_mw_per_c > 0 and cooling_slope_mw_per_c > 0)
    qualify
        row_number() over (
            partition by window_code, territory_code, client_type_code, left_out_code, form_code
            -- Equal but for rounding is equal: a single hot day fits several cooling balance points alike.
            order by round(squared_error_sum_mw2 / yy_mw2, 11), heating_balance_point_c, cooling_balance_point_c
        ) = 1

),

selected as (

    select * from common
    union all
    select * from free

),

whole_forms as (

    select
        window_code,
        territory_code,
        client_type_code,
        specification_code,
        form_code
    from selected
    where left_out_code = 'none'

),

leave_outs as (

    select distinct
        window_code,
        territory_code,
        client_type_code,
        left_out_code
    from solved

),

-- A leave-out that no pair of balance points fits falls back on heating alone.
completed as (

    select
        whole_forms.window_code,
        whole_forms.territory_code,
        whole_forms.client_type_code,
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
            and whole_forms.territory_code = leave_outs.territory_code
            and whole_forms.client_type_code = leave_outs.client_type_code
    left join selected as same_form
        on
            whole_forms.window_code = same_form.window_code
            and whole_forms.territory_code = same_form.territory_code
            and whole_forms.client_type_code = same_form.client_type_code
            and whole_forms.specification_code = same_form.specification_code
            and whole_forms.form_code = same_form.form_code
            and leave_outs.left_out_code = same_form.left_out_code
    left join selected as heating_alone
        on
            whole_forms.window_code = heating_alone.window_code
            and whole_forms.territory_code = heating_alone.territory_code
            and whole_forms.client_type_code = heating_alone.client_type_code
            and whole_forms.specification_code = heating_alone.specification_code
            and heating_alone.form_code = 'heating'
            and leave_outs.left_out_code = heating_alone.left_out_code

)

select * from completed
