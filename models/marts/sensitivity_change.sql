with

series as (

    select * from {{ ref('int_load_series_listed') }}
    where is_daily

),

leave_outs as (

    select
        series.territory_level_code,
        series.territory_code,
        series.client_type_code,
        leave_outs.window_code,
        leave_outs.specification_code,
        leave_outs.left_out_code,
        leave_outs.load_mean_mw,
        leave_outs.coefficient as heating_slope_mw_per_c,
        100 * leave_outs.coefficient / leave_outs.load_mean_mw as heating_slope_pct_of_mean_load_per_c
    from {{ ref('int_slope_leave_outs_united') }} as leave_outs
    inner join series using (series_code)
    where leave_outs.regressor_code = 'heating'

),

windows as (select * from {{ ref('windows') }}),

student_t as (select * from {{ ref('student_t_quantiles') }}),

specifications_with_slopes as (

    select distinct specification_terms.specification_code
    from {{ ref('specification_terms') }} as specification_terms
    inner join {{ ref('regressors') }} using (regressor_code)

),

answers as (

    select
        territory_level_code,
        territory_code,
        client_type_code,
        window_code,
        specification_code,
        is_simulated,
        heating_slope_mw_per_c,
        heating_fit_status
    from {{ ref('weather_sensitivity') }}
    -- A model whose slope differs by temperature has none to compare.
    where specification_code in (select specification_code from specifications_with_slopes)

),

-- Which two answers are set beside each other: two windows of one territory, or two regions in one window; where one of
-- them is refused, the comparison is a row all the same.
comparisons as (

    select
        case when base.territory_code = other.territory_code then 'windows' else 'territories' end as comparison_code,
        base.territory_level_code,
        base.client_type_code,
        base.specification_code,
        base.territory_code as base_territory_code,
        base.window_code as base_window_code,
        other.territory_code,
        other.window_code,
        base.heating_slope_mw_per_c as base_heating_slope_mw_per_c,
        base.heating_fit_status as base_heating_fit_status,
        other.heating_slope_mw_per_c,
        other.heating_fit_status,
        base.is_simulated
    from answers as base
    inner join answers as other using (territory_level_code, client_type_code, specification_code)
    inner join windows as base_windows on base.window_code = base_windows.window_code
    inner join windows as other_windows on other.window_code = other_windows.window_code
    where
        case
            when base.territory_code < other.territory_code
                then base.window_code = 'all' and other.window_code = 'all'
            when base.territory_code = other.territory_code
                then
                    base_windows.window_kind_code = other_windows.window_kind_code
                    and case base_windows.window_kind_code
                        when 'break' then base_windows.last_day + 1 = other_windows.first_day
                        when 'season' then base_windows.last_day < other_windows.first_day
                    end
        end

),

quarters as (

    select distinct
        comparisons.* exclude (
            base_heating_slope_mw_per_c, heating_slope_mw_per_c, base_heating_fit_status, heating_fit_status
        ),
        leave_outs.left_out_code
    from comparisons
    inner join leave_outs
        on
            comparisons.client_type_code = leave_outs.client_type_code
            and comparisons.specification_code = leave_outs.specification_code
            and (
                (
                    comparisons.base_territory_code = leave_outs.territory_code
                    and comparisons.base_window_code = leave_outs.window_code
                )
                or (
                    comparisons.territory_code = leave_outs.territory_code
                    and comparisons.window_code = leave_outs.window_code
                )
            )

),

-- Both sides without the same quarter, so that what moves them together cancels; a side that does not hold the quarter
-- stays.
differences as (

    select
        quarters.*,
        {% for measure in [
            'load_mean_mw', 'heating_slope_mw_per_c', 'heating_slope_pct_of_mean_load_per_c'
        ] -%}
        case when base.left_out_code is null then base_whole.{{ measure }} else base.{{ measure }} end
            as base_{{ measure }},
        case when other.left_out_code is null then other_whole.{{ measure }} else other.{{ measure }} end
            as {{ measure }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from quarters
    {% for side, prefix in [('base', 'base_'), ('other', '')] -%}
    inner join leave_outs as {{ side }}_whole
        on
            quarters.{{ prefix }}territory_code = {{ side }}_whole.territory_code
            and quarters.{{ prefix }}window_code = {{ side }}_whole.window_code
            and quarters.client_type_code = {{ side }}_whole.client_type_code
            and quarters.specification_code = {{ side }}_whole.specification_code
            and {{ side }}_whole.left_out_code = 'none'
    left join leave_outs as {{ side }}
        on
            quarters.{{ prefix }}territory_code = {{ side }}.territory_code
            and quarters.{{ prefix }}window_code = {{ side }}.window_code
            and quarters.client_type_code = {{ side }}.client_type_code
            and quarters.specification_code = {{ side }}.specification_code
            and quarters.left_out_code = {{ side }}.left_out_code
    {% endfor %}

),

changes as (

    select
        *,
        heating_slope_mw_per_c - base_heating_slope_mw_per_c as heating_slope_change_mw_per_c,
        100 * (heating_slope_mw_per_c / nullif(base_heating_slope_mw_per_c, 0) - 1) as heating_slope_change_pct,
        heating_slope_pct_of_mean_load_per_c - base_heating_slope_pct_of_mean_load_per_c
            as heating_slope_share_change_pct_per_c
    from differences

),

spreads as (

    select
        comparison_code,
        client_type_code,
        specification_code,
        base_territory_code,
        base_window_code,
        territory_code,
        window_code,
        count(*) as quarters_count,
        {{ jackknife_se('heating_slope_change_mw_per_c') }} as heating_slope_change_mw_per_c_se,
        {{ jackknife_se('heating_slope_change_pct') }} as heating_slope_change_pct_se,
        {{ jackknife_se('heating_slope_share_change_pct_per_c') }} as heating_slope_share_change_pct_per_c_se
    from changes
    where left_out_code <> 'none'
    group by all

),

final as (

    select
        comparisons.comparison_code,
        comparisons.territory_level_code,
        comparisons.client_type_code,
        comparisons.specification_code,
        comparisons.base_territory_code,
        comparisons.base_window_code,
        comparisons.territory_code,
        comparisons.window_code,
        comparisons.is_simulated,
        cast(spreads.quarters_count as integer) as quarters_count,
        comparisons.base_heating_slope_mw_per_c,
        comparisons.base_heating_fit_status,
        comparisons.heating_slope_mw_per_c,
        comparisons.heating_fit_status,
        {% for measure in [
            'heating_slope_change_mw_per_c', 'heating_slope_change_pct', 'heating_slope_share_change_pct_per_c'
        ] -%}
        changes.{{ measure }},
        spreads.{{ measure }}_se,
        changes.{{ measure }} - student_t.quantile_975 * spreads.{{ measure }}_se as {{ measure }}_ci95_low,
        changes.{{ measure }} + student_t.quantile_975 * spreads.{{ measure }}_se as {{ measure }}_ci95_high,
        {% endfor -%}
        -- Null where an interval is missing: what was not shown is not known.
        abs(changes.heating_slope_change_mw_per_c) > student_t.quantile_975 * spreads.heating_slope_change_mw_per_c_se
            as is_change_significant,
        abs(changes.heating_slope_share_change_pct_per_c)
        > student_t.quantile_975 * spreads.heating_slope_share_change_pct_per_c_se as is_share_change_significant
    from comparisons
    {% for step in ['changes', 'spreads'] -%}
    left join {{ step }} using (
        comparison_code,
        client_type_code,
        specification_code,
        base_territory_code,
        base_window_code,
        territory_code,
        window_code
    )
    {% endfor -%}
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom
    where coalesce(changes.left_out_code, 'none') = 'none'

)

select * from final
